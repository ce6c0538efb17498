"""Reads and checks a brand file: every problem is found in one go, each named by file, key and remedy.

Rule: nothing is repaired and nothing is guessed; a brand that compiles is one whose every text can be shown.
"""

from __future__ import annotations

import difflib
import tomllib
from collections.abc import Mapping
from pathlib import Path

from resources.checks import LANGUAGES, ProblemError, contrast
from resources.schema import CONTACT_KEYS, KEYS, Key
from resources.template import TemplateError, render, tidy_markdown

__all__ = ["BrandFileError", "check_brand", "lookup_in", "read_tables"]

_FILE_KEYS = ("documents.terms", "documents.privacy", "documents.price", "appearance.logo")
_READABLE = 4.5  # WCAG 2.2, 1.4.3: text of normal size
_VISIBLE = 3.0  # WCAG 2.2, 1.4.11: parts of controls, against the page
_PAGES = {"accent": ("#ffffff", "light"), "dark_accent": ("#1e2227", "dark")}
_MAX_BYTES = 1_000_000


class BrandFileError(Exception):
    """A brand file cannot be compiled; ``problems`` holds one sentence each, with file and key."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__("\n".join(problems))
        self.problems = problems


def read_tables(path: Path) -> dict[str, object]:
    """Read a brand file and the one it extends; paths in it become absolute.

    ``extends = "../other.toml"`` at the top takes everything from there that this file does not set itself.

    Raises:
        BrandFileError: a file is missing, too large, not TOML, or the chain comes back to itself.
    """
    return _read(path, ())


def _read(path: Path, chain: tuple[Path, ...]) -> dict[str, object]:
    if path.resolve() in chain:
        raise BrandFileError([f"{path}: extends: the files extend each other in a circle"])
    try:
        raw = path.read_bytes()
        if len(raw) > _MAX_BYTES:
            raise BrandFileError([f"{path}: larger than {_MAX_BYTES} bytes; this is not a brand file"])
        tables: dict[str, object] = tomllib.loads(raw.decode("utf-8"))
    except OSError as error:
        raise BrandFileError([f"{path}: cannot be read ({error.strerror}); check the path"]) from error
    except UnicodeDecodeError:
        raise BrandFileError([f"{path}: is not UTF-8; save it as UTF-8 in your editor"]) from None
    except tomllib.TOMLDecodeError as error:
        raise BrandFileError([f"{path}: {error}; look at the quotes and brackets there"]) from error
    _make_absolute(tables, path.resolve().parent)
    base = tables.pop("extends", None)
    if base is None:
        return tables
    if not isinstance(base, str):
        raise BrandFileError([f"{path}: extends: must be a path in quotes"])
    return _merged(_read(path.parent / base, (*chain, path.resolve())), tables)


def _make_absolute(tables: dict[str, object], folder: Path) -> None:
    for name in _FILE_KEYS:
        table, key = name.split(".")
        values = tables.get(table)
        if not isinstance(values, dict):
            continue
        value = values.get(key)
        if isinstance(value, str) and value:
            values[key] = str(folder / value)
        elif isinstance(value, dict):
            values[key] = {k: str(folder / v) if isinstance(v, str) and v else v for k, v in value.items()}


def _merged(base: dict[str, object], over: dict[str, object]) -> dict[str, object]:
    result = dict(base)
    for key, value in over.items():
        below = result.get(key)
        # A wording is replaced as a whole: Polish of theirs beside English of ours would be two different texts.
        result[key] = {**below, **value} if isinstance(below, dict) and isinstance(value, dict) else value
    return result


def check_brand(tables: Mapping[str, object], origin: str) -> dict[str, object]:
    """Check all keys and fill all texts.

    Args:
        tables: what ``read_tables`` returned, perhaps with values changed by the caller.
        origin: the file's name in errors.

    Returns:
        Dotted keys with their values; ``"emergency"`` holds a list of tables.

    Raises:
        BrandFileError: with every problem found.
    """
    problems: list[str] = []
    given = _flatten(tables)
    known = {key.name for key in KEYS} | {"emergency"}
    for name in sorted(set(given) - known):
        near = difflib.get_close_matches(name, known, n=1)
        advice = f"did you mean {near[0]}?" if near else "remove it"
        problems.append(f"{origin}: {name}: no such key; {advice}")
    values: dict[str, object] = {key.name: _checked(key, given, origin, problems) for key in KEYS}
    contacts = _contacts(given.get("emergency"), origin, problems)
    if not problems:
        _check_colours(values, origin, problems)
        _fill(values, contacts, origin, problems)
    if problems:
        raise BrandFileError(problems)
    return {**values, "emergency": contacts}


def _flatten(tables: Mapping[str, object]) -> dict[str, object]:
    flat: dict[str, object] = {}
    for name, value in tables.items():
        if isinstance(value, dict):
            flat.update({f"{name}.{key}": inner for key, inner in value.items()})
        else:
            flat[name] = value
    return flat


def _checked(
    key: Key, given: Mapping[str, object], origin: str, problems: list[str], prefix: str = ""
) -> object:
    if key.name not in given:
        problems.append(f"{origin}: {prefix}{key.name}: missing ({key.what}); add it")
        return ""
    try:
        return key.check(given[key.name])
    except ProblemError as problem:
        problems.append(f"{origin}: {prefix}{key.name} ({key.what}): {problem}")
        return ""


def _contacts(given: object, origin: str, problems: list[str]) -> list[dict[str, object]]:
    if not isinstance(given, list) or not given or not all(isinstance(entry, dict) for entry in given):
        problems.append(f"{origin}: emergency: add at least one [[emergency]] contact, the bank first")
        return []
    contacts = []
    for number, entry in enumerate(given, start=1):
        prefix = f"emergency {number}: "
        names = [key.name for key in CONTACT_KEYS]
        problems.extend(
            f"{origin}: {prefix}{name}: no such key; remove it" for name in sorted(set(entry) - set(names))
        )
        contacts.append({key.name: _checked(key, entry, origin, problems, prefix) for key in CONTACT_KEYS})
    return contacts


def _check_colours(values: Mapping[str, object], origin: str, problems: list[str]) -> None:
    for name, (page, theme) in _PAGES.items():
        accent, on_accent = str(values[f"appearance.{name}"]), str(values[f"appearance.{name}_text"])
        text_ratio, page_ratio = contrast(accent, on_accent), contrast(accent, page)
        if text_ratio < _READABLE:
            what = f"contrast with {name}_text is {text_ratio:.1f}, {_READABLE} is needed to read it"
            problems.append(f"{origin}: appearance.{name}: {what}; make one of them lighter or darker")
        if page_ratio < _VISIBLE:
            what = f"contrast with the {theme} page is {page_ratio:.1f}, {_VISIBLE} is needed to see a button"
            problems.append(f"{origin}: appearance.{name}: {what}; choose another shade")


def lookup_in(values: Mapping[str, object], key: str, language: str) -> str:
    """Return the value of a key for templates, in one language.

    Raises:
        TemplateError: there is no such key, or it holds no text.
    """
    if key == "example_notice":  # the notice itself when the brand is an example, else nothing
        return lookup_in(values, "texts.example_notice", language) if values["example"] else ""
    value = values.get(key)
    if isinstance(value, dict):
        value = value[language]
    if isinstance(value, bool) or not isinstance(value, str | int):
        raise TemplateError(f"{key}: there is no such key to put into a text")
    return str(value)


def _fill(
    values: dict[str, object], contacts: list[dict[str, object]], origin: str, problems: list[str]
) -> None:
    """Render every wording in place; texts may name other keys, and those must then be plain."""
    sources = dict(values)

    def filled(name: str, template: str, language: str) -> str:
        try:
            return tidy_markdown(render(template, lambda key: _plain(sources, key, language))).strip()
        except TemplateError as error:
            problems.append(f"{origin}: {name} ({language}): {error}")
            return ""

    for name, value in sources.items():
        if isinstance(value, dict) and not name.startswith("documents."):
            values[name] = {language: filled(name, value[language], language) for language in LANGUAGES}
    for number, contact in enumerate(contacts, start=1):
        for name, value in list(contact.items()):
            label = f"emergency {number}: {name}"
            if isinstance(value, dict):
                contact[name] = {language: filled(label, value[language], language) for language in LANGUAGES}
            elif name == "number":
                contact[name] = filled(label, str(value), LANGUAGES[0])


def _plain(values: Mapping[str, object], key: str, language: str) -> str:
    value = lookup_in(values, key, language)
    if "{" in value or "[[" in value:
        raise TemplateError(f"{key} itself holds marks; only plain keys can be put into a text")
    return value
