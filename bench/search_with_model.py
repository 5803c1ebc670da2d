"""How much better does search find what is asked for in words when an embedding model is configured?

The same sets and baselines as those of `search_quality`, over packages small enough to be embedded on a processor.
"""

import asyncio

from bench.options import Options
from bench.report import Report
from bench.retrieval.minilm import minilm
from bench.retrieval.trees import folder
from bench.search_quality import measure

_PACKAGES = ("requests==2.34.2", "httpx==0.28.1", "werkzeug==3.1.9")


def run(options: Options) -> Report:
    return asyncio.run(_run(options))


async def _run(options: Options) -> Report:
    async with minilm(folder()) as model:
        report = await measure(_PACKAGES, options, model, least=1.2)
    report.name = "search_with_model"
    return report
