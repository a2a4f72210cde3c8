"""With whom a report's period was shared: organisations, visits both ways, and the cities nothing was heard of."""

from collections.abc import Iterable, Sequence

from tracker.domain import words
from tracker.domain.figures import Partner, Reciprocity
from tracker.domain.report_document import Paragraph, Part, Said, Series, Sort, Table
from tracker.domain.report_standing import standing_of
from tracker.domain.report_tables import Row, chart_of_two, date, heads, nothing, number, people, text
from tracker.domain.report_telling import Telling
from tracker.i18n import N_, NP_

_NO_PARTNERS = N_("No activity of this period names an organisation that took part.")
_PARTNERS = NP_("{number} organisation took part.", "{number} organisations took part.")
_NO_VISITS = N_("No visit in either direction has been logged, in this period or in the years before.")
_NONE_SILENT = N_("There was at least one activity with every twin city.")
_NONE_SILENT_OF = N_("There was at least one activity with: {cities}.")
_SILENT = NP_(
    "With {number} twin city no activity was logged in this period.",
    "With {number} twin cities no activity was logged in this period.",
)
_YEARS = NP_("Visits both ways, over {number} year", "Visits both ways, over {number} years")
_NEVER = N_("none logged so far")
_VISITS_NOTE = N_(
    "Activities, and people as far as they were counted. Visits of both sides at once count in both columns."
)


def partners(told: Telling) -> tuple[Part, ...]:
    found = told.figures.partners
    if not found:
        return (Paragraph(told.speech.say(_NO_PARTNERS)),)
    columns = heads(told, (N_("Organisation"), Sort.TEXT), (N_("Side"), Sort.TEXT), (N_("Activities"), Sort.COUNT))
    rows = tuple(_partner(told, partner) for partner in found)
    title = told.speech.say(N_("Organisations that took part"))
    lead = Paragraph(told.speech.count(_PARTNERS, len(found)))
    return (lead, Table("partners", title, columns, rows))


def reciprocity(told: Telling) -> tuple[Part, ...]:
    known = {line.twin: line for line in told.figures.reciprocity}
    if not known:
        return (Paragraph(told.speech.say(_NO_VISITS)),)
    found = [known[slug] for slug in told.by_name(known)]
    years = max(line.years for line in found)
    columns = (
        *heads(told, (N_("Twin city"), Sort.TEXT), (N_("Visits out"), Sort.COUNT), (N_("Visits in"), Sort.COUNT)),
        *heads(told, (N_("People out"), Sort.COUNT), (N_("People in"), Sort.COUNT)),
        *heads(told, (N_("Last visit out"), Sort.DATE), (N_("Last visit in"), Sort.DATE)),
    )
    rows = tuple(_visits(told, line) for line in found)
    note = told.speech.say(_VISITS_NOTE)
    title = told.speech.say(N_("Visits both ways"))
    return (Table("reciprocity", title, columns, rows, note=note), *_over_years(told, found, years))


def silent(told: Telling) -> tuple[Part, ...]:
    found = told.figures.silent
    if not found:
        return (Paragraph(_none_silent(told)),)
    names = told.by_name({one.twin for one in found})
    columns = heads(
        told, (N_("Twin city"), Sort.TEXT), (N_("Last activity"), Sort.DATE), (N_("Partnership"), Sort.TEXT)
    )
    rows = tuple(
        (
            text(told.city(one.twin)),
            date(told, one.last) if one.last else text(told.speech.say(_NEVER)),
            text(standing) if any(standing := standing_of(told, one.twin)) else nothing(told),
        )
        for one in sorted(found, key=lambda one: names.index(one.twin))
    )
    title = told.speech.say(N_("Twin cities without activity"))
    return (Paragraph(told.speech.count(_SILENT, len(found))), Table("silent", title, columns, rows))


def _none_silent(told: Telling) -> Said:
    if twins := told.figures.scope.twins:
        return told.speech.say(_NONE_SILENT_OF, cities=told.cities_of(twins))
    return told.speech.say(_NONE_SILENT)


def _partner(told: Telling, partner: Partner) -> Row:
    side = told.speech.each(lambda tag: words.side(partner.side, told.period.first, tag))
    return text(told.speech.same(partner.name)), text(side), number(told, partner.activities, partner.key)


def _visits(told: Telling, line: Reciprocity) -> Row:
    now = line.now
    return (
        text(told.city(line.twin)),
        number(told, now.out, line.key),
        number(told, now.into, line.key),
        people(told, now.people_out if now.people_out.activities else None),
        people(told, now.people_in if now.people_in.activities else None),
        date(told, line.last_out),
        date(told, line.last_in),
    )


def _over_years(told: Telling, found: Sequence[Reciprocity], years: int) -> Iterable[Part]:
    """The same over several years, since one says little about a balance; cities without a visit in them left out."""
    found = [line for line in found if line.over_years.out or line.over_years.into]
    if not found:
        return
    columns = heads(
        told,
        (N_("Twin city"), Sort.TEXT),
        (N_("Visits out"), Sort.COUNT),
        (N_("Visits in"), Sort.COUNT),
        (N_("People out"), Sort.COUNT),
        (N_("People in"), Sort.COUNT),
    )
    rows = tuple(
        (
            text(told.city(line.twin)),
            number(told, line.over_years.out),
            number(told, line.over_years.into),
            people(told, line.over_years.people_out if line.over_years.people_out.activities else None),
            people(told, line.over_years.people_in if line.over_years.people_in.activities else None),
        )
        for line in found
    )
    title = told.speech.count(_YEARS, years)
    yield Table("reciprocity_years", title, columns, rows)
    series = (
        Series("out", told.speech.say(N_("out")), tuple(line.over_years.out for line in found)),
        Series("in", told.speech.say(N_("in")), tuple(line.over_years.into for line in found)),
    )
    yield chart_of_two(told, "reciprocity_chart", title, [told.city(line.twin) for line in found], series)
