"""`copilot-lsp stats`: what became of suggestions on this machine."""

import json
import re
import sys
import time
from argparse import ArgumentParser, ArgumentTypeError, Namespace
from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from copilot_lsp.cli.command import OK, Command
from copilot_lsp.cli.options import add_json
from copilot_lsp.core.printable import printable_line

if TYPE_CHECKING:
    from copilot_lsp.agents.learning.learned import Consequence
    from copilot_lsp.agents.learning.rows import Summary

_UNITS = {"h": 3_600, "d": 86_400, "w": 604_800}
_COUNTS = ("shown", "accepted", "partly", "typed", "rejected", "ignored")
_NOTHING = "No suggestion was shown yet: nothing is known before an editor was connected for a while."


def _arguments(parser: ArgumentParser) -> None:
    parser.add_argument("--since", type=_since, default=0.0, metavar="WHEN", help="a date (2026-01-31), or 12h, 7d, 4w")
    parser.add_argument("--reset", action="store_true", help="forget everything")
    add_json(parser)


def _run(args: Namespace) -> int:
    from copilot_lsp.agents.learning import rows
    from copilot_lsp.app.paths import user_paths

    folder = user_paths().state / "learning"
    if args.reset:
        number = rows.reset(folder)
        print(json.dumps({"forgotten": number}) if args.json else f"Forgotten: what became of {number} suggestions.")
        return OK
    found, follows = _found(folder, args.since) if (folder / rows.FILE).exists() else ({}, ())
    if args.json:
        groups = {name: [_as_json(one) for one in several] for name, several in found.items()}
        told = {"file": str(folder / rows.FILE), "since": args.since, "groups": groups}
        print(json.dumps({**told, "follows": [asdict(one) for one in follows]}, indent=2))
    elif found.get("all"):
        _show(found)
        if follows:
            print("What follows for the next ones, where nobody has set recall.confidence:")
        for one in follows:
            print(_sentence(one))
    else:
        print(_NOTHING if not args.since else "No suggestion was shown since then.")
    return OK


def _found(folder: Path, since: float) -> tuple[dict[str, tuple["Summary", ...]], tuple["Consequence", ...]]:
    """All of it, then by each group; empty without a single suggestion. And what follows from it for the next ones."""
    from copilot_lsp.agents.learning import rows
    from copilot_lsp.agents.learning.calibrate import Calibration
    from copilot_lsp.agents.learning.learned import consequences

    database = rows.open_outcomes(folder)
    try:
        if database.notice:
            print(f"copilot-lsp: {database.notice}", file=sys.stderr)
        whole = rows.summaries(database, since)
        if not whole:
            return {}, ()
        groups = {name: rows.summaries(database, since, name) for name in rows.GROUPS}
        return {"all": whole, **groups}, consequences(Calibration(rows.tallies(database, time.time())))
    finally:
        database.close()


def _as_json(one: "Summary") -> dict[str, Any]:
    from copilot_lsp.agents.learning.kept import AGES

    kept = dict(zip(map(str, AGES), one.kept, strict=True))
    return {**asdict(one), "kept": kept, "acceptance": one.acceptance}


def _show(found: dict[str, tuple["Summary", ...]]) -> None:
    from copilot_lsp.agents.learning.kept import AGES

    titles = ["", *_COUNTS, "acceptance", *(f"kept {age}s" for age in AGES), "saved"]
    table = [titles, _cells("all", found["all"][0])]
    for name, several in found.items():
        if name != "all":
            table += [[f"by {name}"], *(_cells(f"  {one.group}", one) for one in several)]
    widths = [max(len(row[at]) for row in table if at < len(row)) for at in range(len(titles))]
    for row in table:
        print("  ".join(_aligned(row, widths)).rstrip())
    (whole,) = found["all"]
    print(
        f"\nAcceptance is (accepted + partly) of all but the ignored. The editor told {whole.told} of these outcomes, "
        "the others\nare inferred from what happened to the text. Saved: characters that were accepted.\n"
    )


def _sentence(one: "Consequence") -> str:
    where = f"  {printable_line(one.language, 40)}:"
    if one.threshold is not None:
        return f"{where} the embedded engine is shown from a confidence of {one.threshold:.2f} on."
    return f"{where} {printable_line(one.source, 40)} counts as {one.trust:.0%} sure beside the embedded engine."


def _cells(title: str, one: "Summary") -> list[str]:
    counts = [str(getattr(one, name)) for name in _COUNTS]
    shares = [_percent(one.acceptance), *map(_percent, one.kept)]
    return [printable_line(title, 40), *counts, *shares, str(one.saved)]


def _percent(share: float | None) -> str:
    return "-" if share is None else f"{share:.0%}"


def _aligned(row: Sequence[str], widths: Sequence[int]) -> list[str]:
    return [
        cell.ljust(width) if not at else cell.rjust(width)
        for at, (cell, width) in enumerate(zip(row, widths, strict=False))
    ]


def _since(text: str) -> float:
    """Seconds since 1970."""
    if match := re.fullmatch(r"(\d{1,6})([hdw])", text):
        return time.time() - int(match[1]) * _UNITS[match[2]]
    try:
        return datetime.fromisoformat(text).timestamp()
    except (ValueError, OSError, OverflowError):
        raise ArgumentTypeError(f"{text!r} is neither a date nor of the form 12h, 7d or 4w") from None


COMMAND = Command("stats", "Show what became of suggestions", _arguments, _run)
