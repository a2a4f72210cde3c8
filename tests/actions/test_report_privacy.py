"""What somebody may not see is in no form of a report that they can get, in no part of it and in no metadata (R12).

Markers are planted in every field of activities that a report may not tell, in activities that are too confidential,
and in what staff wrote for other readers; then every form is searched, unpacked where it is packed.
"""

import io
import re
import subprocess
import zipfile
from uuid import uuid4

import pytest

from tests.calendars import COLOGNE, put_twin, record
from tests.conftest import missing
from tests.pictures import PDF
from tests.reports import asked, named, put_readers
from tracker.actions.dossiers import keep_dossier
from tracker.actions.drafts import KeepDraft, keep_draft
from tracker.actions.files import attach_file
from tracker.actions.partners import add_partner
from tracker.actions.report_texts import save_text
from tracker.actions.reports import draft, rendered
from tracker.actions.users import NewUser, add_user
from tracker.bootstrap import Tracker
from tracker.domain.access import Role, visible_to
from tracker.domain.activities import Visibility
from tracker.domain.commands import Actor, KeepDossier
from tracker.domain.dossiers import Private
from tracker.domain.editions import Form, canonical
from tracker.domain.files import Consent, Said
from tracker.domain.partners import Contact
from tracker.domain.report_places import Place
from tracker.domain.report_readers import SectionName
from tracker.gateways.files import MemoryFiles
from tracker.intake.files import take

PRIVATE = ("NEVERGUEST", "NEVERINTERPRETER", "NEVERGIFT", "NEVERPHONE", "NEVEREMERGENCY", "NEVERDRAFT", "NEVERSHOWN",
           "NEVERPERSON")  # fmt: skip
"""What stands beside the activities: dossiers, drafts, consents, how an organisation is reached."""
NEVER = (*PRIVATE, "NEVERNOTE", "NEVERSOURCE", "neverresponsible", "NEVERCOUNTNOTE", "NEVERMONEYNOTE", "NEVERQUANTITY")
"""What belongs to no report, whoever reads it."""
ROLES = (Role.READER, Role.EDITOR, Role.ADMINISTRATOR)
ALLOWED = {
    **{("town", role): {Visibility.PUBLIC} for role in ROLES},
    **{("members", role): {Visibility.PUBLIC, Visibility.MEMBERS} for role in ROLES},
    ("board", Role.READER): {Visibility.PUBLIC, Visibility.MEMBERS},
    ("board", Role.EDITOR): {Visibility.PUBLIC, Visibility.MEMBERS, Visibility.STAFF},
    ("board", Role.ADMINISTRATOR): set(Visibility),
}
"""What a report may hold, said here once more and by hand: the rule itself is what is tested."""


def mark(level: Visibility) -> str:
    return f"SEEN{level.name}"


@pytest.fixture
def planted(tracker: Tracker) -> Tracker:
    """An activity of each visibility, of each kind that money, goods and people hang on, with markers all over it."""
    put_twin(tracker, COLOGNE)
    put_readers(tracker)
    named(tracker)
    add_user(tracker.database, NewUser("neverresponsible@example.org", "administrator"), "system", tracker.clock())
    for level in Visibility:
        for kind in ("exchange", "aid_shipment"):
            record(
                tracker,
                kind=kind,
                status="held",
                visibility=level.value,
                start="2018-05-03",
                title={"en": f"Title {mark(level)}"},
                description={"en": f"Text {mark(level)}"},
                place=f"Place {mark(level)}",
                leaders=[{"name": f"Leader {mark(level)}", "office": "Mayor"}],
                organisers=[{"name": f"Partner {mark(level)}", "side": "twin"}],
                counts=[{"of": f"of {mark(level)}", "value": 7, "note": "NEVERCOUNTNOTE"}],
                money=[{"amount": "10.00", "currency": "EUR", "role": "donation", "funder": f"Funder {mark(level)}",
                        "note": "NEVERMONEYNOTE"}],
                goods=[{"description": f"Goods {mark(level)}", "weight_kg": "5", "package": f"Box {mark(level)}",
                        "descriptions": {"de": f"Ware {mark(level)}"}}],
                quantity_note="NEVERQUANTITY",
                note="NEVERNOTE",
                responsible="neverresponsible@example.org",
                sources=[{"text": "NEVERSOURCE", "url": "https://example.org/NEVERSOURCE"}],
            )  # fmt: skip
    _plant_private(tracker)
    for reader in ("members", "town", "board"):
        place = Place(period="2018", reader=reader, section=SectionName.HIGHLIGHTS)
        save_text(tracker.database, place, "en", f"WRITTENFOR{reader.upper()}", 0, Actor("user:1"), tracker.clock())
    return tracker


