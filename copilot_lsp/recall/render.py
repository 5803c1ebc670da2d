"""How is a proposal written at the cursor?"""

import numpy as np

from copilot_lsp.core.fill import FillRequest
from copilot_lsp.recall.build import END
from copilot_lsp.recall.lexer import NEWLINE
from copilot_lsp.recall.match import Source
from copilot_lsp.recall.propose import Proposal
from copilot_lsp.recall.query import LINE_TOKENS
from copilot_lsp.recall.tokens import Tokens

# A block is copied only from a place whose left context agrees for so many tokens, about three lines, and when the
# first line is so likely: the second was right in every other case then, with half the tokens in every fourth.
_STRONG, _SURE = 24, 0.8


def render(request: FillRequest, proposal: Proposal, tokens: Tokens) -> str:
    """The text to insert: the copied line without what is typed already, in the document's indentation, and the lines
    that follow it there as far as the request allows and the match is strong enough to believe in them. What stands for
    other names is written as it is in the document, whose `tokens` these are.
    """
    query, source, place = proposal.query, proposal.source, proposal.place
    text = _adapted(proposal, tokens) if proposal.swaps else source.text(place, place + len(proposal.ids))
    text = text.rstrip() if not query.rest or request.suffix[:1].isspace() else text.rstrip("\r\n")
    text = text[len(query.typed) :]
    indent = query.indent
    if query.blank:
        text, indent = _blanks(request, proposal.missing) + text, indent + proposal.missing
    elif not query.spaced:
        text = " " * int(source.gaps[place]) + text
    strong = proposal.left >= _STRONG and proposal.confidence >= _SURE and not query.rest and not proposal.swaps
    if strong and request.limits.lines > 1 and _ends_block(request, indent):
        text += "".join(_following(request, proposal, indent))
    return text


def _adapted(proposal: Proposal, tokens: Tokens) -> str:
    """The copied line token by token, some of them replaced."""
    source, pieces = proposal.source, list[str]()
    for number in range(len(proposal.ids)):
        place = proposal.place + number
        if number in proposal.swaps:
            here = int(np.argmax(tokens.ids == proposal.swaps[number]))
            word = tokens.text(here, here + 1).strip()
        else:
            word = source.text(place, place + 1).strip()
        pieces.append(" " * int(source.gaps[place]) + word if number else word)
    return "".join(pieces)


def _ends_block(request: FillRequest, indent: int) -> bool:
    """Whether nothing of the cursor's block follows directly: else more lines would be pushed into finished code."""
    line = request.document.line(request.document.clamp(request.span.end).line + 1)
    return not line.strip() or len(line) - len(line.lstrip()) < indent


def _following(request: FillRequest, proposal: Proposal, indent: int) -> list[str]:
    """The lines after the copied one that belong to its block, until the document itself goes on like the copy."""
    source, query = proposal.source, proposal.query
    end = proposal.place + len(proposal.ids)
    base = _indent_of(source, proposal.place)
    ending = "\r\n" if "\r\n" in request.document.text[:1000] else "\n"
    lines: list[str] = []
    while len(lines) + 1 < request.limits.lines and end + 1 < len(source.ids) and source.ids[end] == NEWLINE:
        first = end + 1
        stops = np.flatnonzero(source.ids[first : first + LINE_TOKENS] == NEWLINE)
        deeper = int(source.gaps[first]) - base
        if not len(stops) or source.ids[first] == END or deeper < 0:
            break
        end = first + int(stops[0])
        if np.array_equal(source.ids[first : end + 1], query.right[1 : end - first + 2]):
            break
        lines.append(f"{ending}{_blanks(request, indent + deeper)}{source.text(first, end).rstrip()}")
    return lines


def _indent_of(source: Source, place: int) -> int:
    """The blanks that the line of a token begins with."""
    begin = max(0, place - LINE_TOKENS)
    ends = np.flatnonzero(source.ids[begin:place] == NEWLINE)
    return int(source.gaps[begin + int(ends[-1]) + 1 if len(ends) else begin])


def _blanks(request: FillRequest, count: int) -> str:
    """Blanks as the lines at the cursor and above it begin with."""
    document = request.document
    line = document.clamp(request.span.start).line
    tabs = any(document.line(number).startswith("\t") for number in (line, line - 1))
    return ("\t" if tabs else " ") * count
