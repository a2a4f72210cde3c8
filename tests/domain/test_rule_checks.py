"""What a rule of reminding may say: whatever could not be sent, or could never speak, is refused by its field."""

import dataclasses
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.domain.rule_checks import check_rule, wording_faults
from tracker.domain.rules import PLACEHOLDERS, About, Audience, Lead, To, fill_in
from tracker.errors import InvalidInput
from tracker.i18n import LANGUAGES

TRIP: dict[str, Any] = {
    "key": "rule-1",
    "about": "activity_start",
    "names": {"en": "Visa"},
    "leads": ["-10w"],
    "audience": [{"to": "responsible"}],
    "choice": {"kinds": ["delegation"]},
    "wording": {"en": {"subject": "{title}: visa", "text": "Apply now, {days} days are left.\n{link}"}},
    "late_days": 14,
    "task": True,
    "enabled": True,
}


def faults(**changes: Any) -> dict[str, str]:
    with pytest.raises(InvalidInput) as caught:
        check_rule(TRIP | changes, twins={"cologne"}, chats={2})
    return {problem.field: problem.message("en") for problem in caught.value.problems}


def test_a_rule_is_read_from_plain_values() -> None:
    rule = check_rule(TRIP | {"audience": [{"to": "address", "value": " Town@Example.org ", "language": "de"}]})

    assert (rule.about, rule.leads, rule.choice.kinds) == (About.START, (Lead.parse("-10w"),), ("delegation",))
    assert rule.audience == (Audience(To.ADDRESS, "town@example.org", "de"),)
    assert (rule.late_days, rule.task) == (14, True)


@pytest.mark.parametrize(
    ("changes", "field", "says"),
    [
        ({"about": "weather"}, "about", "“weather”"),
        ({"names": {"en": "  "}}, "names", "at least one language"),
        ({"names": {"en": "x" * 201}}, "names.en", "200"),
        ({"names": {"en": "a\x00b"}}, "names.en", "cannot be stored"),
        ({"leads": []}, "leads", "at least one"),
        ({"leads": ["-10w", "next week"]}, "leads.1", "“next week”"),
        ({"leads": ["-241m"]}, "leads.0", "240m"),
        ({"leads": ["-12m round"]}, "leads.0", "only anniversaries"),
        ({"about": "outlook", "leads": ["-7d"], "audience": [{"to": "followers"}], "choice": {}}, "leads.0", "0d"),
        ({"about": "unconfirmed", "leads": ["0d"]}, "leads.0", "asked afterwards"),
        ({"audience": []}, "audience", "nobody"),
        (
            {"audience": [{"to": "role", "value": "mayor"}]},
            "audience.0",
            "“mayor” is not one of reader, contributor, editor",
        ),
        ({"audience": [{"to": "address", "value": "town hall"}]}, "audience.0", "“town hall” is not an e-mail"),
        ({"audience": [{"to": "address", "value": "a@b.org\nBcc: c@d.org"}]}, "audience.0", "not an e-mail"),
        ({"audience": [{"to": "chat", "value": "3"}]}, "audience.0", "no chat “3”"),
        ({"audience": [{"to": "everybody"}]}, "audience.0", "“everybody” is not one of"),
        ({"audience": [{"to": "address", "value": "a@b.org", "language": "tlh"}]}, "audience.0", "“tlh”"),
        ({"choice": {"kinds": ["twinning"]}}, "kinds", "“twinning” is not one of exchange"),
        ({"choice": {"twins": ["cologne", "atlantis"]}}, "twins", "“atlantis”"),
        ({"about": "occasion", "choice": {}}, "audience", "Only an activity"),
        ({"about": "day", "choice": {"day": "31 March"}}, "day", "“31 March”"),
        ({"about": "day", "choice": {"day": "03-31", "twins": ["cologne"]}}, "twins", "no twin city in particular"),
        ({"about": "silent_twin", "choice": {"months": 0}}, "months", "between 1 and 240"),
        ({"about": "stuck_shipment", "choice": {"days": 1000}}, "days", "between 1 and 999"),
        ({"about": "agreement_end", "choice": {"kinds": ["exchange"]}}, "kinds", "no kinds"),
        ({"late_days": 401}, "late_days", "between 0 and 400"),
        ({"late_days": -1}, "late_days", "“-1”"),
        ({"wording": {"en": {"subject": "Visa", "text": ""}}}, "wording.en.text", "belong together"),
        ({"wording": {"en": {"subject": "a\nBcc: b", "text": "c"}}}, "wording.en.subject", "one line"),
        ({"wording": {"tlh": {"subject": "a", "text": "b"}}}, "wording", "“tlh”"),
    ],
)
def test_what_cannot_be_is_told_with_field_and_value(changes: dict[str, Any], field: str, says: str) -> None:
    told = faults(**changes)

    assert field in told
    assert says in told[field]


def test_every_fault_is_told_at_once() -> None:
    assert set(faults(names={}, leads=["soon"], audience=[], late_days=500)) == {
        "names", "leads.0", "audience", "late_days",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("{title.__class__}", "“{title.__class__}” is not known here"),
        ("{title[0]}", "“{title[0]}” is not known here"),
        ("{0}", "“{0}” is not known here"),
        ("{}", "“{}” is not known here"),
        ("{titel}", "“{titel}” is not known here. In braces may stand: {title}, {twin}"),
        ("{title!r}", "“title”: in braces stands a name and nothing else"),
        ("{days:>9999999999}", "“days”: in braces stands a name and nothing else"),
        ("{days:{title}}", "“days”: in braces stands a name and nothing else"),
        ("{title", "Write {{ and }} for braces"),
        ("title}", "Write {{ and }} for braces"),
    ],
)
def test_only_plain_known_names_may_stand_in_braces(text: str, says: str) -> None:
    told = faults(wording={"en": {"subject": "Visa", "text": text}})

    assert list(told) == ["wording.en.text"]
    assert says in told["wording.en.text"]


# Braces, names and what hides behind names, so that a text is often nearly right.
_PIECES = st.sampled_from(
    ["{", "}", "{{", "}}", "{title}", "{days}", "title", "!r", ":>9", ".__class__", "[0]", " ", "a"]
)
TEXTS = st.lists(st.one_of(_PIECES, st.characters()), min_size=1, max_size=12).map("".join)
VALUES = dict.fromkeys(PLACEHOLDERS, "{title!r}")


@given(TEXTS)
def test_a_text_is_refused_by_its_field_or_can_be_filled_in(text: str) -> None:
    told = wording_faults({"en": {"subject": "Visa", "text": text}})

    if told:
        assert {problem.field for problem in told} == {"wording.en.text"}
        assert all(problem.message(language) for problem in told for language in LANGUAGES)
    else:
        assert "<class" not in fill_in(text, VALUES)


@given(st.text(max_size=30))
def test_a_value_is_filled_in_as_it_stands(value: str) -> None:
    assert fill_in("{title}: {{{days}}}", {"title": value, "days": "3"}) == f"{value}: {{3}}"


def test_a_lead_twice_is_kept_once() -> None:
    assert check_rule(TRIP | {"leads": ["-10w", "-10W", "10w"]}).leads == (Lead.parse("-10w"),)


def test_what_was_checked_can_be_checked_again() -> None:
    rule = check_rule(TRIP)

    again = check_rule(
        {
            **dataclasses.asdict(rule),
            "about": rule.about.value,
            "leads": [str(lead) for lead in rule.leads],
            "audience": [each.to_json() for each in rule.audience],
            "choice": rule.choice.to_json(),
        }
    )

    assert again == rule
