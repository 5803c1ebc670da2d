"""Where something is in a text: zero-based lines and columns in code points.

Only `copilot_lsp.lsp.convert` turns these into what a client counts in (UTF-16, UTF-8 or UTF-32 units) and only
`copilot_lsp.syntax` turns them into bytes.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, order=True)
class Position:
    """A place between two characters. Line and column are zero-based; the column counts code points."""

    line: int
    column: int


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """A half-open stretch of text, `start` inclusive, `end` exclusive; empty when they are equal."""

    start: Position
    end: Position

    @property
    def empty(self) -> bool:
        return self.start == self.end

    def contains(self, position: Position) -> bool:
        """Whether the position lies in the span or touches one of its ends, as a cursor does."""
        return self.start <= position <= self.end

    def overlaps(self, other: "Span") -> bool:
        """Whether the two share a character, or touch where one of them is empty."""
        if self.empty or other.empty:
            return self.start <= other.end and other.start <= self.end
        return self.start < other.end and other.start < self.end


def at(line: int, column: int) -> Span:
    """The empty span at one place."""
    return Span(Position(line, column), Position(line, column))
