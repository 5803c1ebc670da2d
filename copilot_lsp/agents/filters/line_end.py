"""Lines end as they do in the document: a file with two kinds of line ends is a change of every line for some tools."""

from copilot_lsp.agents.filter import Filter, Place

# The first line end is within so many characters in every file but those that are one line.
_HEAD = 10_000


async def check(place: Place, text: str) -> str:
    if "\n" not in text and "\r" not in text:
        return text
    ending = "\r\n" if "\r\n" in place.document.text[:_HEAD] else "\n"
    return text.replace("\r\n", "\n").replace("\r", "\n").replace("\n", ending)


FILTER = Filter("line_end", 14, check)
