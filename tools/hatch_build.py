"""Build hook: the wheel carries the compiled brand and catalogues, made from the committed sources."""

from __future__ import annotations

import subprocess
import sys
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class ResourcesHook(BuildHookInterface[Any]):
    """Compiles resources before hatchling collects the files; a faulty one stops the build."""

    PLUGIN_NAME = "custom"

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Runs both compilers in the source tree; an editable install is served by tools/setup.sh instead.

        Raises:
            subprocess.CalledProcessError: a compiler refused its input and has said why.
        """
        if version == "editable":
            return
        for module in ("resources.compile", "tools.compile_catalogues"):
            subprocess.run([sys.executable, "-m", module], cwd=self.root, check=True, timeout=120)
