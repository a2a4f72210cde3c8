"""The organisation that runs this installation: what it is called, where it sits, where answers reach it. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from tracker.i18n import DEFAULT_LANGUAGE, LANGUAGES


@dataclass(frozen=True)
class Organisation:
    """`address` may have several lines; `place` is where it writes from. Whatever nobody has settled is empty."""

    names: Mapping[str, str] = field(default_factory=dict)
    address: str = ""
    place: str = ""
    email: str = ""
    reference: str = ""
    """By which aid registers know it (IATI), such as DE-CR-VR4711."""
    public_page: bool = False
    """Whether everybody may read what is public on a page without login."""

    def name(self, language: str) -> str:
        """Its name in a language, else the one it has in another; empty while it has none."""
        known = (self.names.get(tag, "") for tag in (language, DEFAULT_LANGUAGE, *LANGUAGES))
        return next(filter(None, known), "")

    def block(self, language: str) -> str:
        """Who writes, as it stands at the head of a letter: the name, then the address, then its mail."""
        return "\n".join(filter(None, (self.name(language), self.address, self.email)))


UNNAMED = Organisation()
