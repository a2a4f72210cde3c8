"""What was probably meant where a word of a query finds nothing: only words by which the reader does find something."""

from dataclasses import dataclass, replace

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from tracker.domain.search import Term
from tracker.store.activities import ActivityFilter, narrowed
from tracker.store.activity_rows import ActivityRow
from tracker.store.search import like

_TRIED = 12
_MEANT = 3


@dataclass(frozen=True)
class Corrected:
    """The filter with other words, and for each word that was asked the ones that are looked for instead."""

    chosen: ActivityFilter
    meant: dict[str, tuple[str, ...]]


def corrected(session: Session, chosen: ActivityFilter, seen: ActivityFilter) -> Corrected | None:
    """`seen`: all that the reader may see. None where every word is right, or for one of them nothing is near."""
    words: list[Term] = []
    meant: dict[str, tuple[str, ...]] = {}
    for term in chosen.words:
        if _finds(session, seen, term):
            words.append(term)
            continue
        near = [(far, word) for far, word in like(session, term)[:_TRIED] if _finds(session, seen, Term((word,)))]
        best = tuple(word for far, word in near if far == near[0][0])[:_MEANT]
        if not best:
            return None
        words.append(Term(exact=best))
        meant[term.prefixes[0]] = best
    return Corrected(replace(chosen, words=tuple(words)), meant) if meant else None


def _finds(session: Session, seen: ActivityFilter, term: Term) -> bool:
    asked = narrowed(select(ActivityRow.id), replace(seen, words=(term,)))
    return bool(session.scalar(select(exists(asked))))
