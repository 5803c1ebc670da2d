"""Which commands an editor may ask for, and what each takes. Imports nothing: it is read before anything is started."""

from dataclasses import dataclass
from typing import Literal

Takes = Literal["place", "suggestion", "nothing"]


@dataclass(frozen=True, slots=True)
class Command:
    """`takes` "place": one argument, `{"textDocument": {"uri"}, "position": {"line", "character"}}` as in LSP requests.
    "suggestion": one argument, the id that an item's own command carries; editors run it, nobody reads what it gives.

    What it gives is documented by `does`, a sentence.
    """

    name: str
    title: str
    takes: Takes
    does: str


EXPLAIN = Command("copilotLsp.explain", "Explain", "place", "Says what is at the place, in Markdown.")
DOCUMENT = Command(
    "copilotLsp.document", "Write documentation", "place", "Writes a doc comment for the definition around the place."
)
REINDEX = Command("copilotLsp.reindex", "Index again", "nothing", "Looks through all files of the workspace again.")
STATUS = Command(
    "copilotLsp.status", "Show status", "nothing", "Says what completes code, how far the index is and what is running."
)
ACCEPT = Command("copilotLsp.accept", "Accept", "suggestion", "Notes that a suggestion was accepted.")

COMMANDS: dict[str, Command] = {one.name: one for one in (EXPLAIN, DOCUMENT, REINDEX, STATUS, ACCEPT)}
