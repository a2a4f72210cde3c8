"""Accounts and tokens by the program."""

from tests.program import Run


def test_a_user_is_added_with_a_link_and_a_token_acts_for_them(run: Run) -> None:
    added = run("user", "add", "anna@example.org", "--role", "editor", "--lang", "de", "--json")
    issued = run("token", "new", "anna@example.org", "--json")

    assert added.json["link"].startswith("http://127.0.0.1:8000/")
    assert len(issued.json["token"]) >= 43  # 256 bits in base64


def test_an_address_is_taken_once(run: Run) -> None:
    run("user", "add", "anna@example.org", "--role", "editor")

    refused = run("user", "add", "Anna@example.org", "--role", "reader", LANG="de_DE.UTF-8")

    assert refused.code == 2
    assert "anna@example.org" in refused.err.lower()


def test_a_token_needs_an_account(run: Run) -> None:
    refused = run("token", "new", "nobody@example.org")

    assert refused.code == 2
    assert "nobody@example.org" in refused.err
