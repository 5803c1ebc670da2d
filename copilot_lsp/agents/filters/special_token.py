"""A model's control tokens are no code: what it wrote ends before the first one."""

import re

from copilot_lsp.agents.filter import Filter, Place
from copilot_lsp.providers.templates import control_tokens

# Tokens that are a plain word in angle brackets, as <filename> and <s>, are also words of usage texts and of HTML.
_WORD = re.compile(r"</?[A-Za-z]+>")


async def check(place: Place, text: str) -> str:
    joined = place.head + text
    for found in control_tokens().finditer(joined):
        if found.end() > len(place.head) and _is_leaked(place, joined, found):
            return text[: max(0, found.start() - len(place.head))].rstrip()
    return text


def _is_leaked(place: Place, text: str, found: re.Match[str]) -> bool:
    """Whether a token is the model's and no word of the document's own, as in the code of a tokenizer."""
    token = found[0]
    if token in place.document.text:
        return False
    if not _WORD.fullmatch(token):
        return True
    opened = token.startswith("</") and f"<{token[2:]}" in text[: found.start()]
    alone = text[: found.start()].endswith(("\n", place.head)) or text[found.end() :].lstrip(" \t\r")[:1] in ("", "\n")
    return alone and not opened


FILTER = Filter("special_token", 10, check)
