"""A view of the list that somebody keeps: its name and the filters as they stand in the address. Pure."""

from dataclasses import dataclass


@dataclass(frozen=True)
class SaveView:
    """Keep a view under a name; under a name that is taken it takes the place of the former one."""

    name: str
    arguments: str
    house: bool
    """For the whole house, not for oneself alone."""


@dataclass(frozen=True)
class Keeper:
    """Who keeps views, and whether they look after those of the house as well."""

    user_id: int
    keeps_house: bool
