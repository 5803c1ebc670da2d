"""What does a model make of the lines that may follow the last edit?

It is shown the edits as a diff that goes on with one of those lines, and writes the line that comes in its place: a
model that fills in code knows diffs, whether it was taught to chat or not.
"""

from contextlib import aclosing
from difflib import SequenceMatcher

from copilot_lsp.agents.next_edits.candidates import Candidates, Changed
from copilot_lsp.agents.next_edits.scene import Cause, Scene
from copilot_lsp.agents.next_edits.tokens import tokens
from copilot_lsp.agents.request import NextEdit
from copilot_lsp.core.budget import Budget
from copilot_lsp.core.document import Document, document
from copilot_lsp.core.fill import FillLimits, FillRequest
from copilot_lsp.core.text import Position, Span
from copilot_lsp.providers.select import Choice

_TOKENS = 96
_CONTEXT = 3
# What is written for a line must still be that line; and a model is never as sure as the tree.
_ALIKE = 0.5
_CONFIDENCE = 0.55
_CAUSE = Cause("model", "the model would go on like this")


async def written(scene: Scene, found: Candidates, choice: Choice, name: str, budget: Budget) -> tuple[NextEdit, ...]:
    """The edits of single lines that a model proposes, not yet filtered. Raises `ProviderError`s."""
    edits: list[NextEdit] = []
    for line in found.lines:
        if budget.spent:
            break
        ask = prompt(scene.document, found.changes, line, name)
        text = ""
        async with aclosing(choice.provider.complete(ask, choice.model, budget)) as stream:
            async for piece in stream:
                text += piece
                if "\n" in text:
                    break
        edit = checked(scene.document, found.changes[-1], line, text)
        if edit is not None:
            edits.append(edit)
    return tuple(edits)


def prompt(of: Document, changes: tuple[Changed, ...], line: int, name: str) -> FillRequest:
    """A diff of the user's edits that breaks off where the new form of a line is due. `name` is the file's."""
    parts = [f"--- a/{name}\n+++ b/{name}\n"]
    parts += ["@@\n" + _marked("-", one.before) + _marked("+", one.after) for one in changes]
    above = [of.line(number) for number in range(max(0, line - _CONTEXT), line)]
    below = [of.line(number) for number in range(line + 1, min(of.line_count, line + 1 + _CONTEXT))]
    old = of.line(line)
    parts.append("@@\n" + "".join(f" {text}\n" for text in above) + f"-{old}\n+{_indent(old)}")
    before = "".join(parts)
    diff = document("", before + "\n" + "".join(f" {text}\n" for text in below), "diff")
    place = diff.position(len(before))
    return FillRequest(diff, Span(place, place), limits=FillLimits(_TOKENS, 1))


def checked(document: Document, last: Changed, line: int, text: str) -> NextEdit | None:
    """The edit that an answer means; None for one that is no form of its line, or does something else than the user
    did."""
    old = document.line(line)
    new = _indent(old) + text.split("\n")[0].strip()
    if not new.strip() or new == old or SequenceMatcher(None, old, new).ratio() < _ALIKE:
        return None
    came, went = _words(new) - _words(old), _words(old) - _words(new)
    if not (came & last.came or (went & last.went and not came)):
        return None
    span = Span(Position(line, 0), Position(line, len(old)))
    return _CAUSE.at(document, span, new, _CONFIDENCE)


def _words(text: str) -> frozenset[str]:
    return frozenset(one.text for one in tokens(text, 0, len(text)))


def _indent(line: str) -> str:
    return line[: len(line) - len(line.lstrip())]


def _marked(mark: str, text: str) -> str:
    return "".join(f"{mark}{line}\n" for line in text.split("\n"))
