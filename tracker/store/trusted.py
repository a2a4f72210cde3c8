"""Values made of rows: what was checked on its way in is not checked again, nor looked up field by field.

A report's list is tens of thousands of small values. `model_construct` asks for every field whether it has another name
and a default, which takes several times as long as reading the row.
"""

from typing import Any, TypeVar

from pydantic import BaseModel

M = TypeVar("M", bound=BaseModel)
_put = object.__setattr__


def trusted(cls: type[M], **values: Any) -> M:
    """A value of these fields; as none is given a default, all have to be named. Raises `KeyError` for one that is not.

    They stand in the order of the class, since they are written to JSON as they stand and editions are hashed.
    """
    made = cls.__new__(cls)
    _put(made, "__dict__", {name: values[name] for name in cls.__pydantic_fields__})
    _put(made, "__pydantic_fields_set__", set(values))
    _put(made, "__pydantic_extra__", None)
    _put(made, "__pydantic_private__", None)
    return made