def _plant_private(tracker: Tracker) -> None:
    """Beside a visit that everybody may see."""
    database, me, now = tracker.database, Actor("system"), tracker.clock()
    visit = record(tracker, status="held", visibility="public", start="2018-05-04", title={"en": "Visit"})
    private = Private.model_validate({
        "meetings": [{"item": "one", "guests": "NEVERGUEST", "interpreter": "NEVERINTERPRETER"}],
        "gifts": [{"what": "NEVERGIFT"}], "contacts": [{"name": "Anna", "phone": "NEVERPHONE", "shared": True}],
        "emergencies": [{"what": "NEVEREMERGENCY", "number": "112"}],
    })  # fmt: skip
    keep_dossier(database, KeepDossier(visit.id, {}, private, 1, 0), me, now)
    user = add_user(database, NewUser("writer@example.org", "editor"), "system", now)
    keep_draft(database, user.id, KeepDraft(uuid4(), "festival", None, {"title.en": ["NEVERDRAFT"]}), me, now)
    said = Said(licence="own", consent=Consent.GIVEN, visibility=Visibility.PUBLIC, shown_people="NEVERSHOWN")
    attach_file(database, MemoryFiles(), f"activity:{visit.id}", take("a.pdf", PDF), said, me, now)
    add_partner(database, Contact(twin="cologne", name="Office", person="NEVERPERSON"), me, now)


def everything_in(data: bytes, form: Form) -> str:
    """The text of a document with all that lies within: parts of a package, pages and metadata of a PDF."""
    if form in (Form.DOCX, Form.XLSX):
        with zipfile.ZipFile(io.BytesIO(data)) as package:
            return "\n".join(package.read(name).decode("utf-8", "replace") for name in package.namelist())
    if form is Form.PDF:
        return _of_pdf(data) + data.decode("latin-1")
    return data.decode()


def _of_pdf(data: bytes) -> str:
    told = ""
    for command in (["pdftotext", "-", "-"], ["pdfinfo", "-meta", "-"], ["pdfinfo", "-"]):
        try:
            told += subprocess.run(command, input=data, capture_output=True, check=True).stdout.decode()
        except FileNotFoundError as fault:
            missing("poppler-utils", fault)
    # Words are broken at the ends of lines.
    return re.sub(r"-?\n", "", told) + told


@pytest.mark.parametrize("slug", ["town", "members", "board"])
def test_no_form_holds_what_its_reader_or_its_maker_may_not_see(planted: Tracker, slug: str) -> None:
    leaks, silent = [], []

    for role in ROLES:
        wanted = asked(planted, slug, role)
        frozen = draft(planted.database, wanted, whole=True)
        seen = ALLOWED[slug, role]
        for form in Form:
            text = everything_in(rendered(planted.database, frozen, form, ("en", "de")), form)
            leaks += [(role, form, word) for word in NEVER if word.lower() in text.lower()]
            leaks += [(role, form, mark(level)) for level in Visibility if mark(level) in text and level not in seen]
            silent += [(role, form)] if mark(Visibility.PUBLIC) not in text else []
            leaks += [(role, form, word) for word in _not_written_for(slug, role) if word in text]
        text = canonical(frozen).decode()
        leaks += [(role, "frozen", word) for word in NEVER if word.lower() in text.lower()]
        leaks += [(role, "frozen", mark(level)) for level in Visibility if mark(level) in text and level not in seen]

    assert leaks == []
    assert silent == []


def _not_written_for(slug: str, role: Role) -> list[str]:
    """Texts of other readers, and those of this one where its report is not wholly for this role."""
    levels = {"town": Visibility.PUBLIC, "members": Visibility.MEMBERS, "board": Visibility.CONFIDENTIAL}
    return [
        f"WRITTENFOR{other.upper()}"
        for other, level in levels.items()
        if other != slug or level not in visible_to(role)
    ]
