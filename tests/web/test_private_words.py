"""What is kept for those on a journey, for staff or for its writer alone comes out at no other address (R12).

A word is planted in every such field, all of them about one activity and one city that everybody may see: so nothing
but the field's own rule hides it. Then every page, feed and answer that somebody else may ask for is searched, and the
event log, which tells that something changed and never what.
"""

import itertools
import re
from collections.abc import Iterator
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import select

from tests.calendars import choice, content, sent, settle, subscribed
from tests.pictures import PDF
from tests.reports import put_readers, reader
from tests.web.conftest import Pages
from tests.web.test_who_sees_what import routes, words_unpacked
from tracker.actions.activities import record_activity
from tracker.actions.dossiers import keep_dossier
from tracker.actions.drafts import KeepDraft, keep_draft
from tracker.actions.files import attach_file
from tracker.actions.partners import add_partner
from tracker.actions.tokens import issue_token
from tracker.actions.users import NewUser, add_user
from tracker.domain.activities import Activity, Visibility
from tracker.domain.commands import Actor, KeepDossier, RecordActivity
from tracker.domain.dossiers import Private
from tracker.domain.files import Consent, Said
from tracker.domain.partners import Contact, Officeholder
from tracker.gateways.files import MemoryFiles
from tracker.intake.files import take
from tracker.store import accounts
from tracker.store.event_log import EventRow

DOSSIER = Private.model_validate({
    "meetings": [{"item": "one", "guests": "zqguests", "hosts": "zqhosts", "interpreter": "zqinterpreter",
                  "languages": "zqlanguages", "note": "zqmeeting"}],
    "stays": [{"name": "zqstay", "address": "zqbed", "who": "zqsleeper", "start": "2027-03-26"}],
    "gifts": [{"what": "zqgift", "whom": "zqwhom", "note": "zqgiftnote"}],
    "todos": [{"what": "zqtodo", "who": "zqdoer"}],
    "contacts": [{"name": "zqcontact", "role": "zqrole", "phone": "zqphone", "email": "zqmail", "shared": True}],
    "emergencies": [{"what": "zqemergency", "number": "zqnumber", "note": "zqhelp"}],
    "note": "zqdossier",
})  # fmt: skip
GOODS = {
    "description": "zqgoods",
    "descriptions": {"de": "zqware", "ru": "zqgruz"},
    "package": "zqbox",
    "unit": "zqunit",
}
CONTACT = {"person": "zqperson", "email": "zqoffice@example.org", "phone": "zqtelephone", "note": "zqcontactnote"}
MARKER = re.compile(r"zq[a-z]+")
LETS_OUT = ("/static", "/login", "/logout", "/reset", "/admin/", "/api/v1/docs", "/account", "/help", "/hooks",
            "/live", "/reports", "/healthz", "/readyz", "/bootstrap", "/fs-static", "/map/land",
            "/unsubscribe", "/verify")  # fmt: skip
"""Where nothing of a city or an activity stands, or administrators alone come; reports are asked for by the API."""
PEOPLE = {"reader": (), "coventry-editor": ("coventry",)}
"""Who may not see them: readers, and an editor of another city."""


