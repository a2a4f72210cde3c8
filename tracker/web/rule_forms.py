"""A rule of reminding as its form says it, and back: times in rows, people as ticks and addresses, texts by language.

Inputs are named as the fields of a rule's faults are (`leads.0`), so that each fault stands beside its input.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from werkzeug.datastructures import MultiDict

from tracker.domain.rule_checks import KINDS
from tracker.domain.rules import About, Audience, Choice, Lead, Rule, Span, To, Years
from tracker.errors import FieldProblem
from tracker.i18n import LANGUAGES, N_
from tracker.web.forms import Filled, Tree, in_order, submitted

BEFORE, AFTER = "before", "after"

SPANS = {Span.DAYS: N_("days"), Span.WEEKS: N_("weeks"), Span.MONTHS: N_("months")}
SIDES = {BEFORE: N_("before"), AFTER: N_("after")}

_NUMBER = N_("“{value}” is not a whole number. Write it in digits only, such as 12.")
_NUMBER_OF: dict[About, str] = {About.SILENT_TWIN: "months", About.STUCK_SHIPMENT: "days"}
_DEFAULTS = Choice()


def submitted_rule(form: MultiDict[str, str]) -> Filled:
    """What was typed, with rows that were left blank dropped."""
    filled = submitted(form)
    filled.tree["leads"] = _rows(filled.tree.get("leads"), "amount")
    filled.tree["addresses"] = _rows(filled.tree.get("addresses"), "value")
    for name in ("kinds", "to"):
        filled.tree[name] = form.getlist(name)
    return filled


def blank(about: About) -> Filled:
    """The form of a new rule, filled with what is most often wanted."""
    afterwards = about in (About.UNCONFIRMED, About.STUCK_SHIPMENT, About.END)
    lead = {"amount": "14", "span": Span.DAYS.value, "side": AFTER if afterwards else BEFORE}
    number = {name: str(getattr(_DEFAULTS, name)) for name in ("months", "days")}
    return Filled({"leads": [lead], "to": [To.FOLLOWERS.value], "twins": [], "kinds": [], **number})


def shown_rule(rule: Rule) -> Filled:
    """The form that shows a rule."""
    people = [each for each in rule.audience if each.to is not To.ADDRESS]
    return Filled(
        {
            "names": dict(rule.names),
            "leads": [_typed_lead(lead) for lead in rule.leads],
            "to": [_tick(each) for each in people],
            "addresses": [
                {"value": each.value, "language": each.language} for each in rule.audience if each.to is To.ADDRESS
            ],
            "twins": list(rule.choice.twins),
            "kinds": list(rule.choice.kinds),
            "day": rule.choice.day,
            "months": str(rule.choice.months),
            "days": str(rule.choice.days),
            "wording": {language: dict(texts) for language, texts in rule.wording.items()},
            "late_days": "" if rule.late_days is None else str(rule.late_days),
            "task": "1" if rule.task else "",
        }
    )


@dataclass
class Document:
    """A form as a rule's plain values; `faults` are those of numbers, which stand as 0 in the values meanwhile."""

    values: dict[str, Any]
    faults: list[FieldProblem] = field(default_factory=list)


def document_of(filled: Filled, about: About, key: str) -> Document:
    """The rule that a form says, not looked at further."""
    reader = _Reader(filled.tree)
    values = {
        "key": key,
        "about": about.value,
        "names": reader.texts("names"),
        "leads": ["0d"] if about is About.OUTLOOK else reader.leads(),
        "audience": reader.audience(),
        "choice": reader.choice(about),
        "wording": reader.wording(),
        "late_days": reader.number("late_days") if filled.value("late_days") else None,
        "task": bool(filled.value("task")),
        "enabled": True,
    }
    return Document(values, reader.faults)


def faults_by_input(faults: Iterable[FieldProblem], filled: Filled) -> dict[str, FieldProblem]:
    """The faults under the inputs they belong to; of several for one input the first."""
    ticked = len(filled.tree["to"])
    found: dict[str, FieldProblem] = {}
    for fault in faults:
        name, _, place = fault.field.partition(".")
        if name == "leads" and place.isdecimal():
            at = f"leads.{place}.amount"
        elif name == "audience" and place.isdecimal() and int(place) >= ticked:
            at = f"addresses.{int(place) - ticked}.value"
        else:
            at = "audience" if name == "audience" else fault.field
        found.setdefault(at, fault)
    return found


class _Reader:
    """Reads the tree of a form whose names anybody may have sent: what has another shape counts as left blank."""

    def __init__(self, tree: Tree) -> None:
        self.tree = tree
        self.faults: list[FieldProblem] = []

    def texts(self, name: str) -> dict[str, str]:
        return _texts(self.tree.get(name))

    def leads(self) -> list[str]:
        return [self._lead(place, row) for place, row in enumerate(self.tree["leads"])]

    def _lead(self, place: int, row: Mapping[str, str]) -> str:
        amount = self.number(f"leads.{place}.amount", row.get("amount", ""))
        sign = "+" if row.get("side") == AFTER else "-"
        text = f"{sign}{amount}{row.get('span', '')}" if amount else "0d"
        return f"{text} round" if row.get("round") else text

    def audience(self) -> list[dict[str, str]]:
        ticked = [tick.partition(":") for tick in self.tree["to"]]
        people = [{"to": to, "value": value} for to, _, value in ticked]
        rows = self.tree["addresses"]
        typed = [{"value": row["value"], "language": row.get("language", "")} for row in rows]
        return [*people, *({"to": To.ADDRESS.value, **each} for each in typed)]

    def choice(self, about: About) -> dict[str, Any]:
        chosen: dict[str, Any] = {"twins": self.tree["twins"], "kinds": self.tree["kinds"] if about in KINDS else []}
        if about is About.DAY:
            chosen["day"] = str(self.tree.get("day", ""))
        if name := _NUMBER_OF.get(about):
            chosen[name] = self.number(name)
        return chosen

    def wording(self) -> dict[str, dict[str, str]]:
        """Own words of the languages that have any; a text area's lines end like everybody's."""
        given = self.tree.get("wording")
        found = {}
        for language in LANGUAGES:
            texts = _texts(given.get(language) if isinstance(given, dict) else None)
            if texts:
                found[language] = {part: texts.get(part, "").replace("\r\n", "\n") for part in ("subject", "text")}
        return found

    def number(self, name: str, text: str | None = None) -> int:
        text = str(self.tree.get(name, "")) if text is None else text
        if text.isascii() and text.isdecimal() and len(text) <= 5:
            return int(text)
        self.faults.append(FieldProblem(name, text, _NUMBER))
        return 0


def _typed_lead(lead: Lead) -> dict[str, str]:
    return {
        "amount": str(abs(lead.amount)),
        "span": lead.span.value,
        "side": AFTER if lead.amount > 0 else BEFORE,
        "round": "1" if lead.years is Years.ROUND else "",
    }


def _tick(audience: Audience) -> str:
    return f"{audience.to.value}:{audience.value}" if audience.value else audience.to.value


def _rows(rows: object, needed: str) -> list[dict[str, str]]:
    if not isinstance(rows, dict):
        return []
    return [texts for row in in_order(rows) if (texts := _texts(row)).get(needed)]


def _texts(given: object) -> dict[str, str]:
    """The texts that were typed, by name."""
    if not isinstance(given, dict):
        return {}
    return {name: text for name, text in given.items() if isinstance(text, str) and text}
