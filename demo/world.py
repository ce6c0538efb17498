"""A whole world to run the product in: backend, keys, documents, AnyDesk stand-in, a company's folder. All of it real.

Everything lies below one folder (build/demo), which is made anew for each run.
"""

import secrets
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import requests

from demo.anydesk.build import StandIn
from demo.anydesk.build import build as build_standin
from demo.anydesk.remote import StandInRemote
from demo.backend_process import BackendProcess, start
from demo.technician import Technician
from resources.compile import compile_brand

ROOT = Path(__file__).resolve().parent.parent
EXAMPLE = ROOT / "demo" / "example_company" / "brand.toml"
COMMAND_LIMIT_SECONDS = 60
TECHNICIAN_NUMBER = "111222333"
STRANGER_NUMBER = "999888777"
SIGN_IN = "anna"
TECHNICIAN_NAME = "Anna (przykład)"


@dataclass
class World:
    """What a run needs to know.

    Attributes:
        folder: everything lies below it.
        company: the folder that a company adds to the program.
        home: home folder of the customer.
        backend: the running backend.
        technician: signed in at the console.
        standin: the frozen stand-in; `remote` drives it.
        password: of the technician's account.
    """

    folder: Path
    company: Path
    home: Path
    backend: BackendProcess
    technician: Technician
    standin: StandIn
    remote: StandInRemote
    password: str


@contextmanager
def living_world(folder: Path, *, client_url: str = "") -> Iterator[World]:
    """Make a world and let it live; everything that runs ends with the block.

    Args:
        folder: emptied first.
        client_url: address that the client is given instead of the backend's own (something stands between).
    """
    if folder.exists():
        shutil.rmtree(folder)
    home, company = folder / "home", folder / "company"
    home.mkdir(parents=True)
    standin = build_standin(ROOT / "build" / "anydesk")
    backend = start(folder / "backend")
    try:
        password = secrets.token_urlsafe(12)
        _make_technician(backend.data, password)
        _publish(folder, backend)
        make_company(company, backend, standin, client_url or backend.url)
        technician = Technician(backend.url, SIGN_IN, password)
        remote = StandInRemote(standin.program, home)
        yield World(folder, company, home, backend, technician, standin, remote, password)
    finally:
        backend.stop()


def make_company(company: Path, backend: BackendProcess, standin: StandIn, url: str) -> None:
    """Make the folder that a company adds to the program: brand, signed documents, signed list, AnyDesk."""
    root = backend.root.read_text().strip()
    settings = {
        "backend.url": url,
        "backend.root_public_key": root,
        "anydesk.file_linux": standin.program.name,
    }
    compile_brand(EXAMPLE, company / "brand.json", settings)
    shutil.copytree(standin.program.parent, company / "anydesk", dirs_exist_ok=True)
    program = company / "anydesk" / standin.program.name
    _backend_command(
        backend.data,
        "release", "sign-manifest", f"linux={program}", "--with-folder", "--sequence", "1",
        "--out", str(company / "release.json"),
    )  # fmt: skip
    answer = requests.get(f"{backend.url}/v1/documents", timeout=(3, 10), proxies={"http": "", "https": ""})
    answer.raise_for_status()
    import msgspec

    (company / "documents.json").write_bytes(msgspec.json.encode(answer.json()["documents"]))


def _make_technician(data: Path, password: str) -> None:
    _backend_command(
        data, "technician", "add", SIGN_IN, "--display-name", TECHNICIAN_NAME, "--password-stdin", stdin=password
    )
    _backend_command(data, "technician", "numbers", SIGN_IN, TECHNICIAN_NUMBER)


def _publish(folder: Path, backend: BackendProcess) -> None:
    brand = folder / "texts" / "brand.json"
    compile_brand(EXAMPLE, brand, {})
    for kind in ("terms", "privacy", "price"):
        for language in ("pl", "en"):
            text = brand.parent / "documents" / kind / f"{language}.md"
            translation = () if language == "pl" else ("--translation",)
            if text.is_file():
                _backend_command(backend.data, "publish", kind, str(text), "--language", language, *translation)


def _backend_command(data: Path, *arguments: str, stdin: str = "") -> str:
    run = subprocess.run(
        [sys.executable, "-m", "consent_backend", *arguments, "--data", str(data)],
        cwd=ROOT, input=stdin + "\n", capture_output=True, text=True, timeout=COMMAND_LIMIT_SECONDS, check=False,
    )  # fmt: skip
    if run.returncode != 0:
        raise RuntimeError(f"consent_backend {' '.join(arguments)}: {run.stdout}{run.stderr}")
    return run.stdout
