"""Slices are done one at a time, and what somebody waits for goes first, but not for ever."""

import asyncio
import time

from copilot_lsp.syntax import turns
from copilot_lsp.syntax.turns import ahead, give_way, turn


async def test_only_one_slice_is_done_between_two_turns_of_the_loop():
    doing = 0

    async def work():
        nonlocal doing
        for _ in range(20):
            async with turn():
                doing += 1
                assert doing == 1
                await asyncio.sleep(0)
                doing -= 1

    await asyncio.gather(work(), work(), work())


async def test_who_gives_way_goes_on_when_all_who_are_ahead_are_done():
    order = []

    async def hurried(name, seconds):
        with ahead():
            await asyncio.sleep(seconds)
            order.append(name)

    async def patient():
        await give_way()
        order.append("patient")

    async with asyncio.TaskGroup() as tasks:
        tasks.create_task(hurried("first", 0.001))
        tasks.create_task(hurried("second", 0.005))
        await asyncio.sleep(0)
        tasks.create_task(patient())
    assert order == ["first", "second", "patient"]
    began = time.monotonic()
    await give_way()
    assert time.monotonic() - began < 0.01


async def test_nobody_gives_way_for_ever():
    with ahead():
        began = time.monotonic()
        await give_way()
        assert turns._LONGEST * 0.9 <= time.monotonic() - began < 10 * turns._LONGEST + 0.5
