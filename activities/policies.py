"""A cache of policies, each valid until a setting behind it changes."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from cachetools import LRUCache

from database.engine import Sessions
from database.queries.policy import load_policy
from domain.policy.policy import Policy

FRESH_FOR = timedelta(minutes=1)
"""Working hours count from the time of reading, so a policy must not be old. Ours."""
MOST_KEPT = 1000
"""Cached policies; the least recently used one is dropped. Ours: a few megabytes."""


@dataclass(frozen=True)
class PolicyKey:
    """Which policy: account, line and skill. `language`: the consumer's, if it is known."""

    account_id: str
    line_id: str
    skill_id: str
    language: str | None = None


@dataclass(frozen=True)
class CachedPolicy:
    """A policy, the mark that its settings had just before, and when it was read."""

    policy: Policy
    mark: str | None
    read_at: datetime


def _kept() -> LRUCache[PolicyKey, CachedPolicy]:
    return LRUCache(MOST_KEPT)


@dataclass(frozen=True)
class KnownPolicies:
    """Saves an opening a dozen queries. A changed setting takes effect at once."""

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
