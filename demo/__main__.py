"""`make demo`: the product at work. With a screen it opens wizard and console; without one it plays both sides."""

import argparse
import os
import platform
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
FOLDER = ROOT / "build" / "demo"
BREAKS = ("closing", "receipt", "backend", "caller")


def main() -> int:
    """Run the demo and return 0 when everything held."""
    parser = argparse.ArgumentParser(prog="make demo", description=__doc__)
    parser.add_argument(
        "--break", dest="broken", choices=BREAKS, help="let this part go wrong; ends non-zero and says why"
    )
    parser.add_argument("--refuse", action="store_true", help="the customer says no on the terms page")
    parser.add_argument("--language", choices=("pl", "en"), default="pl", help="the customer's language")
    parser.add_argument("--play", action="store_true", help="play both sides even where there is a screen")
    options = parser.parse_args()
    if has_screen() and not (options.play or options.broken or options.refuse):
        from demo.interactive import run_with_screen

        return run_with_screen(FOLDER, options.language)
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    from demo.play import play

    return play(FOLDER, language=options.language, broken=options.broken, refuse=options.refuse)


def has_screen() -> bool:
    """Tell whether there is a screen to open windows on."""
    if platform.system() != "Linux":
        return True
    return bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))


if __name__ == "__main__":
    sys.exit(main())
