"""Brackets and quotes that the editor or the user has closed already are not closed, or opened, a second time."""

from collections.abc import Iterable

from copilot_lsp.agents.filter import Filter, Place

_CLOSES = ")]}>\"'`"
_OPENS = "([{<\"'`"
_BESIDES = ";,: \t\r\n"
_QUOTES = "\"'`"
_PAIRS = ("()", "[]", "{}")
# Each variant is parsed: a text with more brackets than this at its end is left to the check of the result.
_VARIANTS = 4


async def check(place: Place, text: str) -> str:
    same = _repeated_rest(place, text)
    variants = [*_without_end(text), *_without_start(place, text), *([same] if same else [])]
    if not variants:
        return text
    faults = await place.errors(text)
    if faults is None:
        return _balanced(place, text) if place.trial is None else text
    if faults == 0 and not same:
        return text
    best, least = text, faults
    for variant in sorted(set(variants), key=len, reverse=True)[:_VARIANTS]:
        errors = await place.errors(variant)
        if errors is not None and (errors < least or (variant == same and errors <= least)):
            best, least = variant, errors
    return best


def _repeated_rest(place: Place, text: str) -> str:
    """The text without the rest of the cursor's line at its end; "" when it does not end so, or in brackets alone."""
    if sum(map(str.isalnum, place.rest)) < 2 or "\n" in text:
        return ""
    shown = text.rstrip()
    found = next((rest for rest in (place.rest.rstrip(), place.rest.strip()) if shown.endswith(rest)), "")
    return shown[: -len(found)] if found else ""


def _without_end(text: str) -> Iterable[str]:
    """The text without the last of its closing brackets and quotes, then without the last two, and so on."""
    kept = text
    while kept and kept[-1] in _CLOSES + _BESIDES:
        closes = kept[-1] in _CLOSES
        kept = kept[:-1]
        if closes and kept.strip():
            yield kept


def _without_start(place: Place, text: str) -> Iterable[str]:
    """The text without the opening brackets or quotes that the text before the cursor ends with."""
    for size in range(1, min(3, len(text), len(place.head)) + 1):
        start = text[:size]
        if all(char in _OPENS for char in start) and place.head.endswith(start):
            yield text[size:]


def _balanced(place: Place, text: str) -> str:
    """The text without what closes more than the line opens, where the line goes on with the same.

    Nothing can be parsed here, so only the plainest case is judged.
    """
    kept = text.rstrip()
    while kept and place.rest.startswith(kept[-1]):
        line = f"{place.head}{kept}{place.rest}"
        pair = next((pair for pair in _PAIRS if pair[1] == kept[-1]), "")
        surplus = line.count(pair[1]) > line.count(pair[0]) if pair else line.count(kept[-1]) % 2 == 1
        if (not pair and kept[-1] not in _QUOTES) or not surplus:
            break
        kept = kept[:-1]
    return kept if len(kept) < len(text.rstrip()) else text


FILTER = Filter("doubled_bracket", 30, check)
