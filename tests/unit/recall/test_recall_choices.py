"""What speaks for a way to go on: counts that hide what is hidden, shapes that fit, a network that knows them."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from copilot_lsp.core.document import document
from copilot_lsp.core.fill import FillRequest
from copilot_lsp.core.text import Span
from copilot_lsp.recall.choices import Choices
from copilot_lsp.recall.complete import gather
from copilot_lsp.recall.lexer import Ids, token_id, words
from copilot_lsp.recall.ngram import ORDERS, Scope, chances, count, seen
from copilot_lsp.recall.prefer import preferred
from copilot_lsp.recall.query import LINE_TOKENS
from copilot_lsp.recall.shape import taken_up
from copilot_lsp.recall.tally import Tally
from copilot_lsp.recall.tokens import tokens_of
from copilot_lsp.recall.weigh import network, probabilities


def ids(text: str) -> Ids:
    return np.array([token_id(word) for word in words(text)], np.uint32)


def line(text: str) -> Ids:
    """The ids of a line, padded as evidence has them."""
    found = ids(text)
    return np.concatenate([found, np.zeros(LINE_TOKENS - len(found), np.uint32)])


def considered(text: str) -> Choices:
    subject = document("file:///work/a.py", text.replace("|", "", 1))
    place = subject.position(text.index("|"))
    found = gather(FillRequest(subject, Span(place, place)), tokens_of(subject), None, {})
    assert found is not None
    return found


def test_the_network_knows_the_features_in_their_order() -> None:
    found = considered("x = 1\ny = 2\nx = |\ny = 2\n")
    assert found.names == network().names
    assert (found.matrix(found.names[::-1]) == found.features[:, ::-1]).all()
    assert np.isfinite(found.matrix(network().names)).all()


def test_probabilities_leave_room_for_none() -> None:
    chances_of = probabilities(considered("x = 1\ny = 2\nx = 3\ny = 2\nx = |\ny = 2\n"))
    assert (chances_of > 0).all()
    assert chances_of.sum() < 1


@given(st.lists(st.sampled_from(["a", "b", "c", "d"]), min_size=1, max_size=30), st.integers(0, 2))
def test_what_is_hidden_is_not_counted_and_comes_back(text: list[str], files: int) -> None:
    every = [ids(" ".join(text)), ids("a b a b"), ids("c")]
    table = np.stack([np.minimum(one, 1000).astype(np.uint16) for one in count(np.concatenate(every), 12)])
    before = table.copy()
    tally = Tally(table, sum(map(len, every)))
    out = {str(number): one for number, one in enumerate(every[: files + 1])}
    tally.scope(out, {"new": every[0]})
    tally.scope({}, {})
    assert (table == before).all()
    hidden = tally.scope({"1": every[1]}, {})
    alone = count(every[1], 12)
    assert (before[0] - alone[0] == hidden.counts[0]).all()
    assert all((new <= old).all() for old, new in zip(before, hidden.counts, strict=True))


def test_what_was_seen_after_the_same_words_is_more_usual() -> None:
    text = ids("return self . name ; " * 5 + "return other . size ;")
    rows = np.stack([ids("return self . name"), ids("return self . size"), ids("name self size return")])
    logs = chances(seen(rows, Scope(count(text, 12), len(text), 1.0)))
    usual, mixed, strange = logs[:, ORDERS - 1 :].sum(axis=1).tolist()
    assert usual > mixed > strange


@pytest.mark.parametrize(
    ("copied", "rest", "taken"),
    [
        ("first , second )", ") :", 3),
        ("one ( first ) , 2 )", ") or", 6),
        ("first , second", ") or", 0),
        ("first + second", "+ second", 1),
        ("first ] )", ")", 2),
    ],
)
def test_a_line_is_taken_up_to_the_rest(copied: str, rest: str, taken: int) -> None:
    found = taken_up(line(copied)[None], np.array([len(ids(copied))]), tuple(ids(rest).tolist()))
    assert found.tolist() == [taken]


def test_of_unsure_lines_the_one_in_their_middle_is_preferred() -> None:
    found = considered("x = a.b(c)\nx = a.b(d)\nx = a.b(e)\nx = z\nx = |\n")
    texts = [found.evidence.lines[row] for row in found.rows]
    odd = next(number for number, ids_of in enumerate(texts) if (ids_of == line("z")).all())
    even = np.full(len(found.rows), 0.1)
    assert preferred(found, even)[-1] == odd
    sure = np.where(np.arange(len(found.rows)) == odd, 0.9, 0.01)
    assert preferred(found, sure)[0] == odd
