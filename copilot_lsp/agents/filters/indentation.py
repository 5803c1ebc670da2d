"""Lines are indented as their place asks for: in the document's kind of blanks, and within their block."""

from copilot_lsp.agents.filter import Filter, Place
from copilot_lsp.syntax.balance import balance

_WIDTHS = (2, 3, 4, 8)
_USUAL = 4
# So many lines around tell with what a document indents, and which blocks are open.
_AROUND = 40


async def check(place: Place, text: str) -> str:
    rows = text.split("\n")
    if len(rows) == 1 and place.head.strip():
        return text
    rows = _in_blanks_of(place, rows)
    if place.language and place.language.indented and not await _is_free(place, text):
        rows = _on_levels(place, rows, place.language.comment.line)
    return "\n".join(_within_block(place, rows))


def _in_blanks_of(place: Place, rows: list[str]) -> list[str]:
    """The rows with tabs for blanks or blanks for tabs, where all lines around the cursor have the others."""
    around = [*place.above(_AROUND), *place.below(_AROUND)]
    tabs = sum(line.startswith("\t") for line in around)
    blanks = sum(line.startswith("  ") for line in around)
    first = 0 if not place.head.strip() else 1
    if tabs and not blanks:
        width = _width([_indent(row) for row in rows[first:] if row.startswith(" ")])
        return [*rows[:first], *(_with_tabs(row, width) for row in rows[first:])]
    if blanks and not tabs:
        width = _width([_indent(line) for line in around])
        return [*rows[:first], *(_with_blanks(row, width) for row in rows[first:])]
    return rows


def _width(indents: list[int]) -> int:
    """How many blanks one level is: the largest usual number that goes into all of these."""
    steps = [indent for indent in indents if indent]
    return next((width for width in reversed(_WIDTHS) if steps and all(step % width == 0 for step in steps)), _USUAL)


def _with_tabs(row: str, width: int) -> str:
    blanks = row[: _indent(row)]
    if " " not in blanks or not row.strip():
        return row
    return "\t" * round(len(blanks.expandtabs(width)) / width) + row[len(blanks) :]


def _with_blanks(row: str, width: int) -> str:
    blanks = row[: _indent(row)]
    return blanks.expandtabs(width) + row[len(blanks) :] if "\t" in blanks and row.strip() else row


async def _is_free(place: Place, text: str) -> bool:
    """Whether indentation means nothing at the cursor: in a string or between brackets."""
    tree = await place.tree(text)
    if place.trial is None or tree is None or balance("\n".join(place.above(_AROUND)[::-1]), tree.language).opens:
        return True
    start = place.trial.span.start
    for node in tree.ancestors(start):
        span = tree.span_of(node)
        if span.start < start and node.child_count and span.start.line < start.line:
            first = node.children[0].type
            if "string" in node.type or any(first == pair[0] for pair in tree.language.brackets):
                return True
    return False


def _on_levels(place: Place, rows: list[str], comment: str) -> list[str]:
    """The rows up to the first that begins where no block is open, of a language that tells blocks by indentation."""
    levels, opens = _levels(place, comment)
    kept: list[str] = []
    depth = 0
    for number, row in enumerate(rows):
        line = f"{place.head}{row}" if number == 0 else row
        if not line.strip():
            kept.append(row)
            continue
        indent = _indent(line)
        begins = depth == 0 and (number > 0 or not place.head.strip())
        head = _indent(place.head)
        if begins and not (_fits(indent, levels, opens) and (number or indent == head or not opens)):
            if number or not _fits(head, levels, opens):
                break
            row, line, indent = row.lstrip(), f"{place.head}{row.lstrip()}", head
        if begins or number == 0:
            levels = [*(level for level in levels if level < indent), indent]
        code = line.split(comment)[0].rstrip() if comment else line.rstrip()
        depth = max(0, depth + sum(map(code.count, "([{")) - sum(map(code.count, ")]}")))
        opens = depth == 0 and code.endswith(":")
        if code.endswith("\\") or code.count('"""') % 2 or code.count("'''") % 2:
            # What follows is one statement or one string with this: its indentation is free.
            return [*kept, row, *rows[number + 1 :]]
        kept.append(row)
    return kept


def _levels(place: Place, comment: str) -> tuple[list[int], bool]:
    """The indentations of the blocks that are open above the cursor's line, and whether the line above opens one."""
    levels: list[int] = []
    for line in place.outwards():
        if not levels or _indent(line) < levels[0]:
            levels.insert(0, _indent(line))
        if levels[0] == 0:
            break
    last = next(place.outwards(), "")
    return levels or [0], (last.split(comment)[0].rstrip() if comment else last).endswith(":")


def _fits(indent: int, levels: list[int], opens: bool) -> bool:
    return indent > levels[-1] if opens else indent in levels


def _within_block(place: Place, rows: list[str]) -> list[str]:
    """The rows up to where they leave a block that goes on below the cursor."""
    below = place.below(1)
    if len(rows) < 2 or not below:
        return rows
    start = _indent(f"{place.head}{rows[0]}")
    if _indent(below[0]) < start or below[0].lstrip()[0] in ")]}":
        return rows
    for number, row in enumerate(rows[1:], 1):
        if row.strip() and _indent(row) < start:
            return rows[:number]
    return rows


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip(" \t"))


FILTER = Filter("indentation", 24, check)
