"""Rules of the whole tree that no linter knows; CONTRIBUTING.md says why each exists.

Each rule is a function from a file's path and text to complaints, is tested on a text that breaks it, and is
then held against every file of the tree.
"""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent.parent
PRODUCT = ("client_app", "consent_backend", "consent_record")
PACKAGES = (*PRODUCT, "demo")
MAX_LINES = 400

# Which third-party packages a layer may import; the standard library and the product's own packages are the
# import contracts' business (pyproject.toml).
THIRD_PARTY = {
    "client_app/core": {"stdnum"},
    "client_app/platforms": {"psutil"},
    "client_app/services": {"msgspec", "nacl", "platformdirs", "psutil", "requests", "segno",
                            "stdnum", "truststore", "urllib3"},
    "client_app/workers": {"PySide6"},
    "client_app/ui": {"PySide6", "segno"},
    "consent_record": {"msgspec", "nacl", "rfc8785", "stdnum"},
}  # fmt: skip
OWN = {"client_app", "consent_backend", "consent_record", "resources", "demo", "tests", "tools"}
SYSTEM_QUESTIONS = {"sys.platform", "os.name", "platform.system", "os.uname", "platform.uname"}
# The composition root picks the system's module; everything else is handed one.
MAY_ASK_SYSTEM = (
    "client_app/platforms/",
    "client_app/bootstrap.py",
    "client_app/app.py",
    "client_app/__main__.py",
)

Rule = Callable[[str, str], list[str]]


def python_files() -> list[str]:
    """Every Python file that is or would be committed, relative to the root."""
    listed = _git("ls-files", "--cached", "--others", "--exclude-standard", "*.py")
    return [name for name in listed if (ROOT / name).exists()]


def _git(*arguments: str) -> list[str]:
    run = subprocess.run(
        ["git", *arguments], cwd=ROOT, capture_output=True, text=True, check=True, timeout=30
    )
    return run.stdout.splitlines()


def has_docstring(name: str, text: str) -> list[str]:
    """A module says what it is for."""
    return [] if ast.get_docstring(ast.parse(text)) else [f"{name}: no docstring on the module"]


def is_small(name: str, text: str) -> list[str]:
    """A file holds one idea."""
    lines = text.count("\n")
    return [f"{name}: {lines} lines, the limit is {MAX_LINES}"] if lines >= MAX_LINES else []


def asks_no_system(name: str, text: str) -> list[str]:
    """Only client_app/platforms (and the composition root) ask which system this is."""
    if not name.startswith(PRODUCT) or name.startswith(MAY_ASK_SYSTEM):
        return []
    return [
        f"{name}:{node.lineno}: asks {question}"
        for node, question in _attributes(text)
        if question in SYSTEM_QUESTIONS
    ]


def _attributes(text: str) -> Iterator[tuple[ast.Attribute, str]]:
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
            yield node, f"{node.value.id}.{node.attr}"


def skips_with_reason(name: str, text: str) -> list[str]:
    """A test that does not run says why: pytest.skip("...") or a skip mark with reason=."""
    complaints = []
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Call) and _dotted(node.func) in ("pytest.skip", "pytest.mark.skip"):
            if not node.args and not any(keyword.arg == "reason" for keyword in node.keywords):
                complaints.append(f"{name}:{node.lineno}: skip without a reason")
        elif isinstance(node, ast.FunctionDef | ast.ClassDef):
            marks = [_dotted(decorator) for decorator in node.decorator_list]
            if "pytest.mark.skip" in marks:
                complaints.append(f"{name}:{node.lineno}: skip without a reason")
    return complaints


def _dotted(node: ast.expr) -> str:
    if isinstance(node, ast.Name):
        return node.id
    return f"{_dotted(node.value)}.{node.attr}" if isinstance(node, ast.Attribute) else ""


def imports_only_allowed(name: str, text: str) -> list[str]:
    """A layer imports the third-party packages it was given, at the top and inside functions alike."""
    layer = next((layer for layer in THIRD_PARTY if name.startswith(layer + "/")), None)
    if layer is None:
        return []
    allowed = THIRD_PARTY[layer] | OWN | set(sys.stdlib_module_names)
    return [
        f"{name}:{line}: {layer} may not import {package}"
        for line, package in _imports(text)
        if package not in allowed
    ]


def _imports(text: str) -> Iterator[tuple[int, str]]:
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield node.lineno, alias.name.partition(".")[0]
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield node.lineno, node.module.partition(".")[0]


