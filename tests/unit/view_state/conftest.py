"""The example brand and a story whose sessions the tests look at."""

from __future__ import annotations

from pathlib import Path

import pytest

from client_app.core.config import Brand
from demo.scenes import Stories, example_brand, example_documents


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("brand")


@pytest.fixture(scope="module")
def brand(folder: Path) -> Brand:
    return example_brand(folder)


@pytest.fixture(scope="module")
def stories(folder: Path, brand: Brand) -> Stories:
    return Stories("pl", example_documents(folder, brand))
