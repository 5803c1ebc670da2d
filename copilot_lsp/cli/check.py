"""`copilot-lsp check`: what is wrong in files, as an editor would underline it."""

import json
import sys
from argparse import ArgumentParser, Namespace
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from copilot_lsp.cli.bar import Bar
from copilot_lsp.cli.command import FOUND, OK, UNUSABLE, Command
from copilot_lsp.cli.options import add_json, add_settings
from copilot_lsp.cli.workspace import Unreadable, settings_for, text_of
from copilot_lsp.core.printable import printable

if TYPE_CHECKING:
    from copilot_lsp.analysis.finding import Finding
    from copilot_lsp.app.settings import Settings


def _arguments(parser: ArgumentParser) -> None:
    parser.add_argument("paths", nargs="*", type=Path, default=[Path()], metavar="PATH", help="files or folders (here)")
    parser.add_argument("--exit-zero", action="store_true", help="exit with 0 also when there are findings")
    add_json(parser)
    add_settings(parser)


def _run(args: Namespace) -> int:
    from copilot_lsp.app.runtime import workspace_of

    settings = settings_for(workspace_of(args.paths[0].absolute()), args)
    bar, rows, unread = Bar(), list[dict[str, object]](), 0
    files = list(_files(args.paths, settings))
    for number, file in enumerate(files):
        bar.show(f"{number} of {len(files)} files", 100 * number // len(files))
        try:
            found = [_row(file, finding) for finding in _checked(file, settings)]
        except Unreadable as error:
            bar.clear()
            print(f"copilot-lsp: {error}", file=sys.stderr)
            unread += 1
            continue
        rows += found
        if found and not args.json:
            bar.clear()
            _show(found)
    bar.clear()
    if args.json:
        print(json.dumps(rows, indent=2))
    else:
        print(f"{_many(len(rows), 'finding').capitalize()} in {_many(len(files), 'file')}.")
    if unread:
        return UNUSABLE
    return FOUND if rows and not args.exit_zero else OK


def _many(number: int, thing: str) -> str:
    return f"{number or 'no'} {thing}{'' if number == 1 else 's'}"


def _files(paths: Iterable[Path], settings: "Settings") -> Iterator[Path]:
    """The files that are named, and those in folders that are named, as far as they would be indexed."""
    from copilot_lsp.index.walk import Rules, Walk

    for path in paths:
        if path.is_dir():
            walk = Walk(Rules.of(path.resolve(), settings.index.scope))
            yield from (path / found.path for found in walk.files())
        else:
            yield path


def _checked(file: Path, settings: "Settings") -> "tuple[Finding, ...]":
    from copilot_lsp.analysis.engine import check
    from copilot_lsp.core.document import document
    from copilot_lsp.core.errors import DeadlineExceeded, UnknownLanguage
    from copilot_lsp.syntax import languages
    from copilot_lsp.syntax.tree import parse

    text = text_of(file, settings.index.max_file_bytes)
    language = languages.detect(str(file), text.partition("\n")[0])
    if language is None:
        return ()
    try:
        return check(parse(document(file.resolve().as_uri(), text, language)), settings.analysis)
    except UnknownLanguage:  # a language that is known by name only
        return ()
    except DeadlineExceeded as error:
        raise Unreadable(f"{file} cannot be checked: {error}") from None


def _row(file: Path, finding: "Finding") -> dict[str, object]:
    start, end = finding.span.start, finding.span.end
    return {
        "path": file.as_posix(),
        "line": start.line + 1,
        "column": start.column + 1,
        "end_line": end.line + 1,
        "end_column": end.column + 1,
        "severity": str(finding.severity),
        "code": finding.code,
        "message": finding.message,
        "fixes": [fix.title for fix in finding.fixes],
    }


def _show(rows: Iterable[dict[str, object]]) -> None:
    for row in rows:
        print(printable("{path}:{line}:{column}: {severity}: {message} [{code}]".format(**row)))


COMMAND = Command(
    "check",
    "Report what is wrong in files",
    _arguments,
    _run,
    "Exit code 0: nothing found, 1: findings, 2: something could not be checked.",
)
