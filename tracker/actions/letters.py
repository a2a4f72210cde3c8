"""Letters of greeting: begun from a template or from last year's, kept as a draft, sent once.

Sending is one commit: the letter is sent, its mail stands among the deliveries, an activity is logged, the task done.
A draft leaves no event; nothing has happened yet.
"""

import dataclasses
import datetime as dt
import re
from collections.abc import Mapping
from email.errors import MessageError
from typing import Any
from zoneinfo import ZoneInfo

from tracker.actions import tasks
from tracker.actions.activities import record_within
from tracker.domain.activities import ActivityContent, Direction, Kind, Side, Status, Visibility
from tracker.domain.deliveries import Channel, DeliveryStatus, Sort
from tracker.domain.events import EventType
from tracker.domain.greetings import Standing, Template, standing_on
from tracker.domain.occasions import Occurrence
from tracker.domain.partners import in_office
from tracker.domain.reminders import title_of_occurrence
from tracker.domain.rules import About
from tracker.domain.tasks import LetterStatus, TaskStatus
from tracker.domain.twins import Twin
from tracker.errors import Conflict, FieldProblem, InvalidInput, NotFound
from tracker.i18n import LANGUAGES, N_, gettext
from tracker.intake.json import activity_content
from tracker.outputs import greeting, mail
from tracker.store import accounts, bounces, deliveries, matters, organisation, partners
from tracker.store import rules as rule_store
from tracker.store import tasks as store
from tracker.store import twins as twin_store
from tracker.store.unit_of_work import Database, Unit

_LONGEST = {"recipient": 255, "addressee": 1_000, "sender": 1_000, "subject": 200, "body": 20_000}
_ADDRESS = re.compile(r"[^@\s<>,;]+@[^@\s<>,;]+")
_CONTROLS = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ufffe\uffff\ud800-\udfff]")
"""What neither a mail nor a DOCX may hold."""


@dataclasses.dataclass(frozen=True)
class Wording:
    """What a letter says, to whom and from whom; `recipient` is a mail address, empty where it is posted."""

    language: str
    addressee: str
    sender: str
    subject: str
    body: str
    recipient: str = ""


@dataclasses.dataclass(frozen=True)
class Desk:
    """What somebody needs in front of them to write a letter. `letter` is None until a draft has been kept."""

    task: store.TaskRow
    come: Occurrence
    twin: Twin
    standing: Standing
    wording: Wording
    letter: store.LetterRow | None
    former: store.LetterRow | None
    """The last one to this twin of a year before."""
    delivery: deliveries.DeliveryRow | None
    returned: str
    """Why its mail did not arrive; empty where it did, as far as anybody knows."""

    @property
    def sent(self) -> bool:
        """Whether it has gone out, and has not come back to be sent to another address."""
        return self.letter is not None and self.letter.status == LetterStatus.SENT.value and not self.returned


def desk(
    database: Database, task_id: int, slug: str, user_id: int, today: dt.date, language: str = "", *, anew: bool = False
) -> Desk:
    """The letter to a twin as it stands. Without a draft, or `anew`: begun from the template of that language.

    An empty `slug` is the first twin of the occasion, an empty `language` the twin's own. Raises `NotFound` for a task
    that is not about an occasion of this twin.
    """
    with database.reading() as session:
        place = _Place.of(session, task_id, slug)
        letter = store.letter_of(session, task_id, place.twin.slug)
        former = store.former_letter(session, place.twin.slug, place.task.year)
        sent_by = session.get(deliveries.DeliveryRow, letter.delivery_id) if letter and letter.delivery_id else None
        standing = standing_on(place.twin, today)
        returned = _returned(session, sent_by)
        gone = letter is not None and letter.status == LetterStatus.SENT.value and not returned
        if letter is not None and (gone or not anew):
            wording = Wording(**{field.name: getattr(letter, field.name) for field in dataclasses.fields(Wording)})
        else:
            wording = _begun(session, place, former, standing, user_id, language, today)
        return Desk(place.task, place.come, place.twin, standing, wording, letter, former, sent_by, returned)


def save(
    database: Database, task_id: int, slug: str, version: int, wording: Wording, user_id: int, now: dt.datetime
) -> None:
    """Keep a draft; `version` 0: the first. Raises `InvalidInput`, or `Conflict` where it was changed or sent."""
    with database.unit(f"user:{user_id}", now) as unit:
        place = _Place.of(unit.session, task_id, slug)
        tasks.current(unit, task_id, None, user_id, done=True)
        _keep(unit, place, version, _checked(wording), user_id)