class Planted:
    """A house with all of it."""

    def __init__(self, pages: Pages) -> None:
        self.pages, self.tracker = pages, pages.tracker
        self.database, self.now = pages.tracker.database, pages.tracker.clock()
        new = NewUser("coventry-editor@example.org", "editor", "C", "en", twins=PEOPLE["coventry-editor"])
        add_user(self.database, new, "system", self.now)
        put_readers(self.tracker, reader("board", sections=[{"name": n} for n in ("highlights", "activities", "aid")]))
        with self.database.reading() as session:
            editor = accounts.user_by_email(session, "editor@example.org")
            assert editor
        self.editor = Actor(f"user:{editor.id}")
        self.visit = self._visit()
        told = {"kind": "aid_shipment", "twins": ["kemi"], "start": "2026-08-05", "status": "held"}
        self.cargo = self._record(title={"en": "Aid"}, visibility="staff", goods=[GOODS], **told)
        self.draft = uuid4()
        fields = {"title.en": ["zqdraft"], "note": ["zqdraftnote"]}
        keep_draft(self.database, editor.id, KeepDraft(self.draft, "festival", None, fields), self.editor, self.now)
        self.files = [str(self._file(said)) for said in FILES]
        contact = Contact(twin="kemi", name="Kemi town hall", **CONTACT)
        self.contact = add_partner(self.database, contact, self.editor, self.now)
        office = Officeholder(twin="kemi", name="The mayor of Kemi", office="Mayor", note="zqofficenote")
        self.office = add_partner(self.database, office, self.editor, self.now)
        levels = (Visibility.PUBLIC, Visibility.MEMBERS)
        self.feeds = [subscribed(self.tracker, choice("kemi", level=level)) for level in levels]
        settle(self.tracker)

    def _record(self, **fields: Any) -> Activity:
        return record_activity(self.database, RecordActivity(content(**fields)), self.editor, self.now)

    def _visit(self) -> Activity:
        programme = [{"id": "one", "start": "2027-03-27T10:00", "title": "Reception"}]
        visit = self._record(
            title={"en": "The visit"}, twins=["kemi"], start="2027-03-26", end="2027-03-30",
            status="confirmed", visibility="public", direction="to_hub", details={"programme": programme},
        )  # fmt: skip
        keep_dossier(self.database, KeepDossier(visit.id, {}, DOSSIER, 1, 0), self.editor, self.now)
        return visit

    def _file(self, said: Said) -> UUID:
        data = PDF + said.credit.encode()
        taken = take(f"{said.credit}.pdf", data)
        subject = f"activity:{self.visit.id}"
        return attach_file(self.database, MemoryFiles(), subject, taken, said, self.editor, self.now)

    def paths(self) -> Iterator[str]:
        places = {
            "activity_id": [str(self.visit.id), str(self.cargo.id)], "slug": ["kemi"], "period": ["2026"],
            "partner_id": [str(self.contact), str(self.office)], "file_id": self.files, "draft_id": [str(self.draft)],
            "year": ["2027"], "half": ["1"], "token": self.feeds, "kind": ["packing-list"], "form": ["pdf"],
        }  # fmt: skip
        for key, rule in routes(self.pages.app).items():
            if not key.startswith("GET") or rule.rule.startswith(LETS_OUT):
                continue
            names = sorted(rule.arguments)
            if not names or set(names) <= places.keys():
                for values in itertools.product(*(places[name] for name in names)):
                    path = rule.rule
                    for name, value in zip(names, values, strict=True):
                        path = re.sub(rf"<(?:[^>]*:)?{name}>", value, path)
                    yield path
        yield from ("/activities?q=zq", "/api/v1/activities?q=zq", "/timeline?q=zq", "/files?q=zq", "/twins?q=zq")
        yield from (f"/api/v1/reports/2026?for=board&format={form}" for form in ("json", "html", "csv", "hxl"))

    def asked(self, person: str) -> dict[str, set[str]]:
        """The words somebody is shown, by address."""
        token = issue_token(self.database, f"{person}@example.org", self.now, Actor("system"))
        browser = self.pages.browser(person)
        browser.set_cookie("lang", "en")
        program = self.pages.app.test_client()
        bearer = {"Authorization": f"Bearer {token}"}
        found = {}
        for path in self.paths():
            answer = program.get(path, headers=bearer) if "/api/" in path else browser.get(path, buffered=True)
            if words := set(MARKER.findall(words_unpacked(answer).replace("q=zq", ""))):
                found[path] = words
        return found


FILES = (
    Said(credit="Open", licence="own", consent=Consent.GIVEN, visibility=Visibility.PUBLIC, shown_people="zqshown"),
    Said(credit="zqcredit", caption={"en": "zqcaption"}, shown_people="zqagreed", visibility=Visibility.STAFF),
    Said(credit="zqwithdrawn", caption={"en": "zqunwanted"}, licence="own", consent=Consent.WITHDRAWN),
)


@pytest.fixture
def planted(pages: Pages) -> Planted:
    return Planted(pages)


@pytest.mark.parametrize("mode", ["embedded"])
def test_private_words_are_at_no_address_of_somebody_they_are_not_for(planted: Planted) -> None:
    leaks = {person: planted.asked(person) for person in PEOPLE}

    assert leaks == {person: {} for person in PEOPLE}
    feeds = b"".join(sent(planted.tracker, token) for token in planted.feeds)
    assert b"The visit" in feeds
    assert MARKER.findall(feeds.replace(b"\r\n ", b"").decode()) == []
    with planted.database.reading() as session:
        told = str([event.data for event in session.scalars(select(EventRow))])
    goods = {*MARKER.findall(str(GOODS)), "zqcaption", "zqcredit", "zqwithdrawn", "zqunwanted", "zqofficenote"}
    assert set(MARKER.findall(told)) - goods == set()  # what the log does tell, those alone see who see its subject

    page = f"/activities/{planted.visit.id}"
    shown = {
        word
        for path in (f"{page}/dossier", page, "/twins/kemi", f"/activities/{planted.cargo.id}", "/files",
                     f"/activities/drafts/{planted.draft}", f"/files/{planted.files[0]}", f"/files/{planted.files[1]}")
        for word in MARKER.findall(planted.pages.get(path).text)
    }  # fmt: skip
    there = {"zqgift", "zqphone", "zqinterpreter", "zqperson", "zqdraft", "zqcaption", "zqagreed", "zqgoods"}
    assert there <= shown  # else nothing was hidden
