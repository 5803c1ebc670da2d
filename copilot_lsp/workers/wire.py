"""What the two ends of a worker's pipe say to each other."""

from multiprocessing import connection
from typing import NamedTuple

DONE = b"d"
FAILED = b"f"
PROGRESS = b"p"

# A handle is an inherited pipe end: a file descriptor on POSIX, a pipe handle on Windows.
ENTRY = "copilot_lsp.workers"
Pipe = connection.Connection


class Job(NamedTuple):
    """One call: `target` is "package.module:function", a function of (payload, report) that returns bytes."""

    target: str
    payload: bytes


class Answer(NamedTuple):
    """One message of a worker: what it means (DONE, FAILED, PROGRESS), the bytes, and the worker's peak memory."""

    kind: bytes
    content: bytes
    peak: int


def encode_job(job: Job) -> bytes:
    return job.target.encode() + b"\n" + job.payload


def decode_job(message: bytes) -> Job:
    target, _, payload = message.partition(b"\n")
    return Job(target.decode(), payload)


def encode_answer(answer: Answer) -> bytes:
    return answer.kind + answer.peak.to_bytes(8, "big") + answer.content


def decode_answer(message: bytes) -> Answer:
    return Answer(message[:1], message[9:], int.from_bytes(message[1:9], "big"))
