"""What a model is shown beside the document: names near the cursor ask, the best chunks that fit are packed."""

from hypothesis import given
from hypothesis import strategies as st

from copilot_lsp.agents.context import names_near, pack
from copilot_lsp.core.document import document
from copilot_lsp.core.fill import Chunk
from copilot_lsp.core.text import Position, at


def chunk(score: float, size: int) -> Chunk:
    return Chunk("file:///a", "a", at(0, 0), "x" * size, score=score)


def test_names_are_nearest_first_and_stop_at_the_cursor() -> None:
    doc = document("file:///a.py", "alpha = 1\nbeta(alpha, ab)\ngamma.delta")
    assert names_near(doc, Position(2, 5)) == ("gamma", "alpha", "beta")
    assert names_near(doc, Position(0, 0)) == ()


def test_a_chunk_that_does_not_fit_is_left_out_whole() -> None:
    big, small, best = chunk(2.0, 1000), chunk(1.0, 100), chunk(3.0, 100)
    assert pack([small, big, best], tokens=100) == (best, small)


@given(st.lists(st.tuples(st.floats(0, 1), st.integers(0, 400)), max_size=10), st.integers(0, 300))
def test_packed_chunks_never_exceed_the_budget(sizes: list[tuple[float, int]], tokens: int) -> None:
    packed = pack([chunk(score, size) for score, size in sizes], tokens)
    assert sum(len(one.text) for one in packed) <= tokens * 3.3
    assert list(packed) == sorted(packed, key=lambda one: -one.score)
