"""How late the event loop is."""

import asyncio

from copilot_lsp.telemetry.metrics import observe


async def watch_loop(every: float = 0.25) -> None:
    """Measure how much later than asked the loop wakes a sleeper, every `every` seconds until cancelled."""
    loop = asyncio.get_running_loop()
    while True:
        due = loop.time() + every
        await asyncio.sleep(every)
        observe("loop_lag_seconds", max(0.0, loop.time() - due))
