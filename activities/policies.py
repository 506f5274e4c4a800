"""Policies as they were read, for as long as no setting behind them changed."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from cachetools import LRUCache

from database.engine import Sessions
from database.queries.policy import load_policy
from domain.policy.policy import Policy

FRESH_FOR = timedelta(minutes=1)
"""Working hours are told from the time of reading: they must reach far enough."""
MOST_KEPT = 1000
"""The policy that was used least recently gives way."""


@dataclass(frozen=True)
class PolicyKey:
    """Of which line and skill; `language`: the consumer's, if it is known."""

    account_id: str
    line_id: str
    skill_id: str
    language: str | None = None


@dataclass(frozen=True)
class CachedPolicy:
    """A policy, the mark of the settings before it was read, and when that was."""

    policy: Policy
    mark: str | None
    read_at: datetime


def _kept() -> LRUCache[PolicyKey, CachedPolicy]:
    return LRUCache(MOST_KEPT)


@dataclass(frozen=True)
class KnownPolicies:
    """Spares an opening a dozen queries. A setting that was changed counts at once."""

    _known: LRUCache[PolicyKey, CachedPolicy] = field(default_factory=_kept)

    async def load(
        self, sessions: Sessions, wanted: PolicyKey, mark: str | None, now: datetime
    ) -> Policy:
        """Return a policy; `mark` must have been read before. Raises `UnknownSkill`."""
        known = self._known.get(wanted)
        if known and known.mark == mark and timedelta() <= now - known.read_at < FRESH_FOR:
            return known.policy
        async with sessions() as session:
            policy = await load_policy(
                session, wanted.account_id, wanted.line_id, wanted.skill_id, now, wanted.language
            )
        self._known[wanted] = CachedPolicy(policy, mark, now)
        return policy
