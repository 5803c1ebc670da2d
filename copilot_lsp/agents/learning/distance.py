"""How much of a text is left in another one?"""

from copilot_lsp.agents.learning.cut import shared_end, shared_start

# Suggestions are shorter; of a text that grew beyond this only the beginning is compared.
_LONGEST = 4_000


def likeness(one: str, other: str) -> float:
    """1 for equal texts, 0 for texts that share nothing: edit distance against the longer one."""
    one, other = one[:_LONGEST], other[:_LONGEST]
    longest = max(len(one), len(other))
    return 1.0 - edit_distance(one, other) / longest if longest else 1.0


def edit_distance(one: str, other: str) -> int:
    """The least number of characters to insert, delete or replace (Levenshtein).

    Bit-parallel after Myers in the form of Hyyro: one step of whole numbers for each character of `other`, so that two
    texts of 1,000 characters take half a millisecond and not half a second.
    """
    start = shared_start(one, other)
    one, other = one[start:], other[start:]
    end = shared_end(one, other)
    if end:
        one, other = one[:-end], other[:-end]
    if not one or not other:
        return len(one) or len(other)
    places: dict[str, int] = {}
    for index, character in enumerate(one):
        places[character] = places.get(character, 0) | 1 << index
    full, last = (1 << len(one)) - 1, 1 << (len(one) - 1)
    up, down, distance = full, 0, len(one)
    for character in other:
        match = places.get(character, 0)
        same = (((match & up) + up) ^ up) | match | down
        right = down | ~(same | up) & full
        left = up & same
        distance += bool(right & last) - bool(left & last)
        right = right << 1 | 1
        up = (left << 1 | ~(same | right)) & full
        down = right & same & full
    return distance
