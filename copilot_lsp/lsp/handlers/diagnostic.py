"""textDocument/diagnostic: what is wrong in a document, for a client that pulls."""

from lsprotocol import types

from copilot_lsp.core.errors import Superseded
from copilot_lsp.features.diagnostics import diagnostics
from copilot_lsp.lsp.diagnostics import diagnostics_of, result_id
from copilot_lsp.lsp.errors import SERVER_CANCELLED, Refused
from copilot_lsp.lsp.handler import Call, Request

Report = types.RelatedFullDocumentDiagnosticReport | types.RelatedUnchangedDocumentDiagnosticReport


async def run(call: Call[types.DocumentDiagnosticParams]) -> Report:
    if not call.settings.editor.diagnostics:
        return types.RelatedFullDocumentDiagnosticReport([])
    try:
        findings = await diagnostics(call.services.pool, call.view)
    except Superseded as error:
        # LSP's own word for it, which makes a client ask again for the newer text.
        raise Refused(SERVER_CANCELLED, str(error), {"retriggerRequest": True}) from error
    number = result_id(findings)
    if call.params.previous_result_id == number:
        return types.RelatedUnchangedDocumentDiagnosticReport(number)
    return types.RelatedFullDocumentDiagnosticReport(diagnostics_of(findings, call.ruler), result_id=number)


HANDLER = Request("diagnostic", (types.TEXT_DOCUMENT_DIAGNOSTIC,), run, seconds=30.0)
