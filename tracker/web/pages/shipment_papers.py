"""The papers of a shipment as files: `/shipments/<id>/packing-list.pdf?in=de&beside=ru`."""

from collections.abc import Callable
from uuid import UUID

from flask import Flask, Response, abort, request

from tracker.bootstrap import Tracker
from tracker.domain.aid_papers import AidPaper, PaperKind, Wanted, compose
from tracker.i18n import LANGUAGES
from tracker.outputs import aid_paper, aid_paper_docx
from tracker.store import organisation
from tracker.web.auth import Audience, allowed, writes
from tracker.web.installation import this_tracker, today
from tracker.web.language import language
from tracker.web.pages.activities import leaving_the_house
from tracker.web.pages.receipts import open_link
from tracker.web.pages.shipments import shipment_of

_FORMS: dict[str, tuple[Callable[[AidPaper], bytes], str]] = {
    "pdf": (aid_paper.aid_paper_pdf, aid_paper.MEDIA_TYPE),
    "docx": (aid_paper_docx.aid_paper_docx, aid_paper_docx.MEDIA_TYPE),
}


def register(app: Flask, tracker: Tracker) -> None:  # noqa: ARG001 -- all nouns register alike
    app.add_url_rule("/shipments/<uuid:activity_id>/<kind>.<form>", "shipment_paper", paper)


@allowed(Audience.READERS)
def paper(activity_id: UUID, kind: str, form: str) -> Response:
    """Whoever may change the shipment gets the code for the receipt with it: it opens something."""
    if kind not in set(PaperKind) or form not in _FORMS:
        abort(404)
    shown = leaving_the_house(shipment_of(activity_id))
    tongues = tuple(dict.fromkeys(tag for tag in (_tongue("in"), _tongue("beside")) if tag)) or (language(),)
    with this_tracker().database.reading() as session:
        house = organisation.current(session)
        link = open_link(session, shown) if writes(shown) else ""
    write, media_type = _FORMS[form]
    response = Response(
        write(compose(Wanted(PaperKind(kind), tongues, today(), link), shown, house)), mimetype=media_type
    )
    how = "inline" if form == "pdf" else "attachment"
    response.headers["Content-Disposition"] = f'{how}; filename="{kind}-{"-".join(tongues)}.{form}"'
    response.headers["Cache-Control"] = "private, no-store"
    return response


def _tongue(name: str) -> str:
    tag = request.args.get(name, "")
    return tag if tag in LANGUAGES else ""
