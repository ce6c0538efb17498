"""Entry of the program. With `--guardian` it is the guardian and never imports Qt; otherwise the wizard."""

import gc
import os
import sys


def main() -> int:
    """Run what the command line asks for and return the exit code."""
    if sys.argv[1:2] == ["--guardian"]:
        from client_app.guardian_entry import main as run_guardian

        code = run_guardian(sys.argv[2:])
        # Threads still stand in reads of pipes; an orderly shutdown would wait for them.
        os._exit(code)
    if sys.argv[1:2] == ["--field-check"]:
        from client_app.field_check import main as run_field_check

        return run_field_check(sys.argv[2:])
    # Garbage is collected on the window's thread only, once the flow is there (workers/garbage.py). Until then none is:
    # looking for it takes a twentieth of the start, and the thread that loads the heavy half could free a Qt object.
    gc.disable()
    if sys.platform != "win32":
        # Qt's bindings hold thirteen thousand functions: those that are called are looked up when they are.
        sys.setdlopenflags(os.RTLD_LAZY)
    # What needs no Qt comes before it: PySide reads the source of every module that is imported after it.
    import client_app.core.config
    import client_app.core.steps
    import client_app.options
    import client_app.ui.i18n  # noqa: F401
    from client_app.app import main as run_wizard

    return run_wizard(sys.argv)


if __name__ == "__main__":
    sys.exit(main())
