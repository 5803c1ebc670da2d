"""No text is shown with which the document has more syntax errors than without it."""

from collections.abc import Iterator

from copilot_lsp.agents.filter import Filter, Place

_OPENS = ("(", "[", "{")


async def check(place: Place, text: str) -> str:
    if place.trial is None:
        return text
    for shorter in dict.fromkeys((text, *_shortened(text))):
        if shorter.strip() and await place.raises(shorter) is False:
            return shorter
    return ""


def _shortened(text: str) -> Iterator[str]:
    """The text without the bracket that it opens last, without its last line, and without all but its first."""
    if text.rstrip()[-1:] in _OPENS:
        yield text.rstrip()[:-1].rstrip()
    rows = text.split("\n")
    yield "\n".join(rows[:-1]).rstrip("\r")
    yield rows[0].rstrip("\r")


FILTER = Filter("syntax", 90, check)
