"""Renews the hash-locked requirements for Linux, Windows and macOS on every supported Python.

Reads pyproject.toml and writes

- requirements/dev.txt: everything; what a developer and CI install,
- requirements/client.txt: what the customer's program is frozen from,
- requirements/backend.txt: what a server installs (the shared record package's needs and the extra; no Qt).

The two small files take their versions from the large one, so what is tested is what is shipped. No registry
is named in the files: where packages come from is the business of the machine that installs them.
"""

from __future__ import annotations

import argparse
import re
import subprocess
import sys
import tomllib
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
OUT = ROOT / "requirements"
_NAME = re.compile(r"^[A-Za-z0-9._-]+")


def package_name(requirement: str) -> str:
    """Returns the normalised name (PEP 503) of a requirement such as "SQLAlchemy>=2.1,<2.2".

    Raises:
        ValueError: the text does not begin with a name.
    """
    found = _NAME.match(requirement)
    if found is None:
        raise ValueError(f"not a requirement: {requirement!r}")
    return re.sub(r"[-_.]+", "-", found.group()).lower()


def inputs(pyproject: Path) -> dict[str, list[str]]:
    """Returns the direct requirements of each lock file, by its name without the ending."""
    data = tomllib.loads(pyproject.read_text(encoding="utf-8"))
    client: list[str] = data["project"]["dependencies"]
    extras: dict[str, list[str]] = data["project"]["optional-dependencies"]
    by_name = {package_name(requirement): requirement for requirement in client}
    shared = [by_name[package_name(name)] for name in data["tool"]["pomoc-zdalna"]["lock"]["backend-base"]]
    return {
        "dev": client + extras["backend"] + extras["dev"],
        "client": client,
        "backend": shared + extras["backend"],
    }


def lock(name: str, requirements: list[str], *, upgrade: bool) -> None:
    """Resolves one file with uv; what is locked already stays unless `upgrade` is set.

    Raises:
        subprocess.CalledProcessError: no solution, or the registry cannot be reached; uv has said which.
    """
    target = OUT / f"{name}.txt"
    command = [
        *(sys.executable, "-m", "uv", "pip", "compile", "-", "--universal", "--python-version", "3.11"),
        *("--generate-hashes", "--no-emit-index-url", "--no-emit-find-links"),
        *("--no-header", "--no-annotate", "--quiet", "--output-file", str(target)),
    ]
    if name != "dev":
        command += ["--constraint", str(OUT / "dev.txt")]
    if upgrade:
        command.append("--upgrade")
    text = "\n".join(sorted(requirements)) + "\n"
    subprocess.run(
        command, input=text, text=True, check=True, cwd=ROOT, stdout=subprocess.DEVNULL, timeout=600
    )
    body = target.read_text(encoding="utf-8")
    head = "# Made by `make lock` from pyproject.toml; do not edit. pip install --require-hashes -r THIS\n"
    target.write_text(head + body, encoding="utf-8")
    print(f"{target.relative_to(ROOT)}: {body.count('==')} packages")


def main() -> int:
    """Renews all three files."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument(
        "--upgrade", action="store_true", help="take the newest versions that pyproject.toml allows"
    )
    arguments = parser.parse_args()
    OUT.mkdir(exist_ok=True)
    for name, requirements in inputs(ROOT / "pyproject.toml").items():
        lock(name, requirements, upgrade=arguments.upgrade)
    return 0


if __name__ == "__main__":
    sys.exit(main())
