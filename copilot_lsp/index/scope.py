"""What of a folder is indexed, as plain data."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Scope:
    """The settings of the index when they have been checked: a worker that had to know pydantic started 90 ms later."""

    max_file_bytes: int
    max_files: int
    exclude: tuple[str, ...]
    text: tuple[str, ...]
    vectors: bool
