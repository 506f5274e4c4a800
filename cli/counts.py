"""What `switchboard doctor` counts, each by a question of its own."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field

from cli.checks import Installed
from database.queries import catching_up, erasures, media, watches
from database.queries.catching_up import BEHIND_AFTER
from database.queries.operating import lags, places
from database.queries.records import unread
from database.queries.unsent_texts import count_left_alone
from domain.errors import Unavailable
from media.keys import key_of
from media.opening import create_store
from services.installation import Installation
from services.operating import stuck
from services.operating.lags import providers_that_list
from services.operating.troubles import Trouble
from temporal.missed_runs import ScheduledRuns

FILES_LOOKED_AT = 200
"""The latest files that are looked for in the media store. Ours."""


NOT_ALL_ASKED = "Not all schedules with failed runs could be asked. Look again in some minutes."


@dataclass(frozen=True)
class AtLeast:
    """A count where not all could be asked. `why`: a sentence."""

    count: int
    why: str


@dataclass(frozen=True)
class Counts:
    """Counts inconsistencies. Each raises what its service raises when it is away."""

    at: Installed
    _compared: list[stuck.Findings] = field(default_factory=list)

    async def texts_lost(self) -> int:
        return len(await watches.lost_texts(self.at.direct))

    async def texts_unsent(self) -> int:
        now = await self.at.sessions.clock.now()
        async with self.at.sessions() as session:
            return await count_left_alone(session, now)

    async def texts_hard_to_send(self) -> int:
        async with self.at.sessions() as session:
            return len(await places.hard_to_send(session, watches.MOST))

    async def rows_without_workflow(self) -> int:
        return (await self._of_both()).counts[Trouble.no_workflow]

    async def workflows_without_row(self) -> int:
        return (await self._of_both()).counts[Trouble.nothing_open]

    async def workflows_stuck(self) -> int:
        return len(await self.at.conversations.stuck())

    async def erasures_late(self) -> int:
        now = await self.at.sessions.clock.now()
        async with self.at.sessions() as session:
            return len(await erasures.late(session, now, watches.MOST))

    async def runs_missed(self) -> int | AtLeast:
        """Count them. Raises `Unavailable` if none is known and there may be some."""
        missed = await ScheduledRuns(self.at.client).missed()
        if missed.is_whole:
            return len(missed.runs)
        if not missed.runs:
            raise Unavailable
        return AtLeast(len(missed.runs), NOT_ALL_ASKED)

    async def files_missing(self) -> int:
        """Count those of the latest files that the store lacks.

        A folder on each machine holds only what that machine stored: several machines need a
        bucket.
        """
        async with self.at.sessions() as session:
            latest = await media.newest_stored(session, FILES_LOOKED_AT)
        store = create_store(self.at.settings.media)
        there = [await store.has(key_of(file.account_id, file.id)) for file in latest]
        return there.count(False)

    async def lines_behind(self) -> int:
        until = await self.at.sessions.clock.now() - BEHIND_AFTER
        async with self.at.sessions() as session:
            return await catching_up.count_behind(session, providers_that_list(), until)

    async def connectors_paused(self) -> int:
        async with self.at.sessions() as session:
            return len(await lags.paused_connectors(session))

    async def events_unread(self) -> int:
        async with self.at.sessions() as session:
            return await unread.count(session)

    async def texts_fetched(self) -> int:
        async with self.at.sessions() as session:
            return await catching_up.count_found(session)

    async def steps_adopted(self) -> int:
        return (await watches.healed(self.at.direct)).steps_adopted

    async def gaps_marked(self) -> int:
        return (await watches.healed(self.at.direct)).gaps_marked

    async def _of_both(self) -> stuck.Findings:
        """Compare rows with workflows, once: both lists are long."""
        if not self._compared:
            self._compared.append(await stuck.find(Installation(), self.at.backends))
        return self._compared[0]


TROUBLE: Mapping[str, Callable[[Counts], Awaitable[int | AtLeast]]] = {
    "Texts handed over more than a minute ago that are in no transcript": Counts.texts_lost,
    "Outgoing texts that no worker has handled for more than a minute": Counts.texts_unsent,
    "Outgoing texts that were tried again and again": Counts.texts_hard_to_send,
    "Open conversations whose workflow does not run": Counts.rows_without_workflow,
    "Workflows that run without an open conversation": Counts.workflows_without_row,
    "Workflows whose tasks keep failing or timing out": Counts.workflows_stuck,
    "Erasures that have not ended an hour after they were asked for": Counts.erasures_late,
    "Runs of schedules that did not do their work": Counts.runs_missed,
    "Files that the media store has lost, or that another machine's folder holds": (
        Counts.files_missing
    ),
    "Lines whose texts were not compared with their provider's list for 35 minutes": (
        Counts.lines_behind
    ),
    "Connectors that are paused, because their provider refuses the whole account": (
        Counts.connectors_paused
    ),
    "Events that could not be read into records and figures": Counts.events_unread,
}
"""What is 0 in normal operation, in the order of the table."""

HEALED: Mapping[str, Callable[[Counts], Awaitable[int]]] = {
    "Texts that no webhook brought and that were fetched (ever)": Counts.texts_fetched,
    "Steps decided twice, of which the recorded one was adopted (ever)": Counts.steps_adopted,
    "Conversations written again to a database that had lost steps (ever)": Counts.gaps_marked,
}
"""What was healed already."""
