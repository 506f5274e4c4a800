"""Where changes of consent come from."""

from enum import StrEnum


class ConsentSource(StrEnum):
    """Where a change of consent came from."""

    text = "text"
    provider = "provider"
    agent = "agent"
    api = "api"
    imported = "import"
    call = "call"
    erasure = "erasure"
    """Kept from before everything about the number was erased."""
