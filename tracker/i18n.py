"""Texts in the reader's language, for every layer: errors, wording of dates, mails, calendar entries.

The lowest layer of all beside `errors`. A text is written in English where it is used and marked with `N_` (or passed
straight to `gettext`); catalogues live in `tracker/translations` and are read once per process. Placeholders are
`str.format` fields, so that a translator can reorder them. The web layer hands the same catalogues to Flask-Babel.
"""

from functools import cache, lru_cache
from pathlib import Path

from babel.support import NullTranslations, Translations

CATALOGUES = Path(__file__).parent / "translations"
LANGUAGES = ("en", "de", "ru")
DEFAULT_LANGUAGE = "en"


def N_(message: str) -> str:
    """Mark a message for translation without translating it yet."""
    return message


def NP_(singular: str, plural: str) -> tuple[str, str]:
    """Mark a message that has plural forms, for a later `ngettext`."""
    return singular, plural


@lru_cache(maxsize=512)
def known_language(tag: str | None) -> str:
    """The supported language of a tag such as `de-AT` or `ru_RU`; English where it is none of ours."""
    primary = (tag or "").replace("_", "-").split("-")[0].lower()
    return primary if primary in LANGUAGES else DEFAULT_LANGUAGE


@cache
def _catalogue(language: str) -> NullTranslations:
    return Translations.load(CATALOGUES, [language])


def gettext(language: str, message: str, /, **values: object) -> str:
    """Return `message` in `language`, its placeholders filled, whatever they are called."""
    text = _catalogue(known_language(language)).ugettext(message)
    return text.format(**values) if values else text


def ngettext(language: str, singular: str, plural: str, n: int, /, **values: object) -> str:
    """Return the plural form right for `n`; `{n}` is filled in besides `values`."""
    text = _catalogue(known_language(language)).ungettext(singular, plural, n)
    return text.format(n=n, **values)


def pgettext(language: str, context: str, message: str, /, **values: object) -> str:
    """Like `gettext`, for words whose translation depends on where they stand (`context`)."""
    text = _catalogue(known_language(language)).upgettext(context, message)
    return text.format(**values) if values else str(text)
