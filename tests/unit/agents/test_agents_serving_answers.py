"""What was answered serves whoever types along it, and nobody else."""

from hypothesis import given
from hypothesis import strategies as st

from copilot_lsp.agents.serving.answers import Answers, foretold
from copilot_lsp.core.document import Document, document

URI = "file:///a.py"


def doc(text: str) -> Document:
    return document(URI, text)


def kept(before: str, after: str, fill: str, *, firm: bool = True) -> Answers:
    answers = Answers()
    answers.keep(foretold(doc(before + after), len(before), fill, "model", 0.5, firm=firm))
    return answers


def rests(answers: Answers, text: str, offset: int) -> list[str]:
    return [rest for _, rest in answers.find(doc(text), offset)]


texts = st.text("ab\n(", max_size=8)


@given(texts, texts, texts.filter(bool), st.data())
def test_what_is_served_makes_the_foretold_text_and_nothing_else(
    before: str, after: str, fill: str, data: st.DataObject
) -> None:
    answers = kept(before, after, fill)
    typed = data.draw(st.integers(0, len(fill)))
    now = before + fill[:typed]
    assert rests(answers, now + after, len(now)) == ([fill[typed:]] if typed < len(fill) else [])
    # Any text and any place: what is served always leads to the one text that was foretold.
    other = data.draw(texts)
    at = data.draw(st.integers(0, len(other)))
    for rest in rests(answers, other, at):
        assert other[:at] + rest + other[at:] == before + fill + after


def test_a_bracket_that_the_editor_closed_is_not_doubled() -> None:
    answers = kept("x = ", "\ny", "f(a, b)")
    assert rests(answers, "x = f()\ny", len("x = f(")) == ["a, b"]
    assert rests(answers, "x = f[]\ny", len("x = f[")) == []


def test_a_change_anywhere_else_ends_it() -> None:
    answers = kept("import os\nx = ", "\n", "os.path")
    assert rests(answers, "import so\nx = os", 14) == []
    assert rests(answers, "import os\nx = os\n#", 16) == []


def test_line_ends_are_those_of_the_document() -> None:
    answers = kept("a\r\n", "\r\nz", "b\nc")
    assert rests(answers, "a\r\nb\r\n\r\nz", 6) == ["c"]


def test_what_is_not_firm_serves_only_who_types_along_it() -> None:
    answers = kept("x", "", "yz", firm=False)
    assert rests(answers, "x", 1) == []
    assert rests(answers, "xy", 2) == ["z"]


def test_what_is_on_the_screen_stays_there_or_grows() -> None:
    answers = kept("x", "", "abc")
    shown = answers.find(doc("x"), 1)[0][0]
    answers.show(shown)
    answers.keep(foretold(doc("x"), 1, "axe", "model", 1.0, firm=True))
    assert rests(answers, "xa", 2) == ["bc", "xe"]
    answers.keep(foretold(doc("x"), 1, "abcdef", "model", 1.0, firm=True))
    assert rests(answers, "xa", 2)[:2] == ["bcdef", "bc"]


def test_the_same_answer_is_kept_once_from_where_it_began() -> None:
    answers = kept("x", "", "abc")
    again = answers.keep(foretold(doc("xa"), 2, "bc", "model", 1.0, firm=False))
    assert (again.start, len(answers)) == (1, 1)
    firm = answers.keep(foretold(doc(""), 0, "xabc", "model", 1.0, firm=True))
    assert (firm.start, len(answers)) == (0, 1)


def test_memory_is_bounded_and_freed() -> None:
    answers = Answers()
    for number in range(200):
        answers.keep(foretold(doc("x" * 300_000), 5, f"{number}", "model", 1.0, firm=True))
    assert 1 <= len(answers) <= 8 * 2**20 // 300_000
    answers.keep(foretold(doc("x" * 9_000_000), 5, "y", "model", 1.0, firm=True))
    assert rests(answers, "x" * 9_000_000, 5) == []
    answers.forget(URI)
    assert len(answers) == 0


def test_an_accepted_answer_is_recognised() -> None:
    answers = kept("x", "z", "y")
    accepted = answers.complete(doc("xyz"))
    assert accepted is not None
    assert accepted.end == 2
    assert answers.complete(doc("xz")) is None
