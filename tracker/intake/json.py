"""JSON documents to checked values: every fault of pydantic becomes a message of ours that says what would be right.

`activity_content` reads what the API is sent; `checked` reads any of our models and serves sheets and the registry
too. Whatever the database could not hold (a NUL in a text) is refused here, not found out at the commit.
"""

import json
import re
from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any, TypeVar, get_args

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from tracker.domain.activities import Activity, ActivityContent, Kind
from tracker.domain.details import DETAILS
from tracker.errors import FieldProblem, InvalidInput
from tracker.i18n import N_
from tracker.intake.problems import shown

M = TypeVar("M", bound=BaseModel)

_READ_ONLY = frozenset(Activity.model_fields) - frozenset(ActivityContent.model_fields)
_DETAILS_MODELS = frozenset(model.__name__ for model in DETAILS.values())

_FALLBACK = N_("“{value}” is not right here.")
_UNSTORABLE = N_("This holds a character that cannot be stored. Please type it anew.")
_UNKNOWN_FIELD = N_("“{name}” is not known here. Known: {allowed}.")
_NOT_AN_OBJECT = N_("An object with named fields belongs here.")
_MISSING_CHOICE = N_("This is missing. Choose one of: {allowed}.")
_NOT_ONE_OF = N_("“{value}” is not possible here. Choose one of: {allowed}.")
_NUMBER = N_("“{value}” is not a number. Write it like 4516.00.")
_WHOLE_NUMBER = N_("“{value}” is not a whole number. Write it in digits only, such as 12.")
_NOT_A_DAY = N_("“{value}” is not a day. Write it like 2018-12-31.")
_TOO_LARGE = N_("“{value}” is too large a number.")

_CHOICES = {
    "kind": N_("“{value}” is not a kind of activity. Choose one of: {allowed}."),
    "status": N_("“{value}” is not a status. Choose one of: {allowed}."),
    "direction": N_("“{value}” is not a direction. Choose one of: {allowed}."),
}
"""Fields with a closed list of words, where a message of their own is clearer than the general one."""

_PATTERNS = {
    "twins": N_("“{value}” is not a twin's short name. Write it as the list of twins does, such as port-said."),
    "currency": N_("“{value}” is not a currency code. Write three capital letters, such as EUR."),
    "country": N_("“{value}” is not a country code. Write two capital letters, such as DE."),
    "hs_code": N_("“{value}” is no customs tariff number. Write four to ten digits, such as 9018."),
    "id": N_("“{value}” is no id of an item. Write small letters, digits and hyphens, or leave it out."),
    "[key]": N_("“{value}” is not a language code. Write one such as en, de or ru."),
}

_REASONS = {
    "missing": N_("This is missing and must be given."),
    "string_type": N_("A text belongs here."),
    "string_too_long": N_("This is too long; at most {max_length} characters fit."),
    "string_too_short": N_("This must not be empty."),
    "string_unicode": _UNSTORABLE,
    "string_pattern_mismatch": _FALLBACK,
    "too_short": N_("At least one must be given."),
    "too_long": N_("These are too many; at most {max_length} fit."),
    "int_type": _WHOLE_NUMBER,
    "int_parsing": _WHOLE_NUMBER,
    "int_from_float": _WHOLE_NUMBER,
    "int_parsing_size": _TOO_LARGE,
    "decimal_type": _NUMBER,
    "decimal_parsing": _NUMBER,
    "float_type": _NUMBER,
    "float_parsing": _NUMBER,
    "finite_number": _NUMBER,
    "decimal_max_digits": _TOO_LARGE,
    "decimal_whole_digits": _TOO_LARGE,
    "decimal_max_places": N_("“{value}” is too exact; at most {decimal_places} decimal places fit."),
    "greater_than_equal": N_("“{value}” is too small; it must be at least {ge}."),
    "greater_than": N_("“{value}” is too small; it must be more than {gt}."),
    "less_than_equal": N_("“{value}” is too large; it may be at most {le}."),
    "bool_type": N_("“{value}” is neither true nor false."),
    "bool_parsing": N_("“{value}” is neither true nor false."),
    "date_type": _NOT_A_DAY,
    "date_parsing": _NOT_A_DAY,
    "date_from_datetime_parsing": _NOT_A_DAY,
    "dict_type": N_('Texts by language belong here, such as {{"en": "…", "de": "…"}}.'),
    "tuple_type": N_("A list belongs here."),
    "model_type": _NOT_AN_OBJECT,
    "model_attributes_type": _NOT_AN_OBJECT,
}


def activity_content(document: object) -> ActivityContent:
    """Read an activity as the API's JSON has it; `InvalidInput` lists every fault.

    What only the tracker itself sets (`id`, `version`, …) is passed over, so that an activity can be sent back as it
    was read.
    """
    if isinstance(document, Mapping):
        document = {name: value for name, value in document.items() if name not in _READ_ONLY}
    return checked(ActivityContent, document)


