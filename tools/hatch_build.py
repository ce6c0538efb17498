"""Build hook: the wheel carries compiled catalogues, made from the committed ones."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class CatalogueHook(BuildHookInterface[Any]):
    """Compiles resources/locale before hatchling collects the files."""

    PLUGIN_NAME = "custom"

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Compiles every stale catalogue; a faulty one stops the build."""
        source = Path(self.root) / "tools" / "compile_catalogues.py"
        spec = importlib.util.spec_from_file_location("compile_catalogues", source)
        if spec is None or spec.loader is None:
            raise RuntimeError(f"cannot load {source}")
        module = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)
        for catalogue in module.stale_catalogues(module.LOCALE_DIR):
            module.compile_catalogue(catalogue)
