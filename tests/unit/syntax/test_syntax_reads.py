"""What a parse reads is given back, whether it ended at once, in slices, or was given up."""

import tracemalloc

import pytest
import tree_sitter

from copilot_lsp.syntax import languages, queries
from copilot_lsp.syntax.live import edited
from copilot_lsp.syntax.reads import Reads
from copilot_lsp.syntax.slices import Stopped, parse_slice, parse_whole

_SOURCE = b"def total(order):\n    return sum(line.amount for line in order.lines)\n\n\n" * 400


def _parser():
    return tree_sitter.Parser(queries.grammar(languages.get("python")))


def _whole(parser):
    assert parse_whole(parser, _SOURCE, 5.0) is not None


def _given_up(parser):
    assert parse_whole(parser, _SOURCE, -1.0) is None
    parser.reset()


def _slices(parser):
    paused = 0
    while isinstance(found := parse_slice(parser, _SOURCE, None, 0.0005, 1.0), Stopped):
        paused += 1
    assert found.root_node.end_byte == len(_SOURCE)


def _incremental(parser):
    old = parse_whole(parser, _SOURCE, 5.0)
    new = _SOURCE[:9000] + b"x = 1\n" + _SOURCE[9000:]
    assert not isinstance(parse_slice(parser, new, edited(old, _SOURCE, new), 5.0, 1.0), Stopped)


@pytest.mark.parametrize("parse", [_whole, _given_up, _slices, _incremental])
def test_parses_keep_nothing_of_what_they_read(parse):
    parser = _parser()
    parse(parser)
    tracemalloc.start()
    try:
        for _ in range(10):
            parse(parser)
        kept, _ = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    # The parser itself keeps what it works with.
    assert kept < len(_SOURCE)


def test_what_was_given_back_already_is_left_alone():
    reads = Reads(_SOURCE)
    tracemalloc.start()
    try:
        for at in range(0, len(_SOURCE), 100):
            assert reads.give(at, 100) == _SOURCE[at : at + 100]
        before, _ = tracemalloc.get_traced_memory()
        reads.let_go()
        after, _ = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert before > len(_SOURCE) > after
