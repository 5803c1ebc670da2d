"""A text that begins again with what is typed already continues behind that."""

from copilot_lsp.agents.filter import Filter, Place

# So much of a line, or of a word, is not written twice in a row by chance.
_LINE, _WORD = 4, 3
# Behind an opening bracket the same may well begin again, as in List<List<String>>.
_OPENS = "([{<"


async def check(place: Place, text: str) -> str:
    typed = place.head.lstrip()
    if not typed or typed[-1] in _OPENS or not text.strip():
        return text
    begun = text.lstrip()
    if len(typed.rstrip()) >= _LINE and begun.startswith(typed.rstrip()):
        return begun[len(typed.rstrip()) :].removeprefix(typed[len(typed.rstrip()) :])
    word = _word_at_end(typed)
    if len(word) < _WORD or word[0].isdigit() or not text.startswith(word):
        return text
    rest = text[len(word) :]
    doubled = word + word + _word_at_start(rest)
    return text if doubled in place.document.text else rest


def _word_at_end(text: str) -> str:
    size = 0
    while size < len(text) and _is_letter(text[-size - 1]):
        size += 1
    return text[len(text) - size :]


def _word_at_start(text: str) -> str:
    size = next((at for at, char in enumerate(text) if not _is_letter(char)), len(text))
    return text[:size]


def _is_letter(char: str) -> bool:
    return char.isalnum() or char == "_"


FILTER = Filter("repeated_start", 20, check)
