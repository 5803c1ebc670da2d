"""No text is shown with which the document has more syntax errors than without it."""

from collections.abc import Iterator

from copilot_lsp.agents.filter import Filter, Place
from copilot_lsp.syntax.balance import balance, open_quotes
from copilot_lsp.syntax.language import Language
from copilot_lsp.syntax.limits import DEFAULT, fits

_OPENS = ("(", "[", "{")
_CLOSES = (")", "]", "}")


async def check(place: Place, text: str) -> str:
    if place.trial is None:
        # A document that was opened just now has no tree yet: what opens a block there is as right as anywhere.
        if place.language is None or fits(place.document, DEFAULT):
            return text
        return text if _is_balanced(place, text, place.language) else ""
    # Where it takes too long to tell, brackets say so; a part of what is known to raise errors has to be known not to.
    known = False
    for shorter in dict.fromkeys((text, *_shortened(text))):
        if not shorter.strip():
            continue
        raises = await place.raises(shorter)
        known = known or raises is not None
        if raises is False or (not known and _is_balanced(place, shorter, place.trial.language)):
            return shorter
    return ""


def _is_balanced(place: Place, text: str, language: Language) -> bool:
    """Whether the lines have no more open brackets and quotes with the text: all that can be told where files are so
    large, or lines so long, that they are not parsed.
    """
    # A bracket that closes ends a line most often: what is still open behind it is not closed any more.
    before, after = f"{place.head}{place.rest}", f"{place.head}{text}{place.rest}"
    left = balance(after, language)
    if left.opens and text.rstrip()[-1:] in _CLOSES:
        return False
    return left.size <= balance(before, language).size and open_quotes(after, language) <= open_quotes(before, language)


def _shortened(text: str) -> Iterator[str]:
    """The text without the bracket that it opens last, without its last line, and without all but its first."""
    if text.rstrip()[-1:] in _OPENS:
        yield text.rstrip()[:-1].rstrip()
    rows = text.split("\n")
    yield "\n".join(rows[:-1]).rstrip("\r")
    yield rows[0].rstrip("\r")


FILTER = Filter("syntax", 90, check)
