"""An activity's content put into its row: columns, the rows of its lists, and the words it is found by."""

from tracker.domain.activities import ActivityContent
from tracker.domain.beginnings import beginning, year_and_decade
from tracker.domain.details import watched_date
from tracker.domain.occasion_sources import may_be_remembered
from tracker.store.activity_rows import (
    COUNT,
    GOODS,
    MONEY,
    ActivityRow,
    ActivityTwinRow,
    Child,
    CountRow,
    GoodsRow,
    MoneyRow,
    plain,
)
from tracker.store.search import ActivityWordsRow

_JSON = ("title", "description", "leaders", "organisers", "counts_for", "sources", "details")
_TEXT = ("external_id", "kind", "subtype", "status", "reason", "direction", "start", "end", "timezone", "place",
         "visibility", "responsible", "owner", "quantity_note", "note")  # fmt: skip


def write_content(row: ActivityRow, content: ActivityContent, words: str) -> None:
    """Put a content into a row, and the words it is found by beside it (see `domain.search.search_words`).

    Child rows are replaced only where they differ, so an unchanged list costs nothing.
    """
    document = content.model_dump(mode="json")
    for name in (*_TEXT, *_JSON):
        if getattr(row, name, None) != document[name]:
            setattr(row, name, document[name])
    row.earliest, row.latest = content.earliest, content.latest
    begun = beginning(content)
    row.begins_by, row.begins_month, row.goes_beyond = begun.by, begun.month, begun.beyond
    row.begun_year, row.begun_decade = year_and_decade(row.earliest, row.begins_by)
    watched = watched_date(content.details)
    row.watched_on = watched.earliest if watched else None
    row.memorable = may_be_remembered(content.kind, asked=content.details.remembered if content.details else None)
    row.sort_key = content.start_date.sort_key + (content.start[11:16].replace(":", "") if content.timed else "")
    write_words(row, words)
    if [t.twin for t in row.twins] != list(content.twins):
        row.twins = [ActivityTwinRow(place=i, twin=slug) for i, slug in enumerate(content.twins)]
    if [plain(c, COUNT) for c in row.counts] != [c.model_dump() for c in content.counts]:
        row.counts = [CountRow(place=i, **c.model_dump(mode="json")) for i, c in enumerate(content.counts)]
    if [plain(m, MONEY) for m in row.money] != [m.model_dump() for m in content.money]:
        row.money = [MoneyRow(place=i, **m.model_dump()) for i, m in enumerate(content.money)]
    if [plain(g, GOODS) for g in row.goods] != [g.model_dump() for g in content.goods]:
        row.goods = [GoodsRow(place=i, **g.model_dump()) for i, g in enumerate(content.goods)]
    children: tuple[Child, ...] = (*row.twins, *row.counts, *row.money, *row.goods)
    for child in children:
        child.begins_by = row.begins_by


def write_words(row: ActivityRow, words: str) -> None:
    """Keep by which words an activity is found; the index of the database follows in the same transaction."""
    if row.found_by is None:
        row.found_by = ActivityWordsRow(words=words)
    elif row.found_by.words != words:
        row.found_by.words = words
