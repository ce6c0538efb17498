"""One unit of work: what every act gets, inside a transaction."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import TypeVar

from sqlalchemy import Connection

from consent_record.fields import timestamp

T = TypeVar("T")


@dataclass
class Work:
    """A transaction under way.

    Attributes:
        connection: in a transaction; an act neither commits nor rolls back.
        now: aware moment at which this unit began; one act has one time.
        changed_cases: ids of cases that consoles must show anew after the commit.
    """

    connection: Connection
    now: datetime
    changed_cases: set[str] = field(default_factory=set)

    @property
    def now_text(self) -> str:
        """`now` as a `Timestamp`."""
        return timestamp(self.now)


Unit = Callable[[Work], T]
"""An act: runs inside one transaction and returns its answer."""
