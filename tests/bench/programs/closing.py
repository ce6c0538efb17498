"""Closes AnyDesk again and again, each time from a state of chance; says how each closing went, one a line."""

import json
import os
import sys
from dataclasses import asdict
from pathlib import Path


def main(folder: Path, first: int, count: int, second_look_seconds: float) -> None:
    """Run the seeds `first`, `first` + 1, ... each in a home folder of its own below `folder`."""
    from client_app.services.anydesk import session
    from tests.helpers.closing import close_randomly

    session.SECOND_LOOK_SECONDS = second_look_seconds
    for seed in range(first, first + count):
        home = folder / f"home-{seed}"
        home.mkdir(parents=True)
        os.environ["HOME"] = str(home)
        print(json.dumps(asdict(close_randomly(home, seed))), flush=True)


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]), float(sys.argv[4]))