def send(
    database: Database,
    task_id: int,
    slug: str,
    version: int,
    wording: Wording,
    user_id: int,
    now: dt.datetime,
    letterhead: mail.Letterhead | None,
) -> None:
    """Send a letter by mail, or say that it was posted (no `letterhead`): once, and then the task is done.

    A mail that was given up or came back may be sent once more, to another address, or posted; nothing is logged a
    second time.
    """
    with database.unit(f"user:{user_id}", now) as unit:
        place = _Place.of(unit.session, task_id, slug)
        task = tasks.current(unit, task_id, None, user_id, done=True)
        user = unit.session.get_one(accounts.UserRow, user_id)
        letter = _keep(unit, place, version, _checked(wording, by_mail=letterhead is not None), user_id)
        unit.session.flush()
        # Posted after its mail was given up, it has gone out all the same.
        letter.delivery_id = _queue(unit, letter, letterhead, user.email).id if letterhead else None
        if letter.status == LetterStatus.DRAFT.value:
            today = now.astimezone(ZoneInfo(user.timezone)).date()
            letter.activity_id = record_within(unit, _activity(place, letter, today))
        letter.status, letter.sent_at = LetterStatus.SENT.value, now
        after = {
            "task": task.id,
            "twin": letter.twin,
            "language": letter.language,
            "by": "mail" if letterhead else "post",
            "activity": str(letter.activity_id),
        }
        unit.append(EventType.LETTER_SENT, f"letter:{letter.id}", {"before": {}, "after": after})
        if task.status != TaskStatus.DONE.value:
            tasks.mark_done(unit, task, user_id)


@dataclasses.dataclass(frozen=True)
class _Place:
    """What a letter is about and to whom."""

    task: store.TaskRow
    come: Occurrence
    twin: Twin
    twins: Mapping[str, Twin]

    @classmethod
    def of(cls, session: Any, task_id: int, slug: str) -> "_Place":
        task = session.get(store.TaskRow, task_id)
        rule = next((r for r in rule_store.rules(session) if r.key == task.rule), None) if task else None
        if task is None or rule is None or rule.about is not About.OCCASION:
            raise NotFound(N_("There is no letter for this."))
        matter = matters.find(matters.Sources.of(session), rule, task.subject, task.year)
        twins = twin_store.load_all(session)
        slugs = [known for known in (matter.twins if matter else ()) if known in twins and slug in ("", known)]
        if matter is None or not slugs:
            raise NotFound(N_("There is no letter for this."))
        return cls(task, matter.comes[0], twins[slugs[0]], twins)


def _begun(
    session: Any,
    place: _Place,
    former: store.LetterRow | None,
    standing: Standing,
    user_id: int,
    language: str,
    today: dt.date,
) -> Wording:
    known = [tongue.tag for tongue in greeting.languages_for(place.come)]
    tag = language if language in known else greeting.language_for(place.twin.slug, place.come)
    own = session.get(store.LetterTemplateRow, (tag, standing.value))
    user = session.get_one(accounts.UserRow, user_id)
    draft = greeting.begin(
        place.come,
        place.twin,
        place.twins,
        tag,
        standing,
        Template(own.subject, own.body, own.version) if own else None,
        name=user.name,
        sender=organisation.current(session).block(tag) or store.last_sender(session, tag),
    )
    named = _in_office(session, place.twin, standing, today)
    addressee = "\n".join(filter(None, (named, draft.addressee)))
    wording = Wording(tag, addressee, draft.sender, draft.subject, draft.body)
    if former is None or former.sent_at is None or standing_on(place.twin, former.sent_at.date()) is not standing:
        return wording
    # Last year's words are kept, unless somebody else is in office by now.
    still = former.language == tag and named.partition("\n")[0] in former.addressee
    addressee = former.addressee if still else wording.addressee
    return dataclasses.replace(wording, addressee=addressee, recipient=former.recipient)


def _in_office(session: Any, twin: Twin, standing: Standing, day: dt.date) -> str:
    """Who is in office in a city that day, by name and office, where its officials are written to; empty if unknown."""
    if standing is not Standing.NORMAL:
        return ""
    people = [row.to_value() for row in partners.officeholders(session, twin.slug)]
    known = [one for one in in_office(people, day) if one.start]
    return f"{known[0].name}\n{known[0].office}" if known else ""