@pytest.mark.parametrize(
    ("rule", "name", "broken"),
    [
        (has_docstring, "a.py", "import os\n"),
        (is_small, "a.py", "x = 1\n" * MAX_LINES),
        (asks_no_system, "client_app/ui/a.py", "import sys\nif sys.platform == 'win32': pass\n"),
        (asks_no_system, "consent_backend/a.py", "import os\nx = os.name\n"),
        (asks_no_system, "client_app/services/a.py", "import platform\nx = platform.system()\n"),
        (skips_with_reason, "tests/a.py", "import pytest\npytest.skip()\n"),
        (skips_with_reason, "tests/a.py", "import pytest\n@pytest.mark.skip\ndef test_a(): pass\n"),
        (skips_with_reason, "tests/a.py", "import pytest\n@pytest.mark.skip()\ndef test_a(): pass\n"),
        (imports_only_allowed, "client_app/core/a.py", "import msgspec\n"),
        (imports_only_allowed, "client_app/ui/a.py", "def f():\n    from requests import get\n"),
    ],
    ids=lambda value: getattr(value, "__name__", None),
)
def test_rule_finds_what_breaks_it(rule: Rule, name: str, broken: str) -> None:
    assert rule(name, broken)


@pytest.mark.parametrize(
    "rule", [has_docstring, is_small, asks_no_system, skips_with_reason, imports_only_allowed]
)
def test_tree_keeps(rule: Rule) -> None:
    files = python_files()
    assert files
    complaints = [line for name in files for line in rule(name, (ROOT / name).read_text(encoding="utf-8"))]
    assert not complaints, "\n".join(complaints)


@pytest.mark.parametrize("package", [*PACKAGES, "resources"])
def test_package_exists(package: str) -> None:
    assert (ROOT / package / "__init__.py").is_file()


# Put together here so that this file does not name them either.
REGISTRY_HOSTS = re.compile("|".join(re.escape(host) for host in (
    "pypi" + ".org", "pythonhosted" + ".org", "registry.npmjs" + ".org", "deb.debian" + ".org",
    "archive.ubuntu" + ".com", "proxy.golang" + ".org", "static.crates" + ".io",
)))  # fmt: skip


def test_no_file_names_a_registry_host() -> None:
    found = []
    for name in _git("ls-files", "--cached", "--others", "--exclude-standard"):
        path = ROOT / name
        if not path.is_file():
            continue
        match = REGISTRY_HOSTS.search(path.read_bytes().decode("utf-8", "replace"))
        if match:
            found.append(f"{name}: {match.group()}")
    assert not found, "\n".join(found)


def test_locks_carry_a_hash_for_every_package() -> None:
    for lock in sorted((ROOT / "requirements").glob("*.txt")):
        blocks = re.split(r"\n(?=\S)", lock.read_text(encoding="utf-8"))
        packages = [block for block in blocks if not block.startswith("#")]
        assert packages, lock
        assert all("==" in block and "--hash=sha256:" in block for block in packages), lock


def test_locks_agree() -> None:
    pins: dict[str, set[str]] = {}
    for lock in (ROOT / "requirements").glob("*.txt"):
        for name, version in re.findall(r"^([\w.-]+)==(\S+)", lock.read_text(encoding="utf-8"), re.MULTILINE):
            pins.setdefault(name, set()).add(version)
    assert {name: versions for name, versions in pins.items() if len(versions) > 1} == {}


def test_locks_cover_pyproject() -> None:
    from tools import lock

    for name, requirements in lock.inputs(ROOT / "pyproject.toml").items():
        text = (ROOT / "requirements" / f"{name}.txt").read_text(encoding="utf-8")
        pinned = {found.lower() for found in re.findall(r"^([\w.-]+)==", text, re.MULTILINE)}
        missing = {lock.package_name(requirement) for requirement in requirements} - pinned
        assert not missing, f"requirements/{name}.txt is behind pyproject.toml, run make lock: {missing}"


HEAVY = {
    "requests",
    "msgspec",
    "nacl",
    "sqlite3",
    "psutil",
    "truststore",
    "urllib3",
    "segno",
    "stdnum",
    "asyncio",
}


def test_nothing_heavy_is_imported_before_the_first_paint() -> None:
    """The pages and the application import PySide6 and light standard library only (design: first paint)."""
    probe = "import client_app.app, client_app.ui, sys; print('\\n'.join(sys.modules))"
    run = subprocess.run(
        [sys.executable, "-c", probe], cwd=ROOT, capture_output=True, text=True, timeout=60, check=False
    )
    assert run.returncode == 0, run.stderr
    assert HEAVY.isdisjoint(run.stdout.split()), sorted(HEAVY & set(run.stdout.split()))
