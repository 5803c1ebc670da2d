"""What the rest of the program tells the side port about itself."""

from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from typing import Any

Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Status:
    """One moment of a runtime, in JSON-ready values. Source text and prompts have no place here.

    `ready` means that a completion would be answered. `models` is the sentence that says which model is used and why,
    `engine` names what completes now. `health` is `Health.report()`.
    """

    ready: bool
    health: Row
    sessions: list[Row] = field(default_factory=list[Row])
    agents: dict[str, Row] = field(default_factory=dict[str, Row])
    queue: dict[str, Row] = field(default_factory=dict[str, Row])
    indexes: list[Row] = field(default_factory=list[Row])
    models: str = ""
    engine: str = ""

    def row(self) -> Row:
        return asdict(self)


# Called on the runtime's event loop, so it may read what the loop owns; it must be quick.
StatusProvider = Callable[[], Status]
