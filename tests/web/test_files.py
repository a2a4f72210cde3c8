"""Files on the pages: added, described, handed out to those who may see what they belong to, and to nobody else."""

import io
import re
from typing import Any
from uuid import UUID

from werkzeug.test import TestResponse

from tests.pictures import PDF, SECRETS, jpeg
from tests.web.conftest import ROLES, Pages, first
from tracker.actions.activities import record_activity
from tracker.actions.thumbnails import make_next_thumbnail
from tracker.domain.activities import Visibility
from tracker.domain.commands import Actor, RecordActivity
from tracker.intake.json import activity_content
from tracker.web.pages import files as page


def activity(pages: Pages, visibility: str = "public") -> str:
    content = activity_content(
        {
            "kind": "delegation",
            "title": {"en": "Visit"},
            "twins": ["cologne"],
            "start": "2018",
            "visibility": visibility,
        }
    )
    made = record_activity(pages.tracker.database, RecordActivity(content), Actor("cli"), pages.tracker.clock())
    return f"activity:{made.id}"


def add(
    pages: Pages, subject: str, *files: tuple[str, bytes], role: str = "administrator", **said: str
) -> TestResponse:
    sent = [(io.BytesIO(data), name) for name, data in files]
    return pages.post(
        "/files", {"subject": subject, "files": sent, **said}, role=role, page=f"/files?subject={subject}"
    )


def shown(pages: Pages, subject: str, role: str = "administrator") -> str:
    return pages.get(f"/activities/{subject.partition(':')[2]}", role).text


def address(pages: Pages, subject: str) -> str:
    return first(r'href="(/files/[0-9a-f-]{36}/[^"]+)"', shown(pages, subject))


def revise(pages: Pages, of: str, **said: str) -> TestResponse:
    return pages.post(f"/files/{of.split('/')[2]}", said)


def test_several_files_are_added_at_once_and_each_that_cannot_be_kept_is_told(pages: Pages) -> None:
    subject = activity(pages)

    answer = add(pages, subject, ("Rathaus.jpg", jpeg()), ("x.svg", b"<svg/>"), ("brief.pdf", PDF), credit="Anna")

    listed = shown(pages, subject)
    assert answer.status_code == 303
    assert listed.count("Being made smaller") == 1
    assert "brief.pdf" in listed
    assert "Photo: Anna" in listed
    assert "x.svg" not in listed
    assert 'Files and photographs <span class="faint">2</span>' in listed


def test_a_picture_comes_back_without_what_the_camera_wrote_and_small_when_a_worker_has_been_by(pages: Pages) -> None:
    subject = activity(pages)
    add(pages, subject, ("Köln Rathaus.jpg", jpeg(size=(900, 600))))
    link = address(pages, subject)
    small = f"/files/{link.split('/')[2]}/thumbnail"
    before = pages.get(small).status_code

    make_next_thumbnail(pages.tracker.database, pages.tracker.files, pages.tracker.clock())

    whole, thumbnail = pages.get(link), pages.get(small)
    assert before == 404
    assert (whole.status_code, whole.mimetype, thumbnail.mimetype) == (200, "image/jpeg", "image/webp")
    assert not [secret for secret in SECRETS if secret in whole.data]
    assert 0 < len(thumbnail.data) < len(whole.data)
    assert f'src="{small}"' in shown(pages, subject)


def test_bytes_are_handed_out_so_that_no_browser_runs_or_keeps_them(pages: Pages) -> None:
    subject = activity(pages)
    add(pages, subject, ("Brief über «Köln».pdf", PDF))
    link = address(pages, subject)

    answer = pages.get(link)

    assert answer.data == PDF
    assert answer.headers["Content-Disposition"].startswith('attachment; filename="Brief _ber')
    assert "filename*=UTF-8''Brief%20%C3%BCber" in answer.headers["Content-Disposition"]
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in answer.headers["Content-Security-Policy"]
    assert answer.headers["Cache-Control"] == "private, no-cache"


def test_a_part_of_a_file_can_be_asked_for(pages: Pages) -> None:
    subject = activity(pages)
    add(pages, subject, ("a.pdf", PDF))
    browser, link = pages.browser(), address(pages, subject)
    etag = browser.get(link).headers["ETag"]
    asked = {"bytes=0-4": (206, PDF[:5]), "bytes=-7": (206, PDF[-7:]), "bytes=99999-": (416, b"")}

    parts = {part: browser.get(link, headers={"Range": part}) for part in (*asked, "bytes=0-1,3-4")}
    same = browser.get(link, headers={"If-None-Match": etag})

    told = {part: (answer.status_code, answer.data) for part, answer in parts.items()}
    assert told == {**asked, "bytes=0-1,3-4": (200, PDF)}
    assert parts["bytes=0-4"].headers["Content-Range"] == f"bytes 0-4/{len(PDF)}"
    assert (same.status_code, same.data) == (304, b"")


def test_a_file_is_seen_by_those_alone_who_may_see_it_and_what_it_belongs_to(pages: Pages) -> None:
    seen = {
        "reader": ["public", "members"],
        "editor": ["public", "members", "staff"],
        "administrator": list(Visibility),
    }
    pairs = [("public", "members"), ("public", "staff"), ("members", "confidential"), ("staff", "members")]
    pairs.append(("confidential", "members"))
    for of_subject, of_file in pairs:
        subject = activity(pages, of_subject)
        add(pages, subject, ("a.pdf", PDF), visibility=of_file)
        link = address(pages, subject)

        answers = {role: pages.get(link, role).status_code for role in ROLES}
        listing = {role: "a.pdf" in shown(pages, subject, role) for role in ROLES}

        may = {role: of_subject in seen[role] and of_file in seen[role] for role in ROLES}
        assert answers == {role: 200 if allowed else 404 for role, allowed in may.items()}
        assert listing == may
    assert pages.get(link, None).status_code == 302


