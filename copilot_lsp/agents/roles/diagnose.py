"""Finds what is wrong in a document: syntax errors and what the rules flag."""

import time
from collections import Counter

from copilot_lsp.agents.agent import Agent, Job
from copilot_lsp.agents.request import Diagnose
from copilot_lsp.analysis.engine import check_in_steps
from copilot_lsp.analysis.finding import Finding
from copilot_lsp.telemetry import decisions


async def run(job: Job[Diagnose]) -> tuple[Finding, ...]:
    """The findings in the order of their places; none in a document without a grammar."""
    started = time.monotonic()
    tree = await job.view.tree()
    found = await check_in_steps(tree, job.view.settings.analysis) if tree else ()
    counts = Counter(finding.severity for finding in found)
    decisions.record(
        agent="diagnose",
        choice="rules" if tree else "nothing",
        reason=", ".join(f"{number} {name}" for name, number in counts.items()) if tree else "no grammar",
        seconds=time.monotonic() - started,
    )
    return found


AGENT = Agent(name="diagnose", needs=frozenset({"syntax"}), run=run)
