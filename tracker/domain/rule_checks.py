"""Whether a rule of reminding can be kept: every fault of it, by field, before it is saved.

A rule that could never speak (round years of a trip, a lead the outlook does not have, nobody to tell) is refused like
one that cannot be read: nobody would notice its silence. Pure; which twins and chats there are, the caller says.
"""

import re
import string
from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any

from tracker.domain.access import Role
from tracker.domain.activities import Kind
from tracker.domain.occasion_rules import InvalidRule, parse_rule
from tracker.domain.occasions import OccasionKind
from tracker.domain.rules import PLACEHOLDERS, About, Audience, Choice, Lead, Rule, To, Years
from tracker.errors import FieldProblem, InvalidInput
from tracker.i18n import LANGUAGES, N_

KINDS: dict[About, tuple[str, ...]] = {
    About.OCCASION: tuple(OccasionKind),
    About.START: tuple(Kind),
    About.END: tuple(Kind),
    About.UNCONFIRMED: tuple(Kind),
}
"""What a rule may choose by kind; everything else is of one kind."""

ANSWERED_FOR = (About.START, About.END, About.AGREEMENT_END, About.STUCK_SHIPMENT, About.UNCONFIRMED)
"""What is an activity, which may have somebody who answers for it."""

OF_NO_TWIN = (About.OUTLOOK, About.DAY)
"""What is of no twin in particular, so that choosing twins would silence the rule."""

LATE_DAYS = 400
MONTHS = 240
DAYS = 999
MANY = 30
LONGEST = {"names": 200, "subject": 200, "text": 4_000}

_ADDRESS = re.compile(r"[^@\s<>,;:\"()\[\]\\]+@[^@\s<>,;:\"()\[\]\\]+")
_LONGEST_ADDRESS = 250
# What neither database nor mail takes; a text may have tabs and lines.
_UNWRITABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")

_UNKNOWN_ABOUT = N_("Nothing is known of “{value}”. Known: {known}.")
_NOT_ONE_OF = N_("“{value}” is not one of {allowed}.")
_TOO_LONG = N_("At most {most} letters.")
_TOO_MANY = N_("At most {most}.")
_BETWEEN = N_("“{value}” does not lie between {least} and {most}.")
_UNSTORABLE = N_("This holds a character that cannot be stored. Please type it anew.")
_UNKNOWN_PLACEHOLDER = N_("“{value}” is not known here. In braces may stand: {known}.")
_ONLY_A_NAME = N_("“{value}”: in braces stands a name and nothing else. Known: {known}.")
_BAD_BRACES = N_("A brace is open or closed by itself. Write {{{{ and }}}} for braces that shall be seen.")
_ONE_LINE = N_("A subject has one line.")
_BOTH = N_("Subject and text belong together. Write both, or neither for the tracker’s own words.")


def check_rule(
    document: Mapping[str, Any], twins: Collection[str] | None = None, chats: Collection[int] | None = None
) -> Rule:
    """The rule that plain values say. Raises `InvalidInput` with every fault; None of `twins` or `chats` is unasked."""
    if document["about"] not in set(About):
        raise InvalidInput.one("about", document["about"], _UNKNOWN_ABOUT, known=tuple(About))
    about = About(document["about"])
    leads, faults = _leads(document["leads"], about)
    choice = Choice.from_json(document["choice"])
    audience = [_plain(each) for each in document["audience"]]
    faults += _of_names(document["names"])
    faults += _of_choice(choice, about, twins)
    faults += _of_audience(audience, about, chats)
    faults += wording_faults(document["wording"])
    late = document["late_days"]
    if late is not None and not 0 <= late <= LATE_DAYS:
        faults.append(FieldProblem("late_days", late, _BETWEEN, {"least": 0, "most": LATE_DAYS}))
    if faults:
        raise InvalidInput(faults)
    return Rule(
        key=document["key"],
        about=about,
        leads=tuple(leads),
        audience=tuple(Audience.from_json(each) for each in audience),
        names=document["names"],
        choice=choice,
        wording=document["wording"],
        late_days=late,
        task=document["task"],
        enabled=document["enabled"],
    )


def wording_faults(wording: Mapping[str, Mapping[str, str]]) -> list[FieldProblem]:
    """Whatever in somebody's own words could not be filled in: only plain names that are known, nothing of objects."""
    faults = []
    for language, texts in wording.items():
        if language not in LANGUAGES or not set(texts) <= {"subject", "text"}:
            faults.append(FieldProblem("wording", language, _NOT_ONE_OF, {"allowed": LANGUAGES}))
            continue
        for part in ("subject", "text"):
            field, text = f"wording.{language}.{part}", texts.get(part, "")
            if not text.strip():
                faults.append(FieldProblem(field, text, _BOTH))
            faults += _of_text(field, text, LONGEST[part])
            faults += _of_braces(field, text)
        if re.search(r"[\r\n]", texts.get("subject", "")):
            faults.append(FieldProblem(f"wording.{language}.subject", texts["subject"], _ONE_LINE))
    return faults


def _of_braces(field: str, text: str) -> Iterator[FieldProblem]:
    known = tuple(f"{{{each}}}" for each in PLACEHOLDERS)
    try:
        parts = [(name, spec, how) for _, name, spec, how in string.Formatter().parse(text) if name is not None]
    except ValueError:
        yield FieldProblem(field, text, _BAD_BRACES)
        return
    for name, spec, how in parts:
        if name not in PLACEHOLDERS:
            yield FieldProblem(field, f"{{{name}}}", _UNKNOWN_PLACEHOLDER, {"known": known})
        elif spec or how:
            yield FieldProblem(field, name, _ONLY_A_NAME, {"known": known})


