"""Markdown from strangers: readable, and unable to load, link or hide anything."""

import re

from hypothesis import given
from hypothesis import strategies as st

from copilot_lsp.agents.markdown import Cleaner, escape, fenced, visible

# What a renderer would act on, outside of fenced code.
_ACTIVE = re.compile(r"!\[|\]\(|\]:|\]\[|<[A-Za-z/!?]")


def clean(pieces: list[str]) -> str:
    cleaner = Cleaner()
    return "".join([*(cleaner.feed(piece) for piece in pieces), cleaner.end()])


def test_images_links_and_tags_are_broken_by_a_space() -> None:
    text = "see ![a](http://x) and [b](http://x) <img src=x>\n[c]: http://x\n"
    assert clean([text]) == "see ! [a] (http://x) and [b] (http://x) < img src=x>\n[c] : http://x\n"


def test_fenced_code_stays_and_is_closed() -> None:
    assert clean(["```py\na[0](1) <b>"]) == "```py\na[0](1) <b>\n```"
    assert clean(["~~~\n```\nf[x](y)\n~~~\n[a](b)"]) == "~~~\n```\nf[x](y)\n~~~\n[a] (b)"


def test_a_fence_that_a_renderer_may_end_early_is_none() -> None:
    assert clean(["- ```\n  ![a](b)\n- c\n"]) == "- ```\n  ! [a] (b)\n- c\n"
    assert clean(["``` `x\n![a](b)\n"]) == "``` `x\n! [a] (b)\n"


@given(st.lists(st.sampled_from(["!", "[", "]", "(", ")", "<", "a", "\n", "`", "```", "~~~", " ", "- "]), max_size=40))
def test_no_text_outside_of_fences_is_active(pieces: list[str]) -> None:
    fence = ""
    for line in clean(pieces).split("\n"):
        if fence:
            if line.startswith(fence) and not line.strip().strip(fence[0]):
                fence = ""
        elif match := re.fullmatch(r"(`{3,}|~{3,})[^`]*", line):
            fence = match[1]
        else:
            assert not _ACTIVE.search(line)
    assert not fence


@given(st.text(max_size=60), st.integers(1, 5))
def test_the_same_text_in_other_pieces_comes_out_the_same(text: str, size: int) -> None:
    assert clean([text]) == clean([text[at : at + size] for at in range(0, len(text), size)])


@given(st.text(max_size=60))
def test_escaped_text_is_the_text_for_a_reader(text: str) -> None:
    escaped = escape(text)
    assert re.sub(r"\\([^a-zA-Z0-9\s])", r"\1", escaped) == visible(text)
    assert not re.search(r"(?<!\\)(?:\\\\)*[`\[\]<>*_]", escaped)


@given(st.text(alphabet="`~\na", max_size=30))
def test_code_cannot_leave_its_fence(code: str) -> None:
    first, *inside, last = fenced(code, "py<").split("\n")
    assert first == f"{last}py"
    assert all(last not in line for line in inside)


def test_what_cannot_be_seen_is_taken_out() -> None:
    assert visible("a\u202eb\u200bc\x1b[0m\U000e0041\ud800\n\té") == "abc[0m\n\té"
