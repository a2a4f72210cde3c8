"""Reports put together: everything one says is read in one view of the database and handed on as one frozen value.

A draft is read anew each time; an edition is a draft that was given a number and kept. Whoever asks gets no more than
both the reader's profile and their own role allow, and of what staff wrote for a reader only what that reader may see.
"""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from tracker.actions.outlook import look_ahead
from tracker.domain.access import Who, readable
from tracker.domain.activities import Visibility
from tracker.domain.editions import WORDED, Backing, Form, Frozen, House, Pictured, Written, keys_of, pictures_of
from tracker.domain.figures import Coming, Figures, Scope
from tracker.domain.outlook import Foreseen
from tracker.domain.periods import Period
from tracker.domain.reminders import title_of_occurrence
from tracker.domain.report_composition import compose
from tracker.domain.report_document import Document, Imprint
from tracker.domain.report_orders import Order
from tracker.domain.report_readers import Reader
from tracker.errors import Forbidden, InvalidInput, NotFound
from tracker.i18n import LANGUAGES, N_
from tracker.outputs.hxl import hxl_csv
from tracker.outputs.iati import Reporter, iati_xml
from tracker.outputs.report_activities import activity_sheet
from tracker.outputs.report_csv import report_csv
from tracker.outputs.report_docx import report_docx
from tracker.outputs.report_html import report_html
from tracker.outputs.report_json import SCHEMA_ID, ReportJson, report_json
from tracker.outputs.report_pdf import report_pdf
from tracker.outputs.report_xlsx import report_xlsx
from tracker.store import editions, event_log, organisation, report_texts, twins
from tracker.store import figures as figure_store
from tracker.store.report_readers import ReaderRow, readers
from tracker.store.unit_of_work import Database

HOUSE_ZONE = ZoneInfo("Europe/Berlin")
"""In which a report's day is reckoned, and the day a mailing goes out."""
YEARS = 5
"""Over how many years visits are compared."""


@dataclass(frozen=True)
class Asked:
    """What is asked for, and by whom."""

    order: Order
    visibilities: tuple[Visibility, ...]
    actor: str
    now: dt.datetime


def known_readers(database: Database) -> list[Reader]:
    with database.reading() as session:
        return [row.to_reader() for row in readers(session)]


def reader_of(session: Any, slug: str) -> Reader:
    row = session.get(ReaderRow, slug)
    if row is None:
        raise NotFound(N_("There is no reader “{slug}”."), slug=slug)
    return Reader.model_validate(row.to_reader())


def allowed_to(database: Database, order: Order, who: Who) -> tuple[Visibility, ...]:
    """What the report may hold for them. Raises `NotFound` for an unknown reader, `Forbidden` where nothing."""
    with database.reading() as session:
        found = readable(who, reader_of(session, order.reader).level)
    if not found:
        raise Forbidden(N_("Your account may not read this report."))
    return found


def draft(database: Database, asked: Asked, *, whole: bool = False) -> Frozen:
    """The report as it stands now; `whole`: with the activities behind every figure, which takes a query for each.

    Raises `NotFound` for a reader, `InvalidInput` for a twin that is not there.
    """
    order = asked.order
    with database.reading() as session:
        editions.one_view(session)
        reader, cities = reader_of(session, order.reader), twins.load_all(session)
        if order.twin and order.twin not in cities:
            reason = N_("“{value}” is not a twin. Known ones: {known}.")
            raise InvalidInput.one("twin", order.twin, reason, known=tuple(cities))
        scope = scope_of(reader, order.span, order.twin, asked.visibilities)
        coming = _coming(database, order.span, scope.twins)
        figures = figure_store.figures(session, scope, order.span.before, years=YEARS, coming=coming)
        keys = keys_of(figures) if whole else []
        behind = {key: tuple(figure_store.behind(session, scope, key)) for key in keys}
        house = organisation.current(session)
        last = event_log.last_moment(session)
        return Frozen(
            period=order.period,
            reader=reader,
            twin=order.twin,
            languages=order.languages,
            house=House.model_validate({name: getattr(house, name) for name in House.model_fields}),
            figures=figures,
            texts=_texts(session, order, reader, asked.visibilities),
            pictures=_pictures(session, order, reader, asked.visibilities),
            cities=tuple(cities[slug] for slug in sorted(_cities_in(figures, scope) & set(cities))),
            behind=behind,
            activities=_backing(session, {one for ids in behind.values() for one in ids}),
            position=event_log.end_of_log(session),
            changed_at=last or asked.now,
            made_at=asked.now,
            made_by=asked.actor,
        )


def scope_of(reader: Reader, period: Period, twin: str | None, visibilities: Sequence[Visibility]) -> Scope:
    """What a reader's report of a period is asked about; the report of one twin is about that one alone."""
    return Scope(
        first=period.first,
        last=period.last,
        twins=(twin,) if twin else reader.twins,
        kinds=reader.kinds,
        viewpoint=reader.viewpoint,
        visibilities=tuple(visibilities),
        counts_for=reader.counts_for,
        leaves_out=reader.leaves_out,
        funder=reader.funder,
    )


def document_of(database: Database, frozen: Frozen, languages: Sequence[str], sha256: str = "") -> Document:
    """The report in words."""
    tags = tuple(languages)
    with database.reading() as session:
        data = report_texts.images(session, [one.sha256 for one in frozen.pictures])
    pictures = pictures_of(frozen, data, tags)
    imprint = imprint_of(frozen, tags, sha256)
    return compose(frozen.figures, frozen.reader, frozen.text_map(), frozen.city_map(), imprint, tags, pictures)


