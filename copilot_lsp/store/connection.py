"""The part of an apsw connection that our statements use, with types that a checker can follow."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any, Protocol

Value = str | int | float | bytes | None
Row = tuple[Any, ...]


class Cursor(Protocol):
    """The rows of one statement, each fetched when it is asked for."""

    def __iter__(self) -> Iterator[Row]: ...
    def fetchone(self) -> Row | None: ...
    def fetchall(self) -> list[Row]: ...


class Connection(Protocol):
    """`execute` runs a script of several statements only up to its first row: iterate over it to run it all."""

    filename: str
    in_transaction: bool

    def execute(self, statements: str, bindings: Sequence[Value] = ..., /) -> Cursor: ...
    def executemany(self, statements: str, bindings: Iterable[Sequence[Value]], /) -> Cursor: ...
    def last_insert_rowid(self) -> int: ...
    def changes(self) -> int: ...
    def close(self) -> None: ...
