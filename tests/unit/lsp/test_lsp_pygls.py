"""Is what we take from pygls, some of it private, still there and still shaped as we take it?"""

import inspect

from pygls.lsp.server import LanguageServer
from pygls.protocol import LanguageServerProtocol


def parameters(function: object) -> list[str]:
    return list(inspect.signature(function).parameters)


def test_what_the_protocol_overrides() -> None:
    assert parameters(LanguageServerProtocol.notify) == ["self", "method", "params"]
    assert parameters(LanguageServerProtocol.send_request_async) == ["self", "method", "params", "msg_id"]
    assert parameters(LanguageServerProtocol._register_builtin_features) == ["self"]


def test_the_typed_senders_go_through_what_is_overridden() -> None:
    for sender in ("window_log_message", "text_document_publish_diagnostics", "progress", "log_trace"):
        assert "self.protocol.notify(" in inspect.getsource(getattr(LanguageServer, sender))
    for asker in ("workspace_configuration_async", "client_register_capability_async", "workspace_apply_edit_async"):
        assert "self.protocol.send_request_async(" in inspect.getsource(getattr(LanguageServer, asker))