def _keep(unit: Unit, place: _Place, version: int, wording: Wording, user_id: int) -> store.LetterRow:
    """The row with these words, held until the commit; its version and what became of its mail are looked at first."""
    letter = store.letter_of(unit.session, place.task.id, place.twin.slug, lock=True)
    if letter is not None and letter.status == LetterStatus.SENT.value:
        known = unit.session.get(deliveries.DeliveryRow, letter.delivery_id) if letter.delivery_id else None
        if not _returned(unit.session, known):
            raise Conflict(N_("This letter has been sent already."), current=letter.version)
    if (letter.version if letter else 0) != version:
        raise Conflict(N_("Somebody else changed this meanwhile. Please look at the new version first."))
    if letter is None:
        letter = store.LetterRow(
            version=0,
            task_id=place.task.id,
            twin=place.twin.slug,
            year=place.task.year,
            status=LetterStatus.DRAFT.value,
        )
        unit.session.add(letter)
    for name, value in dataclasses.asdict(wording).items():
        setattr(letter, name, value)
    letter.version, letter.user_id, letter.changed_at = version + 1, user_id, unit.now
    return letter


def _checked(wording: Wording, *, by_mail: bool = False) -> Wording:
    """The wording without what no letter may hold; `InvalidInput` lists every fault."""
    texts = {name: _CONTROLS.sub("", text).strip() for name, text in dataclasses.asdict(wording).items()}
    texts["subject"] = " ".join(texts["subject"].split())
    problems = [
        FieldProblem(name, f"{texts[name][:40]}…", N_("At most {most} letters."), {"most": most})
        for name, most in _LONGEST.items()
        if len(texts[name]) > most
    ]
    empty = N_("This must not be empty.")
    problems += [FieldProblem(name, "", empty) for name in ("sender", "subject", "body") if not texts[name]]
    if (by_mail or texts["recipient"]) and not _ADDRESS.fullmatch(texts["recipient"]):
        problems.append(FieldProblem("recipient", texts["recipient"], N_("“{value}” is not an e-mail address.")))
    if texts["language"] not in greeting.tongues():
        known = tuple(greeting.tongues())
        problems.append(
            FieldProblem("language", texts["language"], N_("“{value}” is not one of {allowed}."), {"allowed": known})
        )
    if problems:
        raise InvalidInput(problems)
    return Wording(**texts)


def _queue(unit: Unit, letter: store.LetterRow, letterhead: mail.Letterhead, reply_to: str) -> deliveries.DeliveryRow:
    """Its mail, among the deliveries. The key is unique: what two people send at once leaves once."""
    again = letter.status == LetterStatus.SENT.value
    key = f"letter:{letter.id}:{letter.version}" if again else f"letter:{letter.id}"
    try:
        written = mail.write_personal(
            letter.subject,
            _text(letter),
            letterhead,
            key=key,
            language=letter.language,
            house=_house(letter),
            reply_to=reply_to,
            to=letter.recipient,
        )
    except (ValueError, MessageError) as fault:
        raise InvalidInput.one("recipient", letter.recipient, N_("“{value}” is not an e-mail address.")) from fault
    delivery = deliveries.DeliveryRow(
        key=key,
        sort=Sort.LETTER.value,
        channel=Channel.MAIL.value,
        recipient=written.to,
        subject=written.subject,
        payload=mail.payload_of(written),
        status=DeliveryStatus.QUEUED.value,
        next_try_at=unit.now,
        created_at=unit.now,
    )
    unit.session.add(delivery)
    unit.session.flush()
    return delivery


def _activity(place: _Place, letter: store.LetterRow, today: dt.date) -> ActivityContent:
    """What the sending is logged as: nothing that has anniversaries of its own, and nobody is named."""
    titles = {language: title_of_occurrence(place.come, language, place.twins) for language in LANGUAGES}
    document = {
        "kind": Kind.MILESTONE,
        "subtype": "message",
        "status": Status.HELD,
        "title": {tag: gettext(tag, N_("Letter of greeting: {title}"), title=title) for tag, title in titles.items()},
        "twins": [place.twin.slug],
        "direction": Direction.FROM_HUB,
        "start": today.isoformat(),
        "visibility": Visibility.MEMBERS,
        "organisers": [{"name": _house(letter), "side": Side.HUB}],
        "details": {"remembered": False},
    }
    return activity_content(document)


def _house(letter: store.LetterRow) -> str:
    """The house in one line."""
    return letter.sender.split("\n")[0].strip()


def _text(letter: store.LetterRow) -> str:
    """What the mail says. On paper the house's address stands at the head; here it ends the letter."""
    address = "\n".join(line.strip() for line in letter.sender.split("\n")[1:])
    return f"{letter.body}\n\n{address}\n" if address.strip() else f"{letter.body}\n"


def _returned(session: Any, delivery: deliveries.DeliveryRow | None) -> str:
    """What was said when its mail was given up, or came back for good after the server had taken it."""
    if delivery is None:
        return ""
    if delivery.status == DeliveryStatus.FAILED.value:
        return delivery.last_error or delivery.status
    back = [bounce for bounce in bounces.of_deliveries(session, [delivery.id]).get(delivery.id, ()) if bounce.hard]
    return back[-1].said or back[-1].code if back else ""