def checked(model: type[M], document: object) -> M:
    """`document` as a value of `model`, or `InvalidInput`."""
    unstorable = [FieldProblem(".".join(path), "", _UNSTORABLE) for path in _unstorable(document)]
    if unstorable:
        raise InvalidInput(unstorable)
    try:
        return model.model_validate(document)
    except ValidationError as fault:
        raise refused(fault, model, document) from fault


def refused(fault: ValidationError, model: type[BaseModel], document: object = None) -> InvalidInput:
    """Pydantic's faults as ours, for what a framework has validated already."""
    return InvalidInput(_Translator(model, document).problems(fault))


def _unstorable(document: object, path: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    if isinstance(document, str):
        if "\x00" in document:
            yield path
    elif isinstance(document, Mapping):
        for name, value in document.items():
            if "\x00" in str(name):
                yield path
            yield from _unstorable(value, (*path, str(name)))
    elif isinstance(document, list | tuple):
        for index, value in enumerate(document):
            yield from _unstorable(value, (*path, str(index)))


class _Translator:
    """Turns pydantic's errors into our problems; knows what was read as what."""

    def __init__(self, model: type[BaseModel], document: object) -> None:
        self.model = model
        kind = document.get("kind") if isinstance(document, Mapping) else None
        self.details = DETAILS.get(str(kind))

    def problems(self, fault: ValidationError) -> list[FieldProblem]:
        found: dict[str, FieldProblem] = {}
        for error in fault.errors(include_url=False):
            if error["loc"][:1] == ("details",):
                if self.details is None:
                    continue  # how details are read depends on the kind: once that is right, they are looked at
                if _DETAILS_MODELS & set(map(str, error["loc"])):
                    error["loc"] = ("details",)
            problem = self._problem(error)
            inside = any(field.startswith(f"{problem.field}.") for field in found)
            if not (inside and error["type"] == "too_short"):  # "none given" follows from the only one being wrong
                found.setdefault(problem.field, problem)
        return list(found.values())

    def _problem(self, error: ErrorDetails) -> FieldProblem:
        context = error.get("ctx", {})
        path = str(shown(".".join(str(part) for part in error["loc"] if part != "[key]")))
        if error["type"] == "tracker":
            field = ".".join(part for part in (path, context["field"]) if part)
            return FieldProblem(field, shown(context["value"]), context["reason"], context["values"])
        value = "" if error["type"] in ("missing", "string_unicode") else _as_text(error["input"])
        reason, values = self._reason(error, context)
        return FieldProblem(path, value, reason, values)

    def _reason(self, error: ErrorDetails, context: Mapping[str, Any]) -> tuple[str, Mapping[str, object]]:
        sort, names = error["type"], [part for part in error["loc"] if isinstance(part, str)]
        leaf = names[-1] if names else ""
        if sort == "extra_forbidden":
            return _UNKNOWN_FIELD, {"name": shown(leaf), "allowed": tuple(sorted(self._fields_at(names[:-1])))}
        if sort == "missing" and names == ["kind"] and self.model is ActivityContent:
            return _MISSING_CHOICE, {"allowed": tuple(Kind)}
        if sort == "enum":
            return _CHOICES.get(leaf, _NOT_ONE_OF), {"allowed": tuple(re.findall("'([^']+)'", context["expected"]))}
        if sort == "string_pattern_mismatch":
            if words := re.fullmatch(r"\^\(([a-z_|]+)\)\$", context["pattern"]):
                return _NOT_ONE_OF, {"allowed": tuple(words[1].split("|"))}
            return _PATTERNS.get(leaf, _FALLBACK), {}
        numbers = {name: value for name, value in context.items() if isinstance(value, int | float | Decimal)}
        return _REASONS.get(sort, _FALLBACK), numbers

    def _fields_at(self, names: list[str]) -> set[str]:
        """The fields known where a path leads, looking into lists and unions."""
        models = {self.model}
        for name in names:
            annotations = [m.model_fields[name].annotation for m in models if name in m.model_fields]
            models = {inner for annotation in annotations for inner in _models_in(annotation)}
            if name == "details" and self.details:
                models = {self.details}
        return {field.alias or name for m in models for name, field in m.model_fields.items()}


def _models_in(annotation: object) -> Iterator[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    for inner in get_args(annotation):
        yield from _models_in(inner)


def _as_text(value: object) -> object:
    if isinstance(value, dict | list | tuple):
        return shown(json.dumps(value, ensure_ascii=False, default=str))
    if value is None or isinstance(value, bool):
        return json.dumps(value)
    return shown(value)
