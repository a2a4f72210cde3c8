"""Accounts and tokens by the program."""

import subprocess
import sys

from tests.program import Run
from tracker.bootstrap import Tracker
from tracker.store import accounts, deliveries, event_log


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


def test_who_has_lost_all_ways_in_gets_a_new_link_and_hears_of_it(run: Run, with_registry_read: Tracker) -> None:
    first = run("user", "add", "anna@example.org", "--role", "editor", "--json").json["link"]

    anew = run("user", "reset", "Anna@Example.org", "--json")
    unknown = run("user", "reset", "nobody@example.org")

    assert anew.json["email"] == "anna@example.org"
    assert anew.json["link"].startswith("http://127.0.0.1:8000/reset/")
    assert anew.json["link"] != first
    assert "nobody@example.org" in unknown.err
    assert unknown.code == 2
    with with_registry_read.database.reading() as session:
        user = accounts.user_by_email(session, "anna@example.org")
        assert user
        last = event_log.history(session, f"user:{user.id}")[-1]
        notice = session.query(deliveries.DeliveryRow).one()
    assert (last.actor, last.data) == ("cli", {"changed": ["ways_in"]})
    assert (notice.sort, notice.recipient) == ("security", "anna@example.org")
    assert anew.json["link"].split("/reset/")[1] not in str(notice.payload)  # a secret is in no row


def test_the_commands_know_every_table_they_write_when_nothing_else_is_loaded() -> None:
    resolve = (
        "import tracker.cli.accounts; from tracker.store.base import Base; "
        "[key.column for table in Base.metadata.tables.values() for key in table.foreign_keys]"
    )

    done = subprocess.run([sys.executable, "-c", resolve], check=False, capture_output=True, text=True)

    assert done.stderr == ""
