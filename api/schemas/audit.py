"""Entries of the audit log."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Self

from api.schemas.shared import Answer
from database.tables import AuditEntry
from domain.settings.auditing import Action


class AuditEntryOut(Answer):
    """What somebody did. Secrets are never in it: `•••` says that there was, or is, one."""

    id: int
    at: datetime
    actor: str | None
    """Id of a person or a token; null: the system, by a rule or a restart."""
    actor_name: str | None
    agent_id: str | None
    """The person, also where a program acted for them."""
    door: str | None
    """`page`, `api` or `command line`."""
    address: str | None
    """Of the caller, as far as the proxies before us are trusted."""
    action: Action
    subject: str
    """What kind of thing, such as `line`."""
    subject_id: str
    name: str | None
    before: dict[str, Any]
    after: dict[str, Any]
    request_id: str | None

    @classmethod
    def of(cls, entry: AuditEntry, names: Mapping[str, str]) -> Self:
        return cls(
            id=entry.id,
            at=entry.at,
            actor=entry.actor,
            actor_name=names.get(entry.actor or ""),
            agent_id=entry.agent_id,
            door=entry.door,
            address=entry.address,
            action=Action(entry.action),
            subject=entry.subject,
            subject_id=entry.subject_id,
            name=entry.name,
            before=entry.before,
            after=entry.after,
            request_id=entry.request_id,
        )
