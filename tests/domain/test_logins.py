"""How often anybody may guess, and what a browser is called in words."""

import datetime as dt

import pytest

from tests.conftest import NOW
from tracker.domain.logins import SESSION_LASTS, Bucket, device_of, is_over, plain_code

MINUTE = dt.timedelta(minutes=1)


def test_a_bucket_gives_so_many_guesses_and_one_more_after_each_pause() -> None:
    bucket, left, at = Bucket(3, MINUTE), 3.0, NOW

    for _ in range(3):
        left, wait = bucket.take(left, at, NOW)
        assert wait == 0

    assert bucket.take(left, at, NOW) == (0.0, 60)
    assert bucket.take(left, at, NOW + MINUTE / 2)[1] == 30
    assert bucket.take(left, at, NOW + MINUTE) == (0.0, 0)


def test_a_bucket_never_holds_more_than_its_size_nor_loses_by_a_clock_set_back() -> None:
    bucket = Bucket(3, MINUTE)

    assert bucket.take(1.0, NOW, NOW + 100 * MINUTE) == (2.0, 0)
    assert bucket.take(1.0, NOW, NOW - 100 * MINUTE) == (0.0, 0)


@pytest.mark.parametrize(
    ("agent", "device"),
    [
        ("Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0", ("Firefox", "Linux")),
        ("Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 Chrome/140.0 Safari/537.36", ("Chrome", "Windows")),
        ("Mozilla/5.0 (Windows NT 10.0) Chrome/140.0 Safari/537.36 Edg/140.0", ("Edge", "Windows")),
        ("Mozilla/5.0 (Windows NT 10.0) Chrome/138.0 YaBrowser/25.8 Safari/537.36", ("Yandex Browser", "Windows")),
        ("Mozilla/5.0 (Linux; Android 14) SamsungBrowser/28.0 Chrome/130.0", ("Samsung Internet", "Android")),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Version/18.0 Safari/604.1", ("Safari", "iPhone")),
        ("Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) Version/18.0 Safari/605.1", ("Safari", "macOS")),
        ("curl/8.5", ("", "")),
        ("", ("", "")),
    ],
)
def test_a_browser_and_its_system_are_told_in_words(agent: str, device: tuple[str, str]) -> None:
    assert device_of(agent) == device


def test_a_session_is_over_when_nobody_has_come_for_thirty_days() -> None:
    assert not is_over(NOW, NOW + SESSION_LASTS - MINUTE)
    assert is_over(NOW, NOW + SESSION_LASTS)


def test_a_code_may_be_typed_with_spaces_dashes_and_capitals() -> None:
    assert plain_code(" X7KQP – m2v-8d ") == "x7kqpm2v8d"
