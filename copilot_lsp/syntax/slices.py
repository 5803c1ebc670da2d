"""Run a parser for a bounded time, and stop a text that no grammar gets through."""

import enum
import time

import tree_sitter

from copilot_lsp.syntax.reads import Reads

# Small reads cost nothing measurable and are the only way out of a single token that takes quadratic time.
_READ = 2_048
# A pause of the interpreter, as for collecting garbage, falls into one read; a stuck token reads again and again.
_READS = 16
# So short a text, as most files are, keeps no grammar for more than 5 seconds: Kotlin's needs those for nothing but
# opened comments, any other a third of it.
_SHORT = 1 << 14
# A finished tree asks the same callback for the text of its nodes, piece by piece: most are names.
_READ_TEXT = 64


class Stopped(enum.Enum):
    """Why there is no tree: the slice is used up (the next one goes on), or the parser got stuck in one token."""

    PAUSED = enum.auto()
    STUCK = enum.auto()


def parse_whole(parser: tree_sitter.Parser, source: bytes, seconds: float) -> tree_sitter.Tree | None:
    """Parse at once; None when that would take more than so many seconds of CPU.

    The clock is read where the parser reads, which one that is stuck does again and again: being asked between tokens
    as well, as in slices, would cost 4 %. Where that cannot matter, the text is given in one piece, which saves 2 %.
    """
    if len(source) <= _SHORT:
        return parser.parse(source)
    limit = time.thread_time() + seconds
    overdue, finished = False, False
    reads = Reads(source)

    def read(byte: int, _point: object) -> bytes | None:
        nonlocal overdue
        if finished:
            return source[byte : byte + _READ_TEXT]
        overdue = overdue or time.thread_time() > limit
        return None if overdue else reads.give(byte, _READ)

    tree = parser.parse(read)
    finished = True
    reads.let_go()
    return None if overdue else tree


def parse_slice(
    parser: tree_sitter.Parser, source: bytes, old: tree_sitter.Tree | None, seconds: float, stuck: float
) -> tree_sitter.Tree | Stopped:
    """Begin or resume a parse; the parser itself remembers where it was.

    The parser asks whether to go on between tokens, `seconds` on the clock; inside a token it only asks for more text.
    There it is told that the text ends once the token took `stuck` seconds of CPU, and what comes out is dropped.
    """
    stop = time.perf_counter() + seconds
    limit = time.thread_time() + stuck
    asked = 0
    overdue, finished = False, False
    reads = Reads(source)

    # Bytes and nothing else: the binding takes the text of a node from them without looking, and crashes on a view.
    def read(byte: int, _point: object) -> bytes | None:
        nonlocal asked, overdue
        if finished:
            return source[byte : byte + _READ_TEXT]
        asked += 1
        overdue = overdue or (asked > _READS and time.thread_time() > limit)
        return None if overdue else reads.give(byte, _READ)

    def expired(_byte: int, _error: bool) -> bool:
        nonlocal asked, limit
        if asked > _READS:
            asked, limit = 0, time.thread_time() + stuck
        return overdue or time.perf_counter() >= stop

    try:
        if old is None:
            tree = parser.parse(read, progress_callback=expired)
        else:
            tree = parser.parse(read, old, progress_callback=expired)
    except ValueError:  # The binding's way to say that the progress callback stopped it.
        tree = None
    finished = True
    reads.let_go()
    if overdue:
        parser.reset()
        return Stopped.STUCK
    return Stopped.PAUSED if tree is None else tree
