"""An elevated guardian's process as Windows starts it, with the private folders of these tests.

Arguments: the company's folder, the folder for copies, the name of the pipe.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

from client_app.guardian_entry import be_elevated
from client_app.platforms.windows.elevated import WindowsElevatedHalf
from tests.windows.private import private_files

if __name__ == "__main__":
    company, root, name = sys.argv[1:]
    # Which folder is protected is a question of access lists, which wine does not keep (limit "access-lists").
    half = WindowsElevatedHalf(files=private_files(), is_protected=lambda _path: True)
    os._exit(be_elevated(half, name, Path(company), Path(root)))
