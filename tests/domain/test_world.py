"""Where places lie on the map, and that every shore stays in one piece."""

from pathlib import Path

import pytest

from tracker.domain import world

SHORES = (Path(world.__file__).parent.parent / "data" / "land.txt").read_text(encoding="ascii").splitlines()


def test_the_equator_is_as_long_as_the_map_is_wide_and_north_is_up() -> None:
    left, right = world.place(0, world.MIDDLE - 179.999), world.place(0, world.MIDDLE + 179.999)

    assert right[0] - left[0] == pytest.approx(world.WIDTH, abs=0.01)
    assert world.place(60, 0)[1] < 0 < world.place(-60, 0)[1]


def test_areas_compare_as_they_are() -> None:
    def area(south: float, north: float) -> float:
        corners = [world.place(a, b) for a, b in ((south, 11.0), (south, 11.1), (north, 11.1), (north, 11.0))]
        return (
            abs(sum(x1 * y2 - x2 * y1 for (x1, y1), (x2, y2) in zip(corners, corners[1:] + corners[:1], strict=True)))
            / 2
        )

    # On the globe they compare as the cosines of their latitudes.
    assert area(60, 60.1) / area(0, 0.1) == pytest.approx(0.4991, abs=0.002)


@pytest.mark.parametrize("longitude", [179.9, -179.9, -170.0])
def test_what_lies_beyond_the_date_line_stands_at_the_right_edge(longitude: float) -> None:
    assert world.place(66, longitude)[0] > 250


def test_no_shore_is_drawn_across_the_sheet() -> None:
    torn = []
    for number, ring in enumerate(SHORES):
        east = north = 0
        before = None
        for step in ring.split():
            over, up = step.split(",")
            east, north = east + int(over), north + int(up)
            point = world.place(north / 10, east / 10)
            if before and abs(point[0] - before[0]) > 120:
                torn.append(number)
            before = point

    assert torn == []


def test_a_shore_is_written_in_steps_that_lead_back_to_where_it_is() -> None:
    steps = world.outline("70,500 10,0 0,10")
    start, _, rest = steps.removeprefix("M").removesuffix("z").partition("l")
    x, y = (float(n) for n in start.replace("-", " -").split())
    numbers = [float(n) for n in rest.replace("-", " -").split()]

    assert (x + numbers[0] + numbers[2], y + numbers[1] + numbers[3]) == pytest.approx(world.place(51, 8), abs=0.15)


def test_an_arc_joins_two_places_and_bends_to_the_north() -> None:
    start, end = world.place(48.7, 44.5), world.place(43.7, -79.4)

    numbers = [float(n) for n in world.arc(start, end).replace("M", "").replace("Q", " ").split()]

    assert numbers[:2] == pytest.approx(start, abs=0.1)
    assert numbers[4:] == pytest.approx(end, abs=0.1)
    assert numbers[3] < min(start[1], end[1])


def test_a_box_grows_by_what_must_lie_inside() -> None:
    box = world.Box(0, 0, 10, 10)

    assert box.around([(5, 5)], 1) == box
    assert box.around([(20, -4)], 1) == world.Box(0, -5, 21, 15)
