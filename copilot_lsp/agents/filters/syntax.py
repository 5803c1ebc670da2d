"""No text is shown with which the document has more syntax errors than without it."""

from copilot_lsp.agents.filter import Filter, Place


async def check(place: Place, text: str) -> str:
    if place.trial is None:
        return text
    with_it = await place.errors(text)
    if with_it == 0:
        return text
    without = await place.errors("")
    if with_it is None or without is None:
        return ""
    return text if with_it <= without else ""


FILTER = Filter("syntax", 90, check)
