"""What waits, of all accounts, and what is paused or refused."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from database.engine import Sessions
from database.queries import catching_up, unsent_texts
from database.queries.catching_up import BEHIND_AFTER
from database.queries.operating import lags, waiting
from database.queries.operating.lags import Halted, Queue
from database.queries.operating.waiting import Waiting
from providers.registry import descriptions


@dataclass(frozen=True)
class Lags:
    """Counts and times. All but `queues` are small or empty while everything works."""

    not_handed_over: Waiting
    left_alone: int
    """As `switchboard doctor` counts them."""
    in_doubt: Waiting
    followers: Mapping[str, Waiting]
    queues: Sequence[Queue]
    paused_connectors: Sequence[Halted]
    refused_lines: Sequence[Halted]
    unread_lists: Sequence[Halted]
    lines_behind: int
    """As `switchboard doctor` counts them."""
    halted_endpoints: Sequence[Halted]


async def look(sessions: Sessions, now: datetime) -> Lags:
    """Return what waits. Raises the errors of the database."""
    direct = sessions.direct
    followers = {name: await waiting.behind(direct, name) for name in waiting.READERS}
    followers["figures"] = await waiting.stale_days(direct)
    async with sessions() as session:
        return Lags(
            not_handed_over=await waiting.not_handed_over(direct),
            left_alone=await unsent_texts.count_left_alone(session, now),
            in_doubt=await waiting.in_doubt(direct),
            followers=followers,
            queues=await lags.queues(session),
            paused_connectors=await lags.paused_connectors(session),
            refused_lines=await lags.refused_lines(session, now),
            unread_lists=await lags.unread_lists(session, now),
            lines_behind=await catching_up.count_behind(
                session, providers_that_list(), now - BEHIND_AFTER
            ),
            halted_endpoints=await lags.halted_endpoints(session),
        )


def providers_that_list() -> Sequence[str]:
    """Return the names of providers that list texts, so that lines can be compared with them."""
    return [one.name for one in descriptions() if one.capabilities.lists_texts]
