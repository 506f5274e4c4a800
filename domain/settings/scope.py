"""Scopes of settings, and which scopes reach a conversation."""

from dataclasses import dataclass
from enum import StrEnum


class Origin(StrEnum):
    """Where a value comes from. `default`: the product. `consumer`: the consumer's own language."""

    line = "line"
    skill = "skill"
    connector = "connector"
    account = "account"
    default = "default"
    consumer = "consumer"


@dataclass(frozen=True)
class Scope:
    """The scope of a setting: a line, a skill, a connector, or (all None) the whole account."""

    line_id: str | None = None
    skill_id: str | None = None
    connector_id: str | None = None

    @property
    def origin(self) -> Origin:
        """Return the most specific part of the scope."""
        if self.line_id:
            return Origin.line
        if self.skill_id:
            return Origin.skill
        return Origin.connector if self.connector_id else Origin.account


EVERYWHERE = Scope()
"""The whole account."""


def generality(scope: Scope) -> int:
    """Return 0 for a line, 1 for a skill or connector, 2 for the account."""
    match scope.origin:
        case Origin.line:
            return 0
        case Origin.skill | Origin.connector:
            return 1
        case _:
            return 2


def reaches(scope: Scope, around: Scope) -> bool:
    """Say whether a setting for `scope` reaches a conversation with the ids in `around`."""
    return (
        scope.line_id in (None, around.line_id)
        and scope.skill_id in (None, around.skill_id)
        and scope.connector_id in (None, around.connector_id)
    )
