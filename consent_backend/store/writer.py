"""The one writer: a thread that runs everything queued in one transaction, commits once, then answers each caller.

A caller is answered only after the commit that holds its writes (synchronous=FULL: after the sync). Each unit
has a savepoint, so that one that fails takes nothing else with it.
"""

import asyncio
import queue
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, TypeVar

from sqlalchemy import Connection, Engine
from sqlalchemy.exc import OperationalError, SQLAlchemyError

from consent_backend.problems import ApiError, busy
from consent_backend.settings import BATCH_LIMIT, QUEUE_LIMIT, STOP_SECONDS, WRITE_SECONDS
from consent_backend.store.engine import WRITES
from consent_backend.store.work import Unit, Work

T = TypeVar("T")

OnCommit = Callable[[frozenset[str]], None]


@dataclass
class _Job:
    unit: Unit[Any]
    future: "asyncio.Future[Any]"
    result: Any = None
    error: BaseException | None = None
    changed: set[str] = field(default_factory=set)


class Writer:
    """Runs units of work one after the other on a connection of its own.

    Args:
        engine: the database.
        on_commit: called in the event loop with the ids of the cases that a commit changed.
    """

    def __init__(self, engine: Engine, on_commit: OnCommit) -> None:
        self._engine = engine
        self._on_commit = on_commit
        self._queue: queue.SimpleQueue[_Job | None] = queue.SimpleQueue()
        self._waiting = 0
        self._is_stopping = False
        self._thread = threading.Thread(target=self._run, name="writer", daemon=True)
        self._loop: asyncio.AbstractEventLoop | None = None

    def start(self) -> None:
        """Start the thread; call it inside the event loop."""
        self._loop = asyncio.get_running_loop()
        self._thread.start()

    async def run(self, unit: Unit[T]) -> T:
        """Run a unit of work and return its answer once it is committed and synced.

        Raises:
            ApiError: the unit's own refusal, or `server.busy` when the queue is full or the wait too long.
        """
        if self._is_stopping or self._waiting >= QUEUE_LIMIT:
            raise busy()
        job = _Job(unit, asyncio.get_running_loop().create_future())
        self._waiting += 1
        self._queue.put(job)
        try:
            async with asyncio.timeout(WRITE_SECONDS):
                result: T = await job.future
        except TimeoutError as error:
            raise busy() from error
        return result

    async def stop(self) -> None:
        """Finish what is queued, then end the thread; waits at most `STOP_SECONDS`."""
        self._is_stopping = True
        self._queue.put(None)
        await asyncio.to_thread(self._thread.join, STOP_SECONDS)

    def _run(self) -> None:
        is_open = True
        with self._engine.connect().execution_options(**{WRITES: True}) as connection:
            while is_open:
                batch, is_open = self._next_batch()
                if batch:
                    _run_batch(connection, batch)
                    self._deliver(batch)

    def _next_batch(self) -> tuple[list[_Job], bool]:
        batch: list[_Job] = []
        job = self._queue.get()
        while job is not None:
            batch.append(job)
            if len(batch) >= BATCH_LIMIT:
                return batch, True
            try:
                job = self._queue.get_nowait()
            except queue.Empty:
                return batch, True
        return batch, False

    def _deliver(self, batch: list[_Job]) -> None:
        if self._loop is not None and not self._loop.is_closed():
            self._loop.call_soon_threadsafe(self._answer, batch)

    def _answer(self, batch: list[_Job]) -> None:
        self._waiting -= len(batch)
        changed: set[str] = set()
        for job in batch:
            changed |= job.changed
            if job.future.done():
                continue
            if job.error is not None:
                job.future.set_exception(job.error)
            else:
                job.future.set_result(job.result)
        if changed:
            self._on_commit(frozenset(changed))


def _run_batch(connection: Connection, batch: list[_Job]) -> None:
    try:
        with connection.begin():
            for job in batch:
                _run_job(connection, job)
    except SQLAlchemyError as error:
        refusal = busy() if isinstance(error, OperationalError) else error
        for job in batch:
            job.error, job.changed = refusal, set()


def _run_job(connection: Connection, job: _Job) -> None:
    work = Work(connection, datetime.now(UTC))
    connection.exec_driver_sql("SAVEPOINT unit")
    try:
        job.result = job.unit(work)
    except ApiError as error:
        job.error = error
        if not error.keeps_writes:
            _undo(connection)
            work.changed_cases.clear()
    except Exception as error:  # noqa: BLE001 - handed to the caller, who answers 500 and logs it
        job.error = error
        _undo(connection)
        work.changed_cases.clear()
    connection.exec_driver_sql("RELEASE unit")
    job.changed = work.changed_cases


def _undo(connection: Connection) -> None:
    connection.exec_driver_sql("ROLLBACK TO unit")
