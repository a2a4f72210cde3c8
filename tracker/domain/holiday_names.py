"""Names of public holidays in our languages, where the package that knows the days has them in English only.

Only the frequent ones: a holiday is a proper name, and whoever plans looks it up by the name it is given there anyway.
"""

import re

from tracker.i18n import DEFAULT_LANGUAGE, N_, gettext

_FREQUENT = (
    N_("New Year's Day"),
    N_("New Year Holidays"),
    N_("Orthodox Christmas Day"),
    N_("Epiphany"),
    N_("Defender of the Fatherland Day"),
    N_("International Women's Day"),
    N_("Women's Day"),
    N_("Good Friday"),
    N_("Holy Saturday"),
    N_("Easter"),
    N_("Easter Sunday"),
    N_("Easter Monday"),
    N_("Catholic Easter"),
    N_("Orthodox Easter"),
    N_("May Day"),
    N_("Labor Day"),
    N_("Labor and Solidarity Day"),
    N_("Holiday of Spring and Labor"),
    N_("Victory Day"),
    N_("Victory Day and Commemoration of the heroes fallen for Independence of Fatherland"),
    N_("Europe Day"),
    N_("Ascension Day"),
    N_("Pentecost"),
    N_("Pentecost Monday"),
    N_("Corpus Christi"),
    N_("Russia Day"),
    N_("Midsummer Eve"),
    N_("Midsummer Day"),
    N_("Assumption Day"),
    N_("German Unity Day"),
    N_("Reformation Day"),
    N_("Repentance and Prayer Day"),
    N_("All Saints' Day"),
    N_("Unity Day"),
    N_("Armistice Day"),
    N_("Christmas Eve"),
    N_("Christmas"),
    N_("Christmas Day"),
    N_("Catholic Christmas Day"),
    N_("Second Day of Christmas"),
    N_("Boxing Day"),
    N_("Saint Stephen's Day"),
    N_("New Year's Eve"),
    N_("Liberation Day"),
    N_("Independence Day"),
    N_("Republic Day"),
    N_("Constitution Day"),
    N_("Statehood Day"),
    N_("National Day"),
    N_("National Unity Day"),
    N_("Memorial Day"),
    N_("Veterans Day"),
    N_("Thanksgiving Day"),
    N_("Chinese New Year (Spring Festival)"),
    N_("Tomb-Sweeping Day"),
    N_("Dragon Boat Festival"),
    N_("Mid-Autumn Festival"),
    N_("Eid al-Fitr"),
    N_("Eid al-Adha"),
    N_("Islamic New Year"),
    N_("Prophet's Birthday"),
    N_("Vernal Equinox Day"),
    N_("Autumnal Equinox Day"),
    N_("Day off"),
)
_SUBSTITUTED = re.compile(r" \(substituted from [^)]*\)")
_SIGNS = {"observed": N_("day off in its place"), "estimated": N_("expected")}
_SIGNED = re.compile(r"(.*) \(((?:observed|estimated)(?:, (?:observed|estimated))*)\)")


def in_language(english: str, language: str) -> str | None:
    """The name, or the names with "; " between, in `language`; None where one of them has no word there."""
    # "Day off (substituted from 02/20/2027)": which day it stands for helps nobody who plans.
    plain = _SUBSTITUTED.sub("", english)
    if language == DEFAULT_LANGUAGE:
        return plain
    parts = [_one(part, language) for part in plain.split("; ")]
    return "; ".join(part for part in parts if part) if all(parts) else None


def _one(english: str, language: str) -> str | None:
    name, signs = english, ""
    if match := _SIGNED.fullmatch(english):
        name, signs = match[1], ", ".join(gettext(language, _SIGNS[sign]) for sign in match[2].split(", "))
    if name not in _FREQUENT:
        return None
    return f"{gettext(language, name)} ({signs})" if signs else gettext(language, name)
