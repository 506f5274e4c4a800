"""What a program's token may be used for: reading and writing, area by area of the API.

A scope takes rights away from the token's role and adds none. `write` does not include `read`.
"""

from enum import StrEnum
from typing import Self


class Area(StrEnum):
    """A part of the API that tokens are limited to."""

    conversations = "conversations"
    consumers = "consumers"
    agents = "agents"
    settings = "settings"
    connectors = "connectors"
    tokens = "tokens"
    events = "events"
    board = "board"
    notifications = "notifications"
    sources = "sources"
    calls = "calls"
    endpoints = "endpoints"
    bots = "bots"
    reports = "reports"
    exports = "exports"
    erasures = "erasures"
    audit = "audit"


WORDS = {
    Area.conversations: "Conversations, their texts, notes and files, and what is done with them",
    Area.consumers: "Consumers: language, blocks, opt-outs, and the record of consent",
    Area.agents: "The account's people, their states and log-ins",
    Area.settings: "Settings of the account, skills, lines, hours, messages and surveys",
    Area.connectors: "Connectors, and what providers said",
    Area.tokens: "Tokens of programs",
    Area.events: "The stream of the account's events",
    Area.board: "The board of conversations and agents",
    Area.notifications: "Notifications and batches",
    Area.sources: "Sources: ads, posters and pages",
    Area.calls: "Calls and menus",
    Area.endpoints: "Endpoints that events are sent to",
    Area.bots: "Bots",
    Area.reports: "Reports: figures, and what they are counted from",
    Area.exports: "Exports of conversations and figures, and what makes them again and again",
    Area.erasures: "Everything about a consumer: exported as one file, and erased for good",
    Area.audit: "The audit log, which names people, addresses and changes of all areas",
}
"""What each area is about."""


class TokenScope(StrEnum):
    """One right of a token: to read or to write in one area."""

    conversations_read = "conversations:read"
    conversations_write = "conversations:write"
    consumers_read = "consumers:read"
    consumers_write = "consumers:write"
    agents_read = "agents:read"
    agents_write = "agents:write"
    settings_read = "settings:read"
    settings_write = "settings:write"
    connectors_read = "connectors:read"
    connectors_write = "connectors:write"
    tokens_read = "tokens:read"
    tokens_write = "tokens:write"
    events_read = "events:read"
    board_read = "board:read"
    notifications_read = "notifications:read"
    notifications_write = "notifications:write"
    sources_read = "sources:read"
    sources_write = "sources:write"
    calls_read = "calls:read"
    calls_write = "calls:write"
    endpoints_read = "endpoints:read"
    endpoints_write = "endpoints:write"
    bots_read = "bots:read"
    bots_write = "bots:write"
    reports_read = "reports:read"
    exports_read = "exports:read"
    exports_write = "exports:write"
    erasures_read = "erasures:read"
    erasures_write = "erasures:write"
    audit_read = "audit:read"

    @classmethod
    def to(cls, verb: str, area: Area) -> Self:
        """Return the scope to `read` or to `write` in an area."""
        return cls(f"{area}:{verb}")


OF_A_BRANDS_FILE = (
    *(TokenScope.agents_read, TokenScope.connectors_read, TokenScope.sources_read),
    *(TokenScope.calls_read, TokenScope.endpoints_read, TokenScope.bots_read),
)
"""What a file with all settings tells of beside the area of settings."""

Scopes = frozenset[TokenScope] | None
"""The scopes of a token; None: all that its role may do."""


KNOWN = frozenset(str(scope) for scope in TokenScope)


def understood(stored: list[str] | None) -> Scopes:
    """Return the scopes of a stored token. Those that only a newer version knows grant nothing."""
    if stored is None:
        return None
    return frozenset(TokenScope(one) for one in stored if one in KNOWN)
