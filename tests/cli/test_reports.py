"""`tracker report`: each form into a file, and what is wrong told with exit code 2."""

import json
from pathlib import Path

import pytest

from tests.program import Run


@pytest.mark.parametrize(
    ("form", "begins"),
    [("json", b"{"), ("csv", b""), ("xlsx", b"PK"), ("html", b"<!doctype html>"), ("hxl", b"")],
)
def test_a_year_is_written_into_a_file(run: Run, tmp_path: Path, form: str, begins: bytes) -> None:
    file = tmp_path / f"report.{form}"

    done = run("report", "2018", "--format", form, "--lang", "de", "-o", str(file))

    assert (done.code, done.out) == (0, "")
    assert file.read_bytes().startswith(begins)
    assert file.stat().st_size > 100


def test_the_figures_of_a_twins_year_are_json(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "cologne.json"

    done = run("report", "2017", "--twin", "cologne", "--for", "town", "--format", "json", "-o", str(file), "--json")

    written = json.loads(file.read_text())
    assert json.loads(done.out)["period"] == "2017"
    assert written["reader"] == "town"
    assert written["figures"]["scope"]["twins"] == ["cologne"]
    assert written["figures"]["activities"]["held"]["now"] == 4


def test_an_edition_is_frozen_by_choice(run: Run, tmp_path: Path) -> None:
    arguments = ("report", "2018", "--format", "json", "--edition", "-o", str(tmp_path / "x.json"), "--json")

    first, second = (json.loads(run(*arguments).out) for _ in range(2))

    assert (first["edition"], second["edition"]) == ("2018-1", "2018-2")
    assert json.loads((tmp_path / "x.json").read_text())["hash"] == second["sha256"]


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("soon",), "soon"),
        (("2019..2018",), "2019..2018"),
        (("2018", "--twin", "atlantis"), "atlantis"),
        (("2018", "--for", "nobody"), "members"),
        (("2018", "--lang", "fr"), "fr"),
        (("2018", "--lang", "de,en,ru"), "2"),
        (("2018", "--format", "iati"), "IATI"),
        (("2018", "-o", "/no/such/folder/report.json", "--edition"), "/no/such/folder/report.json"),
    ],
)
def test_what_is_wrong_is_told_and_nothing_written(
    run: Run, tmp_path: Path, arguments: tuple[str, ...], told: str
) -> None:
    usual = {"--format": "json", "-o": str(tmp_path / "x")}
    done = run("report", *arguments, *(word for name in usual.keys() - {*arguments} for word in (name, usual[name])))

    assert done.code == 2
    assert told in done.err
    assert not (tmp_path / "x").exists()
