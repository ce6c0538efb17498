"""Port for saving files where the customer chose."""

from pathlib import Path
from typing import Protocol


class FilesPort(Protocol):
    """Saving where the customer chose. Blocking; called from worker threads only."""

    def save(self, path: Path, data: bytes) -> Path:
        """Write a file as a whole or not at all, durably, and return where it is.

        What is there already is never touched: the name then gets " (2)", " (3)" and so on before its ending.

        Raises:
            CustomerError: CANNOT_SAVE.
        """
        ...
