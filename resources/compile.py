"""Compiles a brand file and its documents into what the programs read: resources/compiled/.

Rule: the same input gives the same bytes, and nothing is written unless everything is right.
Usage: ``python -m resources.compile [--brand FILE] [--out FILE] [--set KEY=VALUE]... [--release]``.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from resources import path as resource_path
from resources.brandfile import BrandFileError, check_brand, lookup_in, read_tables
from resources.checks import LANGUAGES
from resources.schema import FORMAT, KEYS
from resources.template import TemplateError, render, tidy_markdown

__all__ = ["compile_brand", "main"]

_KINDS = ("terms", "privacy", "price")
_LOGO_SUFFIXES = (".svg", ".png")
_MAX_DOCUMENT = 200_000
_MAX_LOGO = 500_000


def compile_brand(brand: Path, out: Path, settings: Mapping[str, str] | None = None) -> dict[str, object]:
    """Check a brand file and write the compiled form.

    Args:
        brand: the brand file.
        out: where brand.json goes; the documents go to ``documents/`` beside it.
        settings: dotted keys whose values replace those of the file (a demo's or developer's backend).

    Returns:
        The compiled data, as written.

    Raises:
        BrandFileError: anything is wrong; then nothing was written.
    """
    tables = read_tables(brand)
    for key, value in (settings or {}).items():
        _override(tables, key, value)
    values = check_brand(tables, str(brand))
    files = {**_documents(values, str(brand)), **_logo(values, str(brand))}
    data = _nested(values)
    text = json.dumps(data, ensure_ascii=False, indent=1, sort_keys=True) + "\n"
    _write(out.parent, files)
    _replace(out, text.encode("utf-8"))
    return data


def _override(tables: dict[str, object], key: str, value: str) -> None:
    known = {entry.name for entry in KEYS}
    table_name, _, name = key.partition(".")
    table = tables.get(table_name)
    if key not in known or not name or not isinstance(table, dict) or not isinstance(table.get(name), str):
        raise BrandFileError([f"--set {key}: not a key of the brand file that holds a plain text"])
    table[name] = value


def _documents(values: dict[str, object], origin: str) -> dict[str, bytes]:
    """Return the documents to write by relative path; their keys in ``values`` become those paths."""
    files: dict[str, bytes] = {}
    problems: list[str] = []
    for kind in _KINDS:
        sources = values[f"documents.{kind}"]
        assert isinstance(sources, dict)  # the schema's check returned it
        for language in LANGUAGES:
            if not sources[language]:
                continue
            name = f"documents/{kind}/{language}.md"
            try:
                files[name] = _document(Path(sources[language]), kind, language, values).encode("utf-8")
            except (OSError, ValueError) as error:
                problem = error.strerror if isinstance(error, OSError) else error
                problems.append(f"{origin}: documents.{kind} ({language}): {sources[language]}: {problem}")
            sources[language] = name
    if problems:
        raise BrandFileError(problems)
    return files


def _document(source: Path, kind: str, language: str, values: Mapping[str, object]) -> str:
    raw = source.read_bytes()
    if len(raw) > _MAX_DOCUMENT:
        raise ValueError(f"is larger than {_MAX_DOCUMENT} bytes")
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError:
        raise ValueError("is not UTF-8; save it as UTF-8 in your editor") from None
    if "\r" in text or "\ufeff" in text:
        raise ValueError("has Windows line ends or a byte order mark; save it as UTF-8 without BOM, LF")
    if not text.startswith("# "):
        raise ValueError('must begin with its title as a heading: "# Title"')
    if kind != "privacy":
        return text  # published word by word; only the privacy notice is a template
    try:
        return tidy_markdown(render(text, lambda key: lookup_in(values, key, language)))
    except TemplateError as error:
        raise ValueError(str(error)) from error


def _logo(values: dict[str, object], origin: str) -> dict[str, bytes]:
    source = str(values["appearance.logo"])
    if not source:
        return {}
    try:
        raw = Path(source).read_bytes()
    except OSError as error:
        raise BrandFileError([f"{origin}: appearance.logo: {source}: {error.strerror}"]) from error
    suffix = Path(source).suffix.lower()
    if suffix not in _LOGO_SUFFIXES or len(raw) > _MAX_LOGO:
        raise BrandFileError(
            [f"{origin}: appearance.logo: {source}: give an SVG or PNG of at most {_MAX_LOGO} bytes"]
        )
    values["appearance.logo"] = f"logo{suffix}"
    return {f"logo{suffix}": raw}


def _nested(values: Mapping[str, object]) -> dict[str, object]:
    data: dict[str, object] = {}
    for name, value in values.items():
        table, _, key = name.partition(".")
        if not key:
            data[table] = value
            continue
        inner = data.setdefault(table, {})
        assert isinstance(inner, dict)  # a top-level key never has the name of a table
        inner[key] = value
    data["format"] = FORMAT
    return data


def _write(folder: Path, files: Mapping[str, bytes]) -> None:
    """Write the files and remove those of an earlier brand that this one does not have."""
    possible = [f"documents/{kind}/{language}.md" for kind in _KINDS for language in LANGUAGES]
    for name in (*possible, *(f"logo{suffix}" for suffix in _LOGO_SUFFIXES)):
        if name in files:
            _replace(folder / name, files[name])
        else:
            (folder / name).unlink(missing_ok=True)


def _replace(target: Path, content: bytes) -> None:
    """Put a whole file in place or leave the old one; two compilers at once do no harm."""
    target.parent.mkdir(parents=True, exist_ok=True)
    partial = target.with_name(f"{target.name}.{os.getpid()}.part")
    partial.write_bytes(content)
    partial.replace(target)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command; returns 0, 1 (cannot be compiled) or 2 (compiled, but not ready for a release)."""
    options = _parser().parse_args(arguments)
    settings = dict(item.partition("=")[::2] for item in options.set)
    try:
        compile_brand(options.brand, options.out, settings)
    except BrandFileError as error:
        for problem in error.problems:
            print(problem, file=sys.stderr)
        return 1
    except OSError as error:
        print(f"{error.filename}: cannot be written ({error.strerror})", file=sys.stderr)
        return 1
    print(f"compiled {options.brand} -> {options.out}")
    return _release_check(options.out) if options.release else 0


def _parser() -> argparse.ArgumentParser:
    summary = (__doc__ or "").split("\n")[0]
    parser = argparse.ArgumentParser(prog="python -m resources.compile", description=summary)
    parser.add_argument(
        "--brand", type=Path, default=resource_path("brand.toml"), help="brand file to compile"
    )
    out = resource_path("compiled/brand.json")
    parser.add_argument("--out", type=Path, default=out, help="file to write")
    parser.add_argument("--set", action="append", default=[], metavar="KEY=VALUE", help="replace one text")
    parser.add_argument("--release", action="store_true", help="also say what a release still needs")
    return parser


def _release_check(compiled: Path) -> int:
    from client_app.core.config import load_brand, missing_for_release

    missing = missing_for_release(load_brand(compiled))
    for sentence in missing:
        print(f"release: {sentence}", file=sys.stderr)
    return 2 if missing else 0


if __name__ == "__main__":
    sys.exit(main())
