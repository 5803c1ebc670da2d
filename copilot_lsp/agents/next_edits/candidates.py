"""Which lines may the last edit concern, where nothing certain is known of them?"""

from typing import NamedTuple

from copilot_lsp.agents.next_edits.history import Hunk, Past, pasts
from copilot_lsp.agents.next_edits.scene import Scene
from copilot_lsp.agents.next_edits.tokens import NAME, changed_tokens, tokens
from copilot_lsp.agents.request import NextEdit
from copilot_lsp.syntax.tree import SyntaxTree
from copilot_lsp.syntax.uses import places

# A model is asked about so many lines, one after the other, and shown so many edits.
_LINES = 3
_EDITS = 4
_LONGEST = 300


class Changed(NamedTuple):
    """The lines that one edit changed: before and after, and the words that went and that came."""

    before: str
    after: str
    went: frozenset[str]
    came: frozenset[str]


class Candidates(NamedTuple):
    """What the user did, the last edit last, and the numbers of the lines that may follow, the likeliest first."""

    changes: tuple[Changed, ...]
    lines: tuple[int, ...]


def candidates(scene: Scene, known: tuple[NextEdit, ...]) -> Candidates | None:
    """The lines of the subject document that hold a word which the last edit touched; `known` are edits that are
    certain already."""
    tree = scene.trees[scene.document.uri]
    found = list(pasts(tree, scene.edits))
    if not found:
        return None
    past = found[-1]
    changes = [changed for hunk in past.hunks[-_EDITS:] if (changed := _changed(past, hunk))]
    last = _changed(found[0], found[0].focus)
    if last is None or not changes:
        return None
    changes = [one for one in changes if (one.before, one.after) != (last.before, last.after)]
    done = {edit.span.start.line for edit in known if edit.uri == scene.document.uri}
    for hunk in past.hunks:
        done.update(range(_line(past, hunk.now_start), _line(past, hunk.now_end) + 1))
    lines = _holding(tree, _telling(last, tree), done)
    here = scene.cursor.line
    nearest = sorted(lines, key=lambda line: (line < here, abs(line - here)))[:_LINES]
    return Candidates((*changes[1 - _EDITS :], last), tuple(nearest)) if nearest else None


def _changed(past: Past, hunk: Hunk) -> Changed | None:
    """The whole lines of a hunk, None for those that are too long to be an example."""
    before = _lines(past.text, hunk.start, hunk.end)
    after = _lines(past.now.document.text, hunk.now_start, hunk.now_end)
    if max(len(before), len(after)) > _LONGEST or not before.strip():
        return None
    went: set[str] = set()
    came: set[str] = set()
    for small in changed_tokens(past, hunk):
        went.update(one.text for one in tokens(past.text, small.start, small.end))
        came.update(one.text for one in tokens(past.now.document.text, small.now_start, small.now_end))
    return Changed(before, after, frozenset(went - came), frozenset(came - went))


def _telling(last: Changed, tree: SyntaxTree) -> list[str]:
    """The words by which lines are found: what went; where nothing did, what stands in the changed line."""
    inert = {*tree.language.keywords, *tree.language.doc.omit}
    words = [word for word in sorted(last.went) if NAME.fullmatch(word) and word not in inert]
    if not words:
        words = [one.text for one in tokens(last.before, 0, len(last.before)) if NAME.fullmatch(one.text)]
    return [word for word in dict.fromkeys(words) if word not in inert and len(word) > 1]


def _holding(tree: SyntaxTree, words: list[str], done: set[int]) -> set[int]:
    found = {tree.offsets.point(start)[0] for word in words for start, _ in places(tree, word)}
    return {line for line in found - done if len(tree.document.line(line)) <= _LONGEST}


def _line(past: Past, offset: int) -> int:
    return past.now.document.position(offset).line


def _lines(text: str, start: int, end: int) -> str:
    """The whole lines that a stretch of a text lies in, without the last line end."""
    begin = text.rfind("\n", 0, start) + 1
    stop = text.find("\n", end)
    return text[begin : len(text) if stop < 0 else stop]
