"""The errors that a caller can act on; every message says what to do."""


class CopilotLspError(Exception):
    """Anything that copilot-lsp raises on purpose. The message is fit to show to a person."""


class SettingsError(CopilotLspError):
    """A settings source cannot be read or holds a value that cannot be used."""


class UnknownLanguage(CopilotLspError):
    """No grammar for that language id or file."""


class StoreError(CopilotLspError):
    """A database cannot be opened, written or recovered."""


class StoreTooNew(StoreError):
    """The file was written by a newer version; it is left untouched."""


class StoreReadOnly(StoreError):
    """The disk is full or read-only: what is there can be read, nothing can be written."""


class StoreDamaged(StoreError):
    """The file is not a database any more; opening it anew moves it aside and starts an empty one."""


class WorkerFailed(CopilotLspError):
    """A worker process died, raised, or ran out of time."""


class ProviderError(CopilotLspError):
    """A model backend failed; the subclasses say how."""


class ProviderUnavailable(ProviderError):
    """Nothing answers at the endpoint, or it answers with a server error: another try may help.

    `retry_after` is how many seconds the server asked to be left alone, 0 when it did not say.
    """

    def __init__(self, message: str, retry_after: float = 0.0) -> None:
        super().__init__(message)
        self.retry_after = retry_after


class ProviderLoading(ProviderUnavailable):
    """The model is being loaded: nothing is wrong, the answer is not to be had yet."""


class ProviderRejected(ProviderError):
    """The endpoint refuses this request (capability, size, form): the same request will fail again."""


class ProviderMisconfigured(ProviderRejected):
    """The endpoint refuses every request until a setting is changed: address, key or model name."""


class ProviderTimeout(ProviderError):
    """One of our own deadlines passed: connect, first token, between tokens, or total."""


class ProviderProtocolError(ProviderError):
    """The endpoint answers with something that is not its documented protocol."""


class DeadlineExceeded(CopilotLspError):
    """The time given to a task is used up."""


class Superseded(CopilotLspError):
    """A newer task for the same document took this one's place."""


class Overloaded(CopilotLspError):
    """The queue is full; the task was not taken."""
