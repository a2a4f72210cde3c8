"""Libraries that are loaded when something of theirs is first used: those that most commands never need.

At the top of a module such an import costs every start, hidden in a function nobody finds it. A `Late` stands at the
top, where imports stand, and `tests/test_architecture.py` lists the modules that have one. Imports nothing of ours.
"""

from importlib import import_module
from typing import Any


class Late:
    """Stands for a module, and looks each name up in it when it is asked for."""

    def __init__(self, module: str) -> None:
        self._module = module

    def __getattr__(self, name: str) -> Any:
        return getattr(import_module(self._module), name)
