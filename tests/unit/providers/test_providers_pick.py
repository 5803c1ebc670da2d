"""Which of an endpoint's models does what."""

from copilot_lsp.providers.pick import pick
from copilot_lsp.providers.provider import Capability, Model
from copilot_lsp.providers.settings import EndpointSettings


def model(name: str, *can: Capability, size: int = 0, loaded: bool = False) -> Model:
    return Model(name, frozenset(can), 4096, size=size, loaded=loaded)


BIG = model("coder:32b", "fim", "chat", size=20)
SMALL = model("coder:1.5b", "fim", "chat", size=1)
TALKER = model("llama:latest", "chat", size=5)
VECTORS = model("nomic:latest", "embed")
ALL = (TALKER, BIG, SMALL, VECTORS)


def test_without_wishes_the_smallest_completes_and_chats_and_one_made_for_it_embeds() -> None:
    settings = EndpointSettings()
    assert pick("complete", ALL, settings) is SMALL
    assert pick("chat", ALL, settings) is SMALL
    assert pick("embed", ALL, settings) is VECTORS


def test_a_loaded_model_goes_before_a_smaller_one() -> None:
    loaded = model("coder:7b", "fim", size=7, loaded=True)
    assert pick("complete", (*ALL, loaded), EndpointSettings()) is loaded
    assert pick("chat", (loaded, TALKER), EndpointSettings()) is TALKER


def test_wishes_are_taken_at_their_word() -> None:
    settings = EndpointSettings(complete_model="coder:32b", chat_model="llama", embed_model="coder:1.5b")
    assert pick("complete", ALL, settings) is BIG
    assert pick("chat", ALL, settings) is TALKER
    assert pick("embed", ALL, settings) is SMALL
    assert pick("complete", ALL, EndpointSettings(complete_model="llama")) is None
    assert pick("complete", ALL, EndpointSettings(complete_model="missing")) is None


def test_a_model_that_also_gives_vectors_is_not_taken_for_search_unasked() -> None:
    assert pick("embed", (model("coder", "fim", "embed"),), EndpointSettings()) is None
    assert pick("chat", (VECTORS,), EndpointSettings()) is None