def _leads(texts: Sequence[str], about: About) -> tuple[list[Lead], list[FieldProblem]]:
    """The leads, each once, and what is wrong with them; a fault's field counts them from 0."""
    found: dict[Lead, None] = {}
    faults = []
    for place, text in enumerate(texts):
        field = f"leads.{place}"
        try:
            lead = Lead.parse(text)
        except InvalidInput as fault:
            faults += [FieldProblem(field, p.value, p.reason, p.values) for p in fault.problems]
            continue
        if about is not About.OCCASION and lead.years is Years.ROUND:
            faults.append(FieldProblem(field, text, N_("“{value}”: only anniversaries have round years.")))
        if about is About.OUTLOOK and lead.amount:
            faults.append(FieldProblem(field, text, N_("“{value}”: the outlook comes once, on 2 January. Write 0d.")))
        if about is About.UNCONFIRMED and lead.amount <= 0:
            reason = N_("“{value}”: whether something took place is asked afterwards. Write +3d or +2w.")
            faults.append(FieldProblem(field, text, reason))
        found[lead] = None
    if not texts:
        faults.append(FieldProblem("leads", "", N_("Say at least one time before or after.")))
    if len(texts) > MANY:
        faults.append(FieldProblem("leads", len(texts), _TOO_MANY, {"most": MANY}))
    return list(found), faults


def _of_names(names: Mapping[str, str]) -> Iterator[FieldProblem]:
    if not any(name.strip() for name in names.values()):
        yield FieldProblem("names", "", N_("A rule needs a name in at least one language."))
    for language, name in names.items():
        if language not in LANGUAGES:
            yield FieldProblem("names", language, _NOT_ONE_OF, {"allowed": LANGUAGES})
        yield from _of_text(f"names.{language}", name, LONGEST["names"])


def _of_choice(choice: Choice, about: About, twins: Collection[str] | None) -> Iterator[FieldProblem]:
    if choice.twins and about in OF_NO_TWIN:
        yield FieldProblem("twins", ", ".join(choice.twins), N_("“{value}”: this is of no twin city in particular."))
    for slug in choice.twins:
        if twins is not None and slug not in twins:
            yield FieldProblem("twins", slug, N_("“{value}” is not a twin city known here."))
    allowed = KINDS.get(about, ())
    for kind in choice.kinds:
        if not allowed:
            yield FieldProblem("kinds", kind, N_("“{value}”: this rule has no kinds to choose from."))
        elif kind not in allowed:
            yield FieldProblem("kinds", kind, _NOT_ONE_OF, {"allowed": allowed})
    if about is About.DAY:
        try:
            parse_rule(choice.day)
        except InvalidRule as fault:
            yield fault.problem("day")
    if about is About.SILENT_TWIN and not 1 <= choice.months <= MONTHS:
        yield FieldProblem("months", choice.months, _BETWEEN, {"least": 1, "most": MONTHS})
    if about is About.STUCK_SHIPMENT and not 1 <= choice.days <= DAYS:
        yield FieldProblem("days", choice.days, _BETWEEN, {"least": 1, "most": DAYS})


def _of_audience(
    audience: Sequence[Mapping[str, str]], about: About, chats: Collection[int] | None
) -> Iterator[FieldProblem]:
    if not audience:
        yield FieldProblem("audience", "", N_("Say whom to tell: nobody is named."))
    elif about not in ANSWERED_FOR and all(each["to"] == To.RESPONSIBLE for each in audience):
        reason = N_("Only an activity has somebody who answers for it. Name others here.")
        yield FieldProblem("audience", To.RESPONSIBLE.value, reason)
    if len(audience) > MANY:
        yield FieldProblem("audience", len(audience), _TOO_MANY, {"most": MANY})
    for place, each in enumerate(audience):
        field, value = f"audience.{place}", each["value"]
        if each["language"] not in ("", *LANGUAGES):
            yield FieldProblem(field, each["language"], _NOT_ONE_OF, {"allowed": LANGUAGES})
        match each["to"]:
            case To.ROLE if value not in set(Role):
                yield FieldProblem(field, value, _NOT_ONE_OF, {"allowed": tuple(Role)})
            case To.ADDRESS if not _ADDRESS.fullmatch(value) or len(value) > _LONGEST_ADDRESS:
                yield FieldProblem(field, value, N_("“{value}” is not an e-mail address."))
            case To.CHAT if not value.isdecimal() or (chats is not None and int(value) not in chats):
                yield FieldProblem(field, value, N_("There is no chat “{value}”."))
            case to if to not in set(To):
                yield FieldProblem(field, to, _NOT_ONE_OF, {"allowed": tuple(To)})


def _of_text(field: str, text: str, most: int) -> Iterator[FieldProblem]:
    if len(text) > most:
        yield FieldProblem(field, text, _TOO_LONG, {"most": most})
    if _UNWRITABLE.search(text):
        yield FieldProblem(field, "", _UNSTORABLE)


def _plain(audience: Mapping[str, str]) -> dict[str, str]:
    """One to be told, in full; an address is one however it is written."""
    value = audience.get("value", "").strip()
    to = audience["to"]
    return {
        "to": to,
        "value": value.lower() if to == To.ADDRESS else value,
        "language": audience.get("language", ""),
    }
