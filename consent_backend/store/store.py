"""The door to the database for a running server: writes through the one writer, reads in short transactions."""

import asyncio
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path
from typing import TypeVar

from sqlalchemy import Engine
from sqlalchemy.exc import OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError

from consent_backend.problems import busy
from consent_backend.settings import READ_SECONDS
from consent_backend.store.engine import READERS, WRITES, open_engine
from consent_backend.store.work import Unit, Work
from consent_backend.store.writer import OnCommit, Writer

T = TypeVar("T")


class Store:
    """An open database with its writer thread and its reading threads."""

    def __init__(self, database: Path, on_commit: OnCommit) -> None:
        self._engine = open_engine(database)
        self._writer = Writer(self._engine, on_commit)
        self._readers = ThreadPoolExecutor(READERS, thread_name_prefix="reader")

    def start(self) -> None:
        """Start the writer; call it inside the event loop."""
        self._writer.start()

    async def write(self, unit: Unit[T]) -> T:
        """Run an act that writes; returns after its commit is on the disk.

        Raises:
            ApiError: the act's own refusal, or `server.busy`.
        """
        return await self._writer.run(unit)

    async def read(self, unit: Unit[T]) -> T:
        """Run an act that only reads, in a transaction of its own.

        Raises:
            ApiError: the act's own refusal, or `server.busy`.
        """
        loop = asyncio.get_running_loop()
        try:
            async with asyncio.timeout(READ_SECONDS):
                return await loop.run_in_executor(self._readers, run_once, self._engine, unit, False)
        except (TimeoutError, OperationalError, PoolTimeoutError) as error:
            raise busy() from error

    async def compact(self) -> None:
        """Move the write-ahead log into the database and empty it, so that removed data is gone from both."""
        loop = asyncio.get_running_loop()
        await loop.run_in_executor(self._readers, _checkpoint, self._engine)

    async def stop(self) -> None:
        """Finish what is queued and close the database."""
        await self._writer.stop()
        self._readers.shutdown(wait=True, cancel_futures=True)
        self._engine.dispose()


def run_once(engine: Engine, unit: Unit[T], writes: bool) -> T:
    """Run one act in a transaction of its own in this thread; commands use it directly."""
    with engine.connect().execution_options(**{WRITES: writes}) as connection, connection.begin():
        return unit(Work(connection, datetime.now(UTC)))


def _checkpoint(engine: Engine) -> None:
    raw = engine.raw_connection()
    try:
        cursor = raw.cursor()
        cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        cursor.close()
    finally:
        raw.close()
