"""Whom a count counts: the words staff type for it, in their languages, and the crowd each belongs to.

A word that is not here stands in a report under its own name; nothing is guessed from what it might mean. Grows with
what people type: it is asked when a report is made, so no row has to change. Pure.
"""

import re
from functools import lru_cache

from tracker.domain.figures import Crowd

# Looked through in this order: online viewers are no audience in the hall, and an audience did not travel.
_WORDS: dict[Crowd, str] = {
    Crowd.ONLINE: (
        "online, livestream, stream, viewers, clicks, views, connected, remote, virtual, zoom, zugeschaltete,"
        " zugeschaltet, aufrufe, klicks, онлайн, трансляция, просмотры, просмотров, подключившиеся, удалённо,"
        " дистанционно"
    ),
    Crowd.AUDIENCE: (
        "audience, spectators, spectator, listeners, visitors, visitor, public, concertgoers, publikum, zuschauer,"
        " zuschauende, zuschauerinnen, zuhörer, zuhörende, zuhörerinnen, besucher, besuchende, besucherinnen, зрители,"
        " зрителей, слушатели, слушателей, посетители, посетителей, публика, публики"
    ),
    Crowd.YOUNG: (
        "pupils, pupil, students, student, children, child, youth, youths, young, teenagers, schoolchildren,"
        " apprentices, trainees, schüler, schülerinnen, schulkinder, studenten, studentinnen, studierende, kinder,"
        " jugendliche, junge, auszubildende, azubis, школьники, школьников, школьницы, ученики, учеников, учащиеся,"
        " учащихся, студенты, студентов, студентки, дети, детей, подростки, подростков, молодёжь, молодежь, молодёжи,"
        " молодежи, молодые, молодых"
    ),
    Crowd.HELPERS: (
        "helpers, helper, volunteers, volunteer, drivers, driver, carers, interpreters, helfer, helferinnen, helfende,"
        " freiwillige, ehrenamtliche, fahrer, fahrerinnen, betreuer, betreuerinnen, dolmetscher, помощники, помощников,"
        " волонтёры, волонтеры, волонтёров, волонтеров, добровольцы, добровольцев, водители, водителей,"
        " сопровождающие, переводчики"
    ),
    Crowd.TRAVELLERS: (
        "travellers, traveller, travelers, guests, guest, tourists, delegates, delegation, passengers, reisende,"
        " mitreisende, gäste, gast, reiseteilnehmer, reiseteilnehmerinnen, delegierte, delegationsmitglieder,"
        " touristen, путешественники, путешественников, гости, гостей, туристы, туристов, делегаты, делегатов"
    ),
}
_CROWD_OF = {word.strip(): crowd for crowd, words in reversed(_WORDS.items()) for word in words.split(",")}
_JOURNEY = re.compile(r"\b(journey|trip|tour|reise|fahrt|bürgerreise)\b")

STAYED = frozenset({Crowd.AUDIENCE, Crowd.ONLINE})
"""Those who never travel, whatever direction the activity has."""


@lru_cache(maxsize=4096)
def crowd_of(label: str) -> Crowd:
    """The crowd a label belongs to: by the whole of it, else by a word in it; `OTHERS` where none is known."""
    folded = label.casefold().strip()
    if folded in _CROWD_OF:
        return _CROWD_OF[folded]
    said = {_CROWD_OF[word] for word in re.findall(r"\w+", folded) if word in _CROWD_OF}
    if _JOURNEY.search(folded):
        said.add(Crowd.TRAVELLERS)
    return next((crowd for crowd in _WORDS if crowd in said), Crowd.OTHERS)
