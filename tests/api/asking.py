"""What each request to a server of this process asked of its caller's role, and what it wrote."""

import re
import sys
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import pytest
import structlog
from sqlalchemy import event
from sqlalchemy.engine import Engine

from domain.people.roles import Role
from domain.people.token_scopes import TokenScope
from services.caller import RANKS, Caller

WRITES = re.compile(r"\b(INSERT\s+INTO|UPDATE\s+\w+\s+SET|DELETE\s+FROM)\b", re.IGNORECASE)


@dataclass
class Seen:
    """Of one request. `asked`, `scopes`: what was required, each with the module that did."""

    asked: list[tuple[Role, str]] = field(default_factory=list)
    scopes: list[tuple[TokenScope, str]] = field(default_factory=list)
    writes: list[str] = field(default_factory=list)

    def required(self, within: str = "") -> Role | None:
        """Return the highest role that modules of a package required, None for none."""
        roles = [role for role, module in self.asked if module.startswith(within)]
        return max(roles, key=RANKS.__getitem__, default=None)

    def required_scopes(self, within: str) -> set[TokenScope]:
        """Return the scopes that modules of a package required."""
        return {scope for scope, module in self.scopes if module.startswith(within)}


Requests = dict[str, Seen]
"""By the X-Request-ID that they were sent with."""


@contextmanager
def asking(monkeypatch: pytest.MonkeyPatch) -> Iterator[Requests]:
    """Watch the requests of a block."""
    seen: Requests = defaultdict(Seen)
    require, require_scope = Caller.require, Caller.require_scope

    def asked(self: Caller, role: Role, otherwise: str | None = None) -> None:
        module = sys._getframe(1).f_globals["__name__"]
        seen[_request_id()].asked.append((role, module))
        require(self, role, otherwise)

    def asked_scope(self: Caller, scope: TokenScope) -> None:
        module = sys._getframe(1).f_globals["__name__"]
        seen[_request_id()].scopes.append((scope, module))
        require_scope(self, scope)

    def executed(_: object, __: object, statement: str, *___: Any) -> None:
        if WRITES.search(statement):
            seen[_request_id()].writes.append(statement)

    monkeypatch.setattr(Caller, "require", asked)
    monkeypatch.setattr(Caller, "require_scope", asked_scope)
    event.listen(Engine, "before_cursor_execute", executed)
    try:
        yield seen
    finally:
        event.remove(Engine, "before_cursor_execute", executed)


def _request_id() -> str:
    return str(structlog.contextvars.get_contextvars().get("request_id", ""))
