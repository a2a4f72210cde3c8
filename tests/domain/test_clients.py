"""Calendar programs: recognised by what they call themselves, expected when they usually come."""

import datetime as dt

import pytest

from tracker.domain.clients import (
    ALARMS_IGNORED,
    HABITS,
    KEEPS_BY_ADDRESS,
    Cancelled,
    Client,
    expected_fetch,
    has_gone,
    recognise,
    remarks,
)

NOON = dt.datetime(2026, 11, 22, 12, tzinfo=dt.UTC)


@pytest.mark.parametrize(
    ("agent", "client"),
    [
        ("Google-Calendar-Importer", Client.GOOGLE),
        ("Mozilla/5.0 (compatible; Google-Calendar-Importer)", Client.GOOGLE),
        ("iOS/26.5 (23F77) dataaccessd/1.0", Client.APPLE),
        ("macOS/14.6.1 (23G93) dataaccessd/1.0", Client.APPLE),
        ("Mac+OS+X/10.11.6 (15G1217) CalendarAgent/361.2", Client.APPLE),
        ("DAVKit/4.0.3 (732.2); CalendarStore/4.0.4 (997.7); iCal/4.0.4 (1395.7); Mac OS X/10.6.8", Client.APPLE),
        ("Microsoft Office/16.0 (Windows NT 10.0; Microsoft Outlook 16.0.17328; Pro)", Client.OUTLOOK_DESKTOP),
        (
            "Mozilla/4.0 (compatible; MSIE 7.0; Windows NT 10.0; Microsoft Outlook 16.0.5134; ms-office)",
            Client.OUTLOOK_DESKTOP,
        ),
        ("Microsoft.Exchange/15.20 (Windows NT 10.0; Win64; x64)", Client.OUTLOOK_WEB),
        ("Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Thunderbird/128.5.0", Client.THUNDERBIRD),
        ("Nextcloud Webcal Service", Client.NEXTCLOUD),
        ("Evolution/3.54.1", Client.GNOME),
        ("ICSx5/2.4.1 (ical4j/3.2.19 okhttp/5.1.0 Android/15)", Client.ICSX5),
        ("HomeAssistant/2026.4.1 httpx/0.28.1 Python/3.13", Client.HOME_ASSISTANT),
        ("vdirsyncer/0.19.2", Client.VDIRSYNCER),
        ("Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0", Client.BROWSER),
        ("Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 Chrome/139.0.0.0 Mobile Safari/537.36", Client.BROWSER),
        ("python-requests/2.32", Client.OTHER),
        ("", Client.OTHER),
    ],
)
def test_a_program_is_recognised_by_what_it_calls_itself(agent: str, client: Client) -> None:
    assert recognise(agent) is client


def test_every_program_has_its_habits() -> None:
    assert set(HABITS) == set(Client)


def test_what_was_seen_counts_more_than_what_is_usual() -> None:
    usually = expected_fetch(Client.GOOGLE, NOON, None)
    seen = expected_fetch(Client.GOOGLE, NOON, dt.timedelta(hours=9))

    assert usually == NOON + dt.timedelta(days=1)
    assert seen == NOON + dt.timedelta(hours=9)


@pytest.mark.parametrize("client", list(Client))
def test_nobody_is_expected_before_the_last_visit(client: Client) -> None:
    assert expected_fetch(client, NOON, dt.timedelta(seconds=-5)) == NOON
    assert expected_fetch(client, NOON, None) > NOON


def test_a_program_that_takes_our_hint_is_expected_when_we_asked_it_to_come() -> None:
    assert expected_fetch(Client.NEXTCLOUD, NOON, None) == NOON + dt.timedelta(hours=6)


def test_a_program_silent_for_a_month_is_waited_for_no_more() -> None:
    assert not has_gone(NOON, NOON + dt.timedelta(days=30))
    assert has_gone(NOON, NOON + dt.timedelta(days=30, seconds=1))


def test_alarms_are_spoken_of_only_where_there_are_some() -> None:
    silent, told = remarks(Client.GOOGLE, alarms=False), remarks(Client.GOOGLE, alarms=True)

    assert ALARMS_IGNORED not in silent
    assert ALARMS_IGNORED in told
    assert Cancelled.VANISHES.value in told
    assert told[-1] == KEEPS_BY_ADDRESS


def test_nothing_is_claimed_of_a_program_nobody_knows() -> None:
    assert remarks(Client.OTHER, alarms=True) == []
