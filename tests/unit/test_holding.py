"""What the frozen program holds in memory when its files go: nothing that a function imports later is missing."""

from __future__ import annotations

import ast
import os
import subprocess
import sys
from pathlib import Path

import pytest

import resources

PROBE = """
import sys
from client_app.holding import hold_program
hold_program()
print("\\n".join(sys.modules))
"""
NEVER = {
    # Of other systems.
    "winreg", "msvcrt", "ctypes.wintypes", "_winapi",
    # Types only.
    "typing_extensions",
    *(("fcntl", "grp") if os.name == "nt" else ()),
}  # fmt: skip


def late_imports(source: Path) -> set[str]:
    """Modules that are imported inside functions of a file."""
    found = set()
    for function in ast.walk(ast.parse(source.read_text(encoding="utf-8"))):
        if isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda):
            for node in ast.walk(function):
                if isinstance(node, ast.Import):
                    found |= {alias.name for alias in node.names}
                elif isinstance(node, ast.ImportFrom) and node.module:
                    found.add(node.module)
    return found


def test_late_imports_are_found(tmp_path: Path) -> None:
    source = tmp_path / "a.py"
    source.write_text("import os\ndef f():\n    import re\n    from a.b import c\n")
    assert late_imports(source) == {"re", "a.b"}


def test_every_late_import_of_the_program_is_held(project_root: Path) -> None:
    run = subprocess.run(
        [sys.executable, "-c", PROBE],
        cwd=project_root,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert run.returncode == 0, run.stderr
    held = set(run.stdout.split())
    files = [
        file
        for package in ("client_app", "consent_record")
        for file in (project_root / package).rglob("*.py")
    ]
    missing = (
        {name for file in files if "__main__" not in file.name for name in late_imports(file)} - held - NEVER
    )
    assert not missing


def test_pictures_and_styles_are_held(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    resources.hold()
    monkeypatch.setattr("sys._MEIPASS", str(tmp_path), raising=False)
    assert "QWizard" in resources.text("styles/wizard.qss") or "@" in resources.text("styles/wizard.qss")
    assert "<svg" in resources.text("icons/trash.svg")
    with pytest.raises(OSError, match="nothing"):
        resources.text("icons/nothing.svg")
