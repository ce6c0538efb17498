"""Families of rows, one a module, found by their files."""

from __future__ import annotations

import importlib
import pkgutil
from typing import cast

from tests.bench.rows import Family


def names() -> list[str]:
    """Return the families there are, in alphabetical order."""
    return sorted(module.name for module in pkgutil.iter_modules(__path__))


def load(name: str) -> Family:
    """Return a family; only then its module is imported.

    Raises:
        ModuleNotFoundError: there is none of that name.
    """
    return cast(Family, importlib.import_module(f"{__name__}.{name}"))
