"""A whole world to run the product in: backend, keys, documents, AnyDesk stand-in, a company's folder. All of it real.

Everything lies below one folder (build/demo), which is made anew for each run.
"""

import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import msgspec
import requests

from demo.anydesk.build import StandIn
from demo.anydesk.build import build as build_standin
from demo.anydesk.remote import StandInRemote
from demo.backend_process import TECHNICIAN_NUMBERS, BackendProcess, start
from demo.technician import Technician
from resources.compile import compile_brand

ROOT = Path(__file__).resolve().parent.parent
EXAMPLE = ROOT / "demo" / "example_company" / "brand.toml"
TECHNICIAN_NUMBER = TECHNICIAN_NUMBERS[0]
STRANGER_NUMBER = "999888777"


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
    """

    folder: Path
    company: Path
    home: Path
    backend: BackendProcess
    technician: Technician
    standin: StandIn
    remote: StandInRemote


@contextmanager
def living_world(folder: Path, *, between: Callable[[str], str] = lambda url: url) -> Iterator[World]:
    """Make a world and let it live; everything that runs ends with the block.

    Args:
        folder: emptied first.
        between: from the backend's address to the one that the client is given (something may stand between).
    """
    if folder.exists():
        shutil.rmtree(folder)
    home, company = folder / "home", folder / "company"
    home.mkdir(parents=True)
    standin = build_standin(ROOT / "build" / "anydesk")
    backend = start(folder / "backend")
    try:
        publish(folder, backend)
        make_company(company, backend, standin, between(backend.url))
        technician = Technician(backend.url, backend.technician_name, backend.technician_password)
        remote = StandInRemote(standin.program, home)
        yield World(folder, company, home, backend, technician, standin, remote)
    finally:
        backend.stop()


def make_company(
    company: Path, backend: BackendProcess, standin: StandIn, url: str, system: str = "linux"
) -> None:
    """Make the folder that a company adds to the program: brand, signed documents, signed list, AnyDesk.

    Args:
        company: the folder.
        backend: signs documents and list.
        standin: AnyDesk, built for the system.
        url: where the client finds the backend.
        system: "linux" or "windows", the system that the client runs on.
    """
    root = backend.root_path.read_text().strip()
    settings = {
        "backend.url": url,
        "backend.root_public_key": root,
        f"anydesk.file_{system}": standin.program.name,
    }
    compile_brand(EXAMPLE, company / "brand.json", settings)
    shutil.copytree(standin.program.parent, company / "anydesk", dirs_exist_ok=True)
    program = company / "anydesk" / standin.program.name
    # Where programs are signed by their makers, the list has to say that the stand-in is not.
    unsigned = ("--unsigned", system) if system == "windows" else ()
    backend.run(
        "release", "sign-manifest", f"{system}={program}", "--with-folder", *unsigned, "--sequence", "1",
        "--out", str(company / "release.json"),
    )  # fmt: skip
    answer = requests.get(f"{backend.url}/v1/documents", timeout=(3, 10), proxies={"http": "", "https": ""})
    answer.raise_for_status()
    (company / "documents.json").write_bytes(msgspec.json.encode(answer.json()["documents"]))


def publish(folder: Path, backend: BackendProcess) -> None:
    """Publish the example company's documents, in each language that they are written in."""
    brand = folder / "texts" / "brand.json"
    compile_brand(EXAMPLE, brand, {})
    for kind in ("terms", "privacy", "price"):
        for language in ("pl", "en"):
            text = brand.parent / "documents" / kind / f"{language}.md"
            if text.is_file():
                backend.publish(kind, language, text, translation=language != "pl")