def imprint_of(frozen: Frozen, languages: Sequence[str], sha256: str = "") -> Imprint:
    house = frozen.house.organisation
    return Imprint(
        organisation=tuple(house.name(tag) for tag in languages),
        address=house.address,
        made_on=frozen.made_at.astimezone(HOUSE_ZONE).date(),
        changed=frozen.changed_at,
        edition=frozen.name,
        hash=sha256,
    )


def rendered(database: Database, frozen: Frozen, form: Form, languages: Sequence[str], sha256: str = "") -> bytes:
    """The finished document. The same frozen value gives the same bytes, today and at any later time."""
    tags = tuple(languages)
    if form not in WORDED:
        return _data(frozen, form, tags, sha256)
    document = document_of(database, frozen, tags, sha256)
    if form is Form.XLSX:
        return report_xlsx(document, activity_sheet(frozen.figures.lines, frozen.city_map(), tags))
    makers = {
        Form.PDF: report_pdf,
        Form.DOCX: report_docx,
        Form.CSV: report_csv,
        Form.HTML: report_html,
    }
    return makers[form](document)


def _data(frozen: Frozen, form: Form, languages: tuple[str, ...], sha256: str) -> bytes:
    """The forms that programs read."""
    house, language = frozen.house.organisation, languages[0]
    if form is Form.IATI:
        _check_iati(frozen)
        reporter = Reporter(frozen.house.reference, house.name(language))
        return iati_xml(frozen.figures, reporter, frozen.city_map(), frozen.changed_at, language)
    if form is Form.HXL:
        return hxl_csv(frozen.figures, house.name(language), frozen.city_map(), language)
    return report_json(
        ReportJson.model_validate(
            {
                "$schema": SCHEMA_ID,
                "period": frozen.period,
                "reader": frozen.reader.slug,
                "organisation": dict(house.names),
                "languages": languages,
                "made_on": frozen.made_at.astimezone(HOUSE_ZONE).date(),
                "edition": frozen.name,
                "hash": sha256,
                "texts": [
                    {"section": one.section or "", "language": one.language, "markdown": one.markdown}
                    for one in frozen.texts
                ],
                "figures": frozen.figures,
            }
        )
    )


def _check_iati(frozen: Frozen) -> None:
    """An IATI file that holds no aid, or does not say who reports, is none by its schema."""
    if not frozen.figures.aid.shipments:
        reason = N_("No aid was given in {period}, and an IATI file holds some.")
        raise InvalidInput.one("format", Form.IATI.value, reason, period=frozen.period)
    if not frozen.house.reference:
        reason = N_(
            "An IATI file names the organisation's identifier. "
            "An administrator enters it on the page of the organisation."
        )
        raise InvalidInput.one("format", Form.IATI.value, reason)


def _coming(database: Database, period: Period, only: Sequence[str]) -> tuple[Coming, ...]:
    """What comes round in the year after the period."""
    if period.after is None:
        return ()
    seen = look_ahead(database, period.after.first, period.after.last)
    wanted = set(only)
    return tuple(
        _foreseen(one, seen.twins) for one in seen.items if not wanted or not wanted.isdisjoint(one.come.occasion.twins)
    )


def _foreseen(one: Foreseen, cities: Any) -> Coming:
    come = one.come
    return Coming(
        on=come.when.edtf,
        title={tag: title_of_occurrence(come, tag, cities) for tag in LANGUAGES},
        twins=come.occasion.twins,
        years=come.number,
        round=come.round,
        jubilee=come.jubilee,
    )


def _texts(session: Any, order: Order, reader: Reader, seen: Sequence[Visibility]) -> tuple[Written, ...]:
    """The texts of the report; a reader's own stand in the place of those for all."""
    rows = report_texts.texts(session, order.period, reader.slug, order.twin or "")
    kept = {
        (row.section, row.language): row.markdown
        for row in rows
        if row.markdown and _may_hold(row.reader, reader, seen)
    }
    return tuple(
        Written(section=section or None, language=tag, markdown=text)  # type: ignore[arg-type]  # checked by pydantic
        for (section, tag), text in sorted(kept.items())
    )


def _pictures(session: Any, order: Order, reader: Reader, seen: Sequence[Visibility]) -> tuple[Pictured, ...]:
    rows = report_texts.pictures(session, order.period, reader.slug, order.twin or "")
    return tuple(
        Pictured(sha256=row.sha256, section=row.section, alt=row.alt, caption=row.caption, credit=row.credit)
        for row in rows
        if _may_hold(row.reader, reader, seen)
    )


def _may_hold(written_for: str, reader: Reader, seen: Sequence[Visibility]) -> bool:
    """What was written for one reader is as confidential as that reader's report; what is for all is public."""
    return not written_for or reader.level in seen


def _cities_in(figures: Figures, scope: Scope) -> set[str]:
    """Every twin that the figures name, wherever they do."""
    return {*scope.twins, *_slugs(figures.model_dump(mode="python"))}


def _slugs(value: Any) -> Iterable[str]:
    if isinstance(value, dict):
        yield from value.get("twins") or ()
        if isinstance(value.get("twin"), str):
            yield value["twin"]
        for part in value.values():
            yield from _slugs(part)
    elif isinstance(value, tuple | list):
        for part in value:
            yield from _slugs(part)


def _backing(session: Any, ids: set[UUID]) -> tuple[Backing, ...]:
    rows = editions.briefly(session, ids)
    return tuple(Backing(id=row.id, version=row.version, title=row.title, start=row.start) for row in rows)
