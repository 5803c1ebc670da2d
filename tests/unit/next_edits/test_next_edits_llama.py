"""The model's part of next edits with a real llama.cpp server, whose weights are random: the road, not the wit."""

from pathlib import Path

import pytest
from servers.fixtures import has_wheel
from test_next_edits_agent import CALL, case_of, view_of

from bench.servers.llama import Recorded, recorded_llama
from copilot_lsp.agents.events import Event, NextEditsEvent
from copilot_lsp.agents.pool import Pool
from copilot_lsp.agents.settings import PoolSettings
from copilot_lsp.features.next_edits import next_edits, next_edits_now
from copilot_lsp.providers.select import Models
from copilot_lsp.providers.settings import EndpointSettings, ProviderSettings

pytestmark = pytest.mark.skipif(not has_wheel(), reason="no llama.cpp server: xllamacpp has no wheel here")
# Nothing that syntax knows follows here, so that it is all up to the model.
ALONE = CALL.replace('second = load("b")\n', 'second = load(name, "b")\n')


async def connected(llama: Recorded) -> Models:
    models = Models(ProviderSettings(endpoints={"llama": EndpointSettings(url=llama.url)}))
    await models.start()
    return models


async def test_a_server_is_shown_the_edit_as_a_diff_and_its_death_costs_only_its_part(tmp_path: Path) -> None:
    pool = Pool(PoolSettings())
    heard: list[Event] = []
    with recorded_llama() as llama:
        models = await connected(llama)
        view, cursor = view_of(case_of(tmp_path, ALONE), tmp_path, models)
        known = await next_edits_now(pool, view, cursor)
        found = await next_edits(pool, view, cursor, heard.append)
        assert heard == [NextEditsEvent(known)], "what is known does not wait for the model"
        assert [one for one in found if one.kind != "model"] == list(known)
        assert llama.exchanges()
        for exchange in llama.exchanges():
            assert exchange["status"] == 200
            assert '-first = load("a")\n+first = load(open("a"))\n' in exchange["body"]["prompt"]
            assert "second" in exchange["body"]["prompt"]
            assert exchange["body"]["stop"] == ["\n"], "one line at a time"
    try:
        assert await next_edits(pool, view, cursor) == known, "the server is gone"
    finally:
        await models.close()