def test_withdrawn_consent_hides_a_picture_at_once_from_everybody(pages: Pages) -> None:
    subject = activity(pages)
    add(pages, subject, ("a.jpg", jpeg()), consent="given", licence="own", visibility="public")
    make_next_thumbnail(pages.tracker.database, pages.tracker.files, pages.tracker.clock())
    link = address(pages, subject)
    small = f"/files/{link.split('/')[2]}/thumbnail"
    before = [pages.get(path, role).status_code for path in (link, small) for role in ROLES]

    revise(pages, link, consent="withdrawn", licence="own", visibility="members")

    assert before == [200] * 6
    assert [pages.get(path, role).status_code for path in (link, small) for role in ROLES] == [404] * 6
    assert "Consent withdrawn: hidden" in shown(pages, subject)
    assert "a.jpg" not in shown(pages, subject, "reader")
    assert "Consent withdrawn" not in shown(pages, subject, "reader")


def test_nothing_is_for_everybody_as_long_as_licence_or_consent_is_missing(pages: Pages) -> None:
    subject = activity(pages)

    refused = add(pages, subject, ("a.jpg", jpeg()), visibility="public", consent="asked", licence="own", credit="Anna")

    assert refused.status_code == 422
    assert "Everybody may see it only when" in refused.text
    assert 'value="Anna"' in refused.text


def test_readers_add_describe_and_remove_nothing(pages: Pages) -> None:
    subject = activity(pages)
    add(pages, subject, ("a.jpg", jpeg()), shown_people="Erika Mustermann")
    file_id = address(pages, subject).split("/")[2]

    listed = shown(pages, subject, "reader")

    assert "Add files" not in listed
    assert "Describe" not in listed
    assert "Mustermann" not in listed
    assert pages.get(f"/files?subject={subject}", "reader").status_code == 403
    assert pages.get(f"/files/{file_id}", "reader").status_code == 403
    assert pages.post(f"/files/{file_id}/bin", {}, role="reader", page="/account").status_code == 403


def test_a_file_goes_into_the_bin_and_comes_back(pages: Pages) -> None:
    subject = activity(pages)
    add(pages, subject, ("a.jpg", jpeg()))
    link = address(pages, subject)
    home = f"/files/{link.split('/')[2]}"

    pages.post(f"{home}/bin", {}, page=home)
    binned = shown(pages, subject)
    gone = pages.get(link).status_code
    pages.post(f"{home}/bin", {"restore": "1"}, page=f"/activities/{subject.partition(':')[2]}")

    assert "Bring it back" in binned
    assert gone == 404
    assert pages.get(link).status_code == 200


def test_on_its_last_day_a_file_is_seen_no_more_whether_or_not_the_clock_has_been_by(pages: Pages) -> None:
    subject = activity(pages)
    add(pages, subject, ("liste.pdf", PDF), delete_on="2 October 2026")
    link = address(pages, subject)
    before = pages.get(link).status_code

    clock: Any = pages.tracker.clock
    clock.set(clock().replace(day=2))

    assert (before, pages.get(link).status_code) == (200, 404)


def test_only_those_who_are_logged_in_may_send_much_at_once(pages: Pages) -> None:
    subject = activity(pages)
    token = first(
        r'name="csrf_token" value="([^"]+)"', (browser := pages.browser()).get(f"/files?subject={subject}").text
    )
    lines = [f'--cut\r\nContent-Disposition: form-data; name="{name}"' for name in ("csrf_token", "subject", "files")]
    values = (f"\r\n\r\n{token}\r\n", f"\r\n\r\n{subject}\r\n", '; filename="a.pdf"\r\n\r\n')
    head = "".join(line + value for line, value in zip(lines, values, strict=True)).encode()
    much = {
        "data": head + PDF + b"0" * 11_000_000 + b"\r\n--cut--\r\n",
        "content_type": "multipart/form-data; boundary=cut",
    }

    assert browser.post("/files", **much).status_code == 303
    assert pages.browser(None).post("/files", **much).status_code == 413


def test_sizes_are_told_as_one_says_them(pages: Pages) -> None:
    with pages.app.test_request_context("/?lang=de"):
        told = [page.file_size(size) for size in (12, 340_000, 2_400_000, 3_000_000)]

    assert told == ["1 kB", "340 kB", "2,4 MB", "3 MB"]


def test_an_address_that_is_no_subject_is_told_like_one_that_is_not_there(pages: Pages) -> None:
    for subject in ("activity:nonsense", "twin:atlantis", "user:1", "", f"activity:{UUID(int=0)}"):
        assert pages.get(f"/files?subject={subject}").status_code == 404


def test_the_form_offers_no_wider_circle_than_that_of_the_activity(pages: Pages) -> None:
    subject = activity(pages, "staff")

    offered = pages.get(f"/files?subject={subject}", "administrator").text

    levels = re.search(r'<select[^>]*name="visibility".*?</select>', offered, re.DOTALL)
    assert levels
    assert re.findall(r'value="(\w+)"', levels[0]) == ["staff", "confidential"]
