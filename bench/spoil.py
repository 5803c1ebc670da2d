"""What goes wrong in what models write, put into a right text on purpose."""

import random
from collections.abc import Callable
from typing import NamedTuple

from copilot_lsp.core.document import Document
from copilot_lsp.core.text import Position

_TOKENS = (
    "<|im_end|>",
    "<|fim_middle|>",
    "<fim_suffix>",
    "<EOT>",
    "[INST]",
    "</s>",
    "<end_of_turn>",
    "<｜end▁of▁sentence｜>",
)
_LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZ234567"
_CLOSES = ")]}"


class Spoiled(NamedTuple):
    """A text with a fault of a kind."""

    fault: str
    text: str


Spoiler = Callable[[Document, Position, str, random.Random], Spoiled | None]


def _doubled_bracket(_text: Document, _at: Position, truth: str, _: random.Random) -> Spoiled | None:
    last = next((char for char in reversed(truth) if char not in ";,: "), "")
    return Spoiled("doubled bracket", truth + last) if last and last in _CLOSES else None


def _unclosed_quote(_text: Document, _at: Position, truth: str, _: random.Random) -> Spoiled | None:
    last = max(truth.rfind('"'), truth.rfind("'"))
    return Spoiled("cut in a string", truth[:last]) if truth.count('"') == 2 and last > truth.find('"') + 1 else None


def _line_below(text: Document, at: Position, truth: str, _: random.Random) -> Spoiled | None:
    below = next((text.line(number) for number in range(at.line + 1, text.line_count) if text.line(number).strip()), "")
    return Spoiled("line below again", f"{truth}\n{below.rstrip()}") if len(below.strip()) > 4 else None


def _line_above(text: Document, at: Position, _truth: str, _: random.Random) -> Spoiled | None:
    above = text.line(at.line - 1) if at.line else ""
    blank = not text.line(at.line)[: at.column].strip()
    indent = len(above) - len(above.lstrip())
    fits = blank and indent == at.column and len(above.strip()) > 4
    return Spoiled("line above again", above.strip()) if fits else None


def _looped(text: Document, at: Position, truth: str, _: random.Random) -> Spoiled | None:
    if text.line(at.line)[: at.column].strip() or len(truth) < 6:
        return None
    return Spoiled("goes round in circles", "\n".join([truth] + [" " * at.column + truth] * 3))


def _token(_text: Document, _at: Position, truth: str, chance: random.Random) -> Spoiled | None:
    return Spoiled("control token", truth + chance.choice(_TOKENS) + "\nfoo" * chance.randrange(2))


def _secret(_text: Document, _at: Position, truth: str, chance: random.Random) -> Spoiled | None:
    key = "".join(chance.choices(_LETTERS, k=16))
    first = truth.find('"')
    return Spoiled("secret", f"{truth[: first + 1]}AKIA{key}{truth[first + 1 :]}") if first >= 0 else None


def _start(text: Document, at: Position, truth: str, _: random.Random) -> Spoiled | None:
    typed = text.line(at.line)[: at.column].strip()
    again = text.line(at.line)[: at.column].lstrip() + truth
    return Spoiled("begins with what is typed", again) if len(typed) >= 5 and typed[-1] not in "([{<" else None


def _opened(_text: Document, _at: Position, truth: str, _: random.Random) -> Spoiled | None:
    return Spoiled("bracket never closed", truth + " (") if truth.endswith((";", ")")) else None


def _indented(text: Document, at: Position, truth: str, _: random.Random) -> Spoiled | None:
    blank = at.column and not text.line(at.line)[: at.column].strip()
    return Spoiled("indented too far", " " * at.column + truth) if blank and text.language == "python" else None


def _words(_text: Document, _at: Position, _truth: str, _: random.Random) -> Spoiled | None:
    return Spoiled("words for code", "Sure! Here is the code that you asked for:")


SPOILERS: tuple[Spoiler, ...] = (
    _doubled_bracket,
    _unclosed_quote,
    _line_below,
    _line_above,
    _looped,
    _token,
    _secret,
    _start,
    _opened,
    _indented,
    _words,
)
