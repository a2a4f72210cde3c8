"""The time zones that forms offer."""

from zoneinfo import available_timezones

# The old names of zones ("US/Eastern") are left out: they mean the same and only make the list longer.
_AREAS = ("Africa/", "America/", "Asia/", "Atlantic/", "Australia/", "Europe/", "Indian/", "Pacific/")


def offered_zones() -> list[str]:
    """Those of the world's areas, in the order of their names."""
    return sorted(zone for zone in available_timezones() if zone.startswith(_AREAS))
