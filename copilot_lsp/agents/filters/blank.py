"""Nothing to see is nothing to show."""

from copilot_lsp.agents.filter import Filter, Place


async def check(_place: Place, text: str) -> str:
    return text if text.strip() else ""


FILTER = Filter("blank", 40, check)
