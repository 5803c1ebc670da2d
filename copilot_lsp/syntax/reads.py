"""How is a text given to a parser piece by piece, without the binding keeping each piece for good?"""

import ctypes
import sys

# An empty piece or one of a single byte is an object that the interpreter shares.
_SHARED = 1


class Reads:
    """The pieces of one text that were given to a parser during one parse.

    The binding (tree-sitter 0.26.1 and those before it) never gives back its reference to what a read callback
    answers: every parse would keep all that it read for as long as the process lives, 10 MB in an hour of typing.
    """

    def __init__(self, source: bytes) -> None:
        self._view = memoryview(source)
        self._given: list[bytes] = []

    def give(self, byte: int, size: int) -> bytes:
        """The text from a byte on, for the binding and nobody else: `let_go` takes further references for its own."""
        # Never the text itself, which a slice of all of it would be.
        piece = bytes(self._view[byte : byte + size])
        if len(piece) > _SHARED:
            self._given.append(piece)
        return piece

    def let_go(self) -> None:
        """Drop the references that the binding kept; only once it has returned, which is when it needs no piece more.

        A piece that has no more references than one which the binding never saw was given back, as by a binding that
        does so itself.
        """
        given = [bytes(2), *self._given]
        self._given.clear()
        expected = sys.getrefcount(given[0])
        for at in range(1, len(given)):
            if sys.getrefcount(given[at]) > expected:
                _decrease(given[at])


_decrease = ctypes.pythonapi.Py_DecRef
_decrease.argtypes = [ctypes.py_object]
_decrease.restype = None
