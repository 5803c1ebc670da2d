"""The contract of a handler: one file in `handlers/` per LSP method, which exports one `HANDLER`.

A `Request` is a coroutine function that decodes, calls a feature and encodes; `dispatch` times it, cancels it, guards
it and answers. Its `Call` holds everything it may read: the view was taken when the message arrived, so what the user
types meanwhile does not change it. A `Notification` is a plain function that runs at once, in order of arrival, because
the next message may depend on what it does. Neither catches what it cannot act on.

    async def run(call: Call[types.HoverParams]) -> types.Hover | None:
        found = await hover(call.services.pool, call.view, call.ruler.place(call.params.position))
        return types.Hover(found.markdown, call.ruler.range(found.span))

    HANDLER = Request("hover", (types.TEXT_DOCUMENT_HOVER,), run)
"""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Generic, TypeVar, cast

from copilot_lsp.lsp.convert import Ruler
from copilot_lsp.lsp.errors import INVALID_PARAMS, Refused

if TYPE_CHECKING:
    from copilot_lsp.agents.learning.outcomes import Outcomes
    from copilot_lsp.agents.services import Services
    from copilot_lsp.agents.view import View
    from copilot_lsp.features.settings import FeatureSettings
    from copilot_lsp.lsp.folders import Folder
    from copilot_lsp.lsp.session import Session

P = TypeVar("P")


@dataclass(frozen=True, slots=True)
class Call(Generic[P]):
    """One request: `params` as LSP types them, `raw` as the client sent them (typed ones drop unknown fields).

    `folder` and `about` are as they were when the request arrived: the folder that it concerns, and the view of the
    document that it is about, None when it names none. `session` is there to ask what the client can do and to send it
    something; its documents are not to be read.
    """

    params: P
    raw: Mapping[str, Any]
    folder: "Folder"
    about: "View | None"
    services: "Services[Any]"
    session: "Session"

    @property
    def view(self) -> "View":
        """The view of the document that the request is about. Raises Refused when it names none."""
        if self.about is None:
            raise Refused(INVALID_PARAMS, "the request names no document")
        return self.about

    @property
    def data(self) -> Mapping[str, Any]:
        """What we wrote into an item that comes back to be resolved. Raises Refused for an item that is not ours."""
        data = self.raw.get("data")
        if not isinstance(data, dict):
            raise Refused(INVALID_PARAMS, "the item is none of ours")
        return cast("dict[str, Any]", data)

    @property
    def ruler(self) -> Ruler:
        """Measures that document as the client counts."""
        return Ruler(self.view.document, self.session.client.encoding)

    @property
    def outcomes(self) -> "Outcomes":
        """Where the session notes what becomes of suggestions."""
        assert self.session.overlays is not None  # there are services, hence views
        return self.session.overlays.outcomes

    @property
    def settings(self) -> "FeatureSettings":
        """The settings of the folder."""
        return self.folder.settings


@dataclass(frozen=True, slots=True)
class Request(Generic[P]):
    """`seconds` is the deadline. `quiet`: past it, or refused by a full queue, the answer is null instead of an error,
    because the editor asked by itself and nobody could act on a message. `newest`: a newer one about the same document
    takes this one's place at once, before any work is done for it.
    """

    name: str
    methods: tuple[str, ...]
    run: Callable[[Call[P]], Awaitable[object]]
    seconds: float = 10.0
    quiet: bool = False
    newest: bool = False


@dataclass(frozen=True, slots=True)
class Notification:
    """`run` gets the parameters as the client sent them and checks what it reads; ValueError or a LookupError means
    that they make no sense, which is logged.
    """

    name: str
    methods: tuple[str, ...]
    run: Callable[["Session", Mapping[str, Any]], None]
