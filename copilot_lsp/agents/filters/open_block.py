"""A block that a text opens is closed by it: a model is stopped after some lines, and the document goes on below."""

from copilot_lsp.agents.filter import Filter, Place
from copilot_lsp.syntax.balance import balance, closing
from copilot_lsp.syntax.language import Language


async def check(place: Place, text: str) -> str:
    language = place.language
    if language is None or language.indented or "{" not in balance(text, language).opens:
        return text
    if not await place.raises(text):
        return text
    rows = text.rstrip().split("\n")
    # The last row may have been cut in the middle.
    for kept in (rows, rows[:-1]):
        closed = _closed(place, kept, language)
        if closed and await place.raises(closed) is False:
            return closed
    return text


def _closed(place: Place, rows: list[str], language: Language) -> str:
    """The rows and, behind them, one row for each that opened what is still open; "" where nothing is."""
    ending = "\r\n" if any(row.endswith("\r") for row in rows) else "\n"
    shown = [row.rstrip("\r") for row in rows]
    opened: list[tuple[str, str]] = []
    for number, row in enumerate(shown):
        line = f"{place.head}{row}" if number == 0 else row
        indent = line[: len(line) - len(line.lstrip())]
        found = balance(row, language)
        for _ in found.closes:
            brackets, depth = opened.pop() if opened else ("", "")
            if brackets[:-1]:
                opened.append((brackets[:-1], depth))
        if found.opens:
            opened.append((found.opens, indent))
    if not opened:
        return ""
    return ending.join([*shown, *(f"{indent}{closing(brackets)}" for brackets, indent in reversed(opened))])


FILTER = Filter("open_block", 36, check)
