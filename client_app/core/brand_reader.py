"""Typed reading of the compiled brand: every wrong key ends in one sentence that names it.

Rule: nothing is guessed. A missing key or a wrong type is an error, never a default.
"""

from __future__ import annotations

from collections.abc import Iterator
from enum import StrEnum
from typing import TypeVar

from client_app.core.brand_types import Text
from client_app.core.value import Value, fields_of

_ADVICE = "Run: python -m resources.compile"
_E = TypeVar("_E", bound=StrEnum)
_T = TypeVar("_T", bound=Value)


class ConfigError(Exception):
    """The program's own settings cannot be used; ``str()`` is a sentence that says what to do."""


class BrandReader:
    """A table of the compiled brand file and the path that led to it."""

    def __init__(self, data: object, origin: str, prefix: str = "") -> None:
        """Wrap ``data``, which must be a JSON object.

        Raises:
            ConfigError: it is something else.
        """
        self._origin = origin
        self._prefix = prefix
        if not isinstance(data, dict):
            what = prefix.rstrip(".") or "the file"
            raise ConfigError(f"{origin}: {what} must be a table. {_ADVICE}")
        self._data: dict[str, object] = data

    def error(self, key: str, problem: str) -> ConfigError:
        """Make the error for one key."""
        return ConfigError(f"{self._origin}: {self._prefix}{key}: {problem}. {_ADVICE}")

    def _value(self, key: str) -> object:
        try:
            return self._data[key]
        except KeyError:
            raise self.error(key, "missing") from None

    def string(self, key: str) -> str:
        """Return a string, possibly empty."""
        value = self._value(key)
        if not isinstance(value, str):
            raise self.error(key, "must be a text")
        return value

    def integer(self, key: str) -> int:
        """Return a whole number; booleans are refused."""
        value = self._value(key)
        if not isinstance(value, int) or isinstance(value, bool):
            raise self.error(key, "must be a whole number")
        return value

    def boolean(self, key: str) -> bool:
        """Return true or false."""
        value = self._value(key)
        if not isinstance(value, bool):
            raise self.error(key, "must be true or false")
        return value

    def text(self, key: str) -> Text:
        """Return a wording in both languages."""
        table = self.table(key)
        return Text(pl=table.string("pl"), en=table.string("en"))

    def table(self, key: str) -> BrandReader:
        """Return a table below this one."""
        return BrandReader(self._value(key), self._origin, f"{self._prefix}{key}.")

    def tables(self, key: str) -> Iterator[BrandReader]:
        """Yield the tables of a list, numbered from 1 in errors."""
        value = self._value(key)
        if not isinstance(value, list):
            raise self.error(key, "must be a list")
        for number, item in enumerate(value, start=1):
            yield BrandReader(item, self._origin, f"{self._prefix}{key}.{number}.")

    def choice(self, key: str, vocabulary: type[_E]) -> _E:
        """Return a member of a closed vocabulary."""
        return self._member(key, self.string(key), vocabulary)

    def choices(self, key: str, vocabulary: type[_E]) -> list[_E]:
        """Return members of a closed vocabulary."""
        value = self._value(key)
        if not isinstance(value, list):
            raise self.error(key, "must be a list")
        return [self._member(key, item, vocabulary) for item in value]

    def build(self, shape: type[_T]) -> _T:
        """Fill a value whose fields are all ``str``, ``int`` or ``Text`` and named like the keys."""
        values: dict[str, object] = {}
        for name, kind in fields_of(shape).items():
            reader = {"str": self.string, "int": self.integer, "Text": self.text}[kind]
            values[name] = reader(name)
        return shape(**values)

    def _member(self, key: str, value: object, vocabulary: type[_E]) -> _E:
        for member in vocabulary:
            if member.value == value:
                return member
        raise self.error(key, f"must be one of: {', '.join(vocabulary)}")
