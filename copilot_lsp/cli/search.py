"""`copilot-lsp search`: where in a workspace is what a question or a piece of code is about?"""

import asyncio
import json
from argparse import ArgumentParser, Namespace
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

from copilot_lsp.cli.command import FOUND, OK, Command
from copilot_lsp.cli.options import add_json, add_settings
from copilot_lsp.cli.workspace import folder_of, opened
from copilot_lsp.core.printable import printable, printable_line

if TYPE_CHECKING:
    from copilot_lsp.app.single import Single
    from copilot_lsp.core.fill import Chunk

_LINES = 6
_LONGEST = 140


def _arguments(parser: ArgumentParser) -> None:
    parser.add_argument("query", nargs="+", metavar="QUERY", help="a question, words, names or code")
    parser.add_argument("--path", type=Path, default=Path(), metavar="PATH", help="workspace folder (here)")
    parser.add_argument("--limit", "-n", type=int, default=5, metavar="N", help="how many answers (5)")
    add_json(parser)
    add_settings(parser)


def _run(args: Namespace) -> int:
    return asyncio.run(_search(folder_of(args.path), args))


async def _search(root: Path, args: Namespace) -> int:
    query = " ".join(args.query)
    async with opened(root, args, fresh=False) as found:
        from copilot_lsp.index.search import search

        chunks = await search(found.project.index, query, limit=args.limit)
        empty = "" if chunks else await _why_empty(found, root, query)
    if args.json:
        print(json.dumps([asdict(chunk) for chunk in chunks], indent=2))
    else:
        print("\n\n".join(_shown(number, chunk, query) for number, chunk in enumerate(chunks, 1)) or empty)
    return OK if chunks else FOUND


async def _why_empty(found: "Single", root: Path, query: str) -> str:
    """What a person can do who found nothing."""
    from copilot_lsp.index.terms import terms_of

    if not await found.indexed_before():
        return f"Nothing in {root} is indexed; copilot-lsp index says what is left out, and why."
    if not terms_of(query).words:
        return "Nothing to look for: ask with words, names or code."
    return (
        f"Nothing fits {printable_line(query, 80)!r}. Try other words, or run copilot-lsp index if files have changed."
    )


def _shown(number: int, chunk: "Chunk", query: str) -> str:
    """An answer with its place in the form that terminals and editors jump to, its reasons, and its telling lines."""
    first = chunk.span.start.line + 1
    title = f"{number}. {chunk.path}:{first}  {chunk.name}".rstrip()
    lines = chunk.text.rstrip().splitlines()
    width = len(str(first + len(lines)))
    shown: list[str] = []
    after = 0
    for at in _telling(lines, query):
        if at > after:
            shown.append(f"   {'...':>{width}}")
        shown.append(f"   {first + at:>{width}} | {printable_line(lines[at].expandtabs(4), _LONGEST)}".rstrip())
        after = at + 1
    if after < len(lines):
        left = len(lines) - after
        shown.append(f"   {'...':>{width}} {left} more {'line' if left == 1 else 'lines'}")
    return "\n".join([printable(title), f"   {printable(chunk.reason)}", *shown])


def _telling(lines: list[str], query: str) -> list[int]:
    """The first line and those that hold most of the query's words, in their order; a gap of one line is filled."""
    from copilot_lsp.index.stems import stem, stems
    from copilot_lsp.index.terms import terms_of

    words = {stem(word) for word in terms_of(query).words}
    filled = [at for at, line in enumerate(lines) if line.strip()]
    best = sorted(filled, key=lambda at: (at != filled[0], -len(words & stems(lines[at])), at))
    chosen = set(best[:_LINES])
    return [at for at in range(len(lines)) if at in chosen or {at - 1, at + 1} <= chosen]


COMMAND = Command(
    "search",
    "Find where in a workspace something is: ask a question, or give names or code",
    _arguments,
    _run,
    "Exit code 1 when nothing fits.",
)
