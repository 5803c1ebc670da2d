"""Where a streamed answer ends: at a stop word, or after a number of lines."""

from collections.abc import AsyncGenerator, Sequence
from contextlib import aclosing

_THINK = "<think>"
_THOUGHT = "</think>"


async def until(pieces: AsyncGenerator[str], words: Sequence[str]) -> AsyncGenerator[str]:
    """Pass on the text before the first of the words, which may be spread over pieces; then close the stream."""
    longest = max((len(word) for word in words), default=1)
    held = ""
    async with aclosing(pieces):
        async for piece in pieces:
            held += piece
            found = [at for at in (held.find(word) for word in words) if at >= 0]
            if found:
                held = held[: min(found)]
                break
            # What may be the beginning of a stop word waits for the next piece.
            safe = len(held) - _beginning(held, words, longest)
            if safe:
                yield held[:safe]
                held = held[safe:]
    if held:
        yield held


async def first_lines(pieces: AsyncGenerator[str], count: int) -> AsyncGenerator[str]:
    """Pass on the text before the `count`-th line end, then close the stream."""
    left = count
    async with aclosing(pieces):
        async for piece in pieces:
            ends = piece.count("\n")
            if ends < left:
                left -= ends
                yield piece
                continue
            kept = "\n".join(piece.split("\n")[:left]).removesuffix("\r")
            if kept:
                yield kept
            return


async def without_thinking(pieces: AsyncGenerator[str]) -> AsyncGenerator[str]:
    """Leave out a leading `<think>...</think>`, which some servers leave in a model's answer."""
    held, thought = "", False
    async with aclosing(pieces):
        async for piece in pieces:
            held += piece
            start = held.lstrip()
            if not thought and start.startswith(_THINK):
                _, end, answer = start.partition(_THOUGHT)
                if not end:
                    # Only what may be the beginning of the end mark is needed further on.
                    held = _THINK + start[len(_THINK) :][-len(_THOUGHT) :]
                    continue
                thought, start = True, answer.lstrip()
            if thought:
                held = start
            elif _THINK.startswith(start):
                continue
            if held:
                yield held
                break
        else:
            if not held.startswith(_THINK) and held:
                yield held
            return
        async for piece in pieces:
            yield piece


def _beginning(text: str, words: Sequence[str], longest: int) -> int:
    """How many characters at the end of the text are the beginning of some word."""
    for size in range(min(longest - 1, len(text)), 0, -1):
        tail = text[-size:]
        if any(word.startswith(tail) for word in words):
            return size
    return 0
