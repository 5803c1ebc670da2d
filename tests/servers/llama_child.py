"""Run llama.cpp's HTTP server in this process until standard input ends.

    python llama_child.py MODEL --port PORT [--name NAME] [--key KEY] [--vectors] [--context N] [--slots N]

Prints "ready" when it answers. Not imported by tests: `llama.py` starts it.
"""

import argparse
import sys

import xllamacpp


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("model")
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--name", default="")
    parser.add_argument("--key", default="")
    parser.add_argument("--vectors", action="store_true")
    parser.add_argument("--context", type=int, default=4096)
    parser.add_argument("--slots", type=int, default=1)
    asked = parser.parse_args()
    wanted = xllamacpp.CommonParams()
    wanted.model.path = asked.model
    wanted.hostnames = ["127.0.0.1"]
    wanted.port = asked.port
    wanted.n_ctx = asked.context * asked.slots
    wanted.n_batch = wanted.n_ubatch = 512
    wanted.n_parallel = asked.slots
    # More threads than idle cores wait for each other in a busy loop.
    wanted.cpuparams.n_threads = wanted.cpuparams_batch.n_threads = 1
    wanted.endpoint_metrics = wanted.endpoint_slots = wanted.endpoint_props = True
    if asked.name:
        wanted.model_alias = {asked.name}
    if asked.key:
        wanted.api_keys = [asked.key]
    if asked.vectors:
        wanted.embedding = True
        wanted.pooling_type = xllamacpp.llama_pooling_type.LLAMA_POOLING_TYPE_MEAN
    server = xllamacpp.Server(wanted)
    print("ready", server.listening_address, flush=True)
    sys.stdin.read()


main()
