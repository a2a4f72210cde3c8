"""Documents from outside: right ones become values, every fault of the others is told with what would be right."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.domain.activities import Kind
from tracker.errors import FieldProblem, InvalidInput
from tracker.intake.json import activity_content

RIGHT = {"kind": "exchange", "title": {"en": "Visit"}, "twins": ["cologne"], "start": "1988-11-28"}


def faults(**fields: Any) -> dict[str, FieldProblem]:
    with pytest.raises(InvalidInput) as caught:
        activity_content({**RIGHT, **fields})
    return {problem.field: problem for problem in caught.value.problems}


def test_a_right_document_becomes_an_activity() -> None:
    content = activity_content({**RIGHT, "counts": [{"of": "pupils", "value": 12}]})

    assert content.kind is Kind.EXCHANGE
    assert content.counts[0].value == 12


def test_what_was_read_can_be_sent_back_as_it_was() -> None:
    read = {**RIGHT, "id": "5b0c", "version": 3, "created_at": "2026-01-01T00:00:00Z", "changed_at": "x"}

    assert activity_content(read) == activity_content(RIGHT)


def test_a_wrong_kind_is_told_with_all_kinds() -> None:
    problem = faults(kind="excursion")["kind"]

    assert problem.value == "excursion"
    assert problem.message() == (
        "“excursion” is not a kind of activity. Choose one of: exchange, aid_shipment, festival, delegation, milestone."
    )


def test_every_fault_is_told_at_once() -> None:
    found = faults(
        kind="excursion",
        start="1988-13",
        twins=["Köln"],
        title={"english!": "Visit"},
        counts=[{"value": "many"}, {"value": -1, "side": "left"}],
        money=[{"amount": "1.234", "currency": "eur"}],
        colour="red",
    )

    assert found.keys() == {
        "kind", "start", "twins.0", "title.english!", "counts.0.value", "counts.1.value", "counts.1.side",
        "money.0.amount", "money.0.currency", "colour",
    }  # fmt: skip
    assert found["counts.1.side"].message().endswith("Choose one of: hub, twin, both, other.")
    assert "start" in found["colour"].message()


def test_what_must_be_given_is_named() -> None:
    with pytest.raises(InvalidInput) as caught:
        activity_content({})

    assert [problem.field for problem in caught.value.problems] == ["kind", "title", "twins", "start"]


def test_details_are_checked_by_the_kind() -> None:
    found = faults(details={"legs": [{"start": "1988-13"}], "vehicles": []})

    assert "13" in found["details.legs.0.start"].message()
    assert found["details.vehicles"].message() == (
        "“vehicles” is not known here. Known: institutions, legs, plan, programme, remembered."
    )


def test_faults_of_several_fields_together_are_told_at_the_field_to_mend() -> None:
    assert faults(start="2020", end="2019").keys() == {"end"}
    assert faults(start="2020-01-01T18:00").keys() == {"timezone"}


def test_an_amount_below_its_bound_is_told_with_the_bound() -> None:
    problem = faults(kind="milestone", details={"value": "-1.10"})["details.value"]

    assert problem.message() == "“-1.10” is too small; it must be at least 0."


def test_a_long_value_is_shortened_in_the_message() -> None:
    problem = faults(kind="x" * 5000)["kind"]

    assert len(str(problem.value)) == 80
    assert len(problem.message()) < 250


@pytest.mark.parametrize("text", ["a\x00b", "\ud800"])
def test_what_no_database_can_hold_is_refused(text: str) -> None:
    problem = faults(note=text)["note"]

    assert "cannot be stored" in problem.message()
    problem.message().encode()


@pytest.mark.parametrize("document", [None, [], "text", 7])
def test_anything_but_an_object_is_refused(document: object) -> None:
    with pytest.raises(InvalidInput, match="object"):
        activity_content(document)


def test_messages_are_in_the_readers_language() -> None:
    problem = faults(kind="excursion")["kind"]

    assert problem.message("de").startswith("„excursion“ ist keine Art von Aktivität.")
    assert problem.message("ru").startswith("«excursion» — нет такого вида мероприятия.")


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)


@given(
    field=st.sampled_from(["kind", "title", "twins", "start", "end", "counts", "money", "details", "note", "x"]),
    value=JSON,
)
def test_no_document_is_too_strange_to_be_answered(field: str, value: object) -> None:
    try:
        activity_content({**RIGHT, field: value})
    except InvalidInput as fault:
        for problem in fault.problems:
            assert problem.field.split(".")[0] in (field, "")
            assert problem.message("ru").encode()
