"""The words that staff type for whom they count, in their languages."""

import pytest

from tracker.domain.activities import Bound
from tracker.domain.crowds import crowd_of
from tracker.domain.figures import Crowd
from tracker.intake.people import count


@pytest.mark.parametrize(
    ("crowd", "labels"),
    [
        (Crowd.TRAVELLERS, ("travellers", "Guests", "Reisende", "гости", "participants of the journey", "Mitreisende")),
        (Crowd.YOUNG, ("pupils", "Students", "Schülerinnen und Schüler", "Jugendliche", "школьники", "young people")),
        (Crowd.AUDIENCE, ("audience", "visitors", "Publikum", "Besucher", "зрители", "audience of pupils")),
        (Crowd.ONLINE, ("online", "Online-Publikum", "viewers of the stream", "онлайн-участники")),
        (Crowd.HELPERS, ("helpers", "Volunteers", "Freiwillige", "волонтёры", "drivers")),
        (Crowd.OTHERS, ("participants", "councillors", "people concerned", "Teilnehmende", "участники", "", "17")),
    ],
)
def test_a_label_belongs_to_its_crowd(crowd: Crowd, labels: tuple[str, ...]) -> None:
    assert {label: crowd_of(label) for label in labels} == dict.fromkeys(labels, crowd)


def test_a_word_within_a_word_says_nothing() -> None:
    assert crowd_of("Kinderhilfswerk") is Crowd.OTHERS


def test_what_an_import_calls_them_is_known() -> None:
    noted = count(12, Bound.EXACT, "Schüler aus Köln", planned=False)

    assert crowd_of(noted["of"]) is Crowd.YOUNG
