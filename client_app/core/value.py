"""Frozen values without the price of dataclasses, for what is made before the first window is painted.

A frozen dataclass writes and compiles its own methods when its module is imported: half a millisecond a class, and the
brand has eighteen. Here all classes share the methods below, so a class costs what its body costs. Type checkers treat
subclasses as frozen dataclasses (PEP 681).

Rule: standard library only, and nothing of it that Qt does not load anyway.
"""

from __future__ import annotations

from typing import Any, TypeVar, dataclass_transform


@dataclass_transform(frozen_default=True)
class Value:
    """Base of frozen values: fields are the annotations of the class body, in order; a class attribute is a default.

    Subclasses do not inherit fields from one another. Equal when of one class with equal fields; hashable when the
    fields are.
    """

    _fields: tuple[str, ...] = ()

    def __init_subclass__(cls) -> None:
        cls._fields = tuple(cls.__annotations__)

    def __init__(self, *positional: Any, **named: Any) -> None:
        """Fill the fields.

        Raises:
            TypeError: a field is missing, given twice or unknown.
        """
        given = dict(zip(self._fields, positional, strict=False))
        if len(positional) > len(self._fields) or given.keys() & named.keys():
            raise TypeError(f"{type(self).__name__}: too many values")
        given.update(named)
        if unknown := given.keys() - set(self._fields):
            raise TypeError(f"{type(self).__name__}: no field {', '.join(sorted(unknown))}")
        if missing := [name for name in self._fields if name not in given and not hasattr(type(self), name)]:
            raise TypeError(f"{type(self).__name__}: {', '.join(missing)} missing")
        self.__dict__.update(given)

    def __setattr__(self, name: str, value: object) -> None:
        raise AttributeError(f"{type(self).__name__} is frozen: {name} cannot be set")

    def __delattr__(self, name: str) -> None:
        raise AttributeError(f"{type(self).__name__} is frozen: {name} cannot be deleted")

    def __eq__(self, other: object) -> bool:
        return type(other) is type(self) and other._values() == self._values()

    def __hash__(self) -> int:
        return hash((type(self), self._values()))

    def __repr__(self) -> str:
        shown = ", ".join(
            f"{name}={value!r}" for name, value in zip(self._fields, self._values(), strict=True)
        )
        return f"{type(self).__name__}({shown})"

    def _values(self) -> tuple[object, ...]:
        return tuple(getattr(self, name) for name in self._fields)


# After the class, because a bound in quotes is compiled: a millisecond.
_V = TypeVar("_V", bound=Value)


def fields_of(shape: type[Value]) -> dict[str, str]:
    """Return the names of the fields with their types as written in the source, in order."""
    return {name: str(shape.__annotations__[name]) for name in shape._fields}


def with_changes(value: _V, **changes: Any) -> _V:
    """Return a copy with some fields changed.

    Raises:
        TypeError: a field is unknown.
    """
    return type(value)(**{**{name: getattr(value, name) for name in value._fields}, **changes})
