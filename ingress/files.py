"""Fetches the files of consumers' texts, beside the conversations, and stores them.

A file has a row as soon as its text has one. A worker claims the row, commits, fetches, stores, and
records the result. A worker that dies in between leaves a row that is due again when the claim
ends, and the file is then fetched once more into the same place.
"""

import asyncio
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import partial
from uuid import uuid4

import structlog

from database.away import NOT_DONE
from database.engine import Sessions
from database.queries import media
from database.queries.inbound import line_route
from database.queries.media import ClaimedFile, StoredFile
from domain.delivery.exchanges import Exchange, ExchangeKind
from domain.delivery.media_state import MediaState
from domain.delivery.told import harmless
from ingress.receiving import Receiver
from media.failures import FileUnfit, Reason
from media.fetching import SECONDS, Fetcher, Source
from media.intake import Kept, kept, put
from media.keys import key_of, thumbnail_key
from media.kinds import PLAIN_TEXT, text_in
from media.pictures import Pictures
from media.store import MediaStore, StoreAway
from providers.contract import InboundText, Provider
from runtime.tasks import error_kind
from security.secrets import SecretBox, SecretUnreadable
from tracing.trace import Trace

AT_ONCE = 6
"""Files that one worker fetches at a time. Ours: each holds up to 20 MB in memory."""
PAUSE_SECONDS = 1.0
"""Ours: how long a picture waits until a worker looks."""
HELD_FOR = timedelta(seconds=2 * SECONDS + 60)
"""After this time the worker that holds a file counts as dead. Ours: fetching, opening, storing."""
PAUSES = tuple(timedelta(seconds=one) for one in (2, 10, 60, 300, 1800, 7200, 21600))
"""The pauses between tries. Ours: nine hours together, so that an outage of a night is outlived."""
MOST_TRIES = len(PAUSES) + 1
OK = 200
AGAIN_AFTER = timedelta(minutes=1)
"""The pause when the fault is not the file's: our own store or keys. Ours."""

log = structlog.stdlib.get_logger()


@dataclass(frozen=True)
class Asked:
    """A request for a file, and when it began."""

    at: datetime = field(default_factory=lambda: datetime.now(UTC))
    began: float = field(default_factory=time.monotonic)

    def exchange(self, claimed: ClaimedFile, got: int | FileUnfit) -> Exchange:
        """Return the exchange to be kept, with the size of what came or the reason why not.

        Of the address only the host is kept: whoever knows the rest may see the file.
        """
        unfit = got if isinstance(got, FileUnfit) else None
        return Exchange(
            id=uuid4(),
            account_id=claimed.account_id,
            connector_id=claimed.connector_id,
            line_id=None,
            message_id=claimed.message_id,
            provider_message_id=None,
            kind=ExchangeKind.file,
            at=self.at,
            milliseconds=round((time.monotonic() - self.began) * 1000),
            method="GET",
            url=harmless(claimed.url),
            request="",
            status=unfit.status if unfit else OK,
            answer="" if unfit else f"[{got} bytes]",
            outcome=unfit.reason if unfit else None,
        )


class NotNow(Exception):
    """The file can be fetched by another worker, or later."""


@dataclass(frozen=True)
class Files:
    """A worker's task that fetches every file that is due. Any number may run at once."""

    sessions: Sessions
    providers: Mapping[str, Provider]
    secrets: SecretBox
    store: MediaStore
    pictures: Pictures
    receiver: Receiver
    trace: Trace

    async def run(self, pause: float = PAUSE_SECONDS) -> None:
        """Fetch files until cancelled."""
        async with Fetcher() as fetcher, asyncio.TaskGroup() as tasks:
            for _ in range(AT_ONCE):
                tasks.create_task(self._work(fetcher, pause))

    async def _work(self, fetcher: Fetcher, pause: float) -> None:
        while True:
            try:
                has_more = await self.take_next(fetcher)
            except NOT_DONE as error:
                log.warning("files_not_fetched", error=type(error).__name__)
                has_more = False
            if not has_more:
                await asyncio.sleep(pause)

    async def take_next(self, fetcher: Fetcher) -> bool:
        """Fetch the file that has been due the longest; returns whether there was one."""
        now = await self.sessions.clock.now()
        claimed = await media.claim(self.sessions.direct, now, now + HELD_FOR)
        if claimed is None:
            return False
        if claimed.tries > MOST_TRIES:  # whoever tried it last died of it, or was killed
            await self._failed(claimed, FileUnfit(Reason.unreadable))
            return True
        try:
            await self._take(fetcher, claimed)
        except FileUnfit as unfit:
            await self._failed(claimed, unfit)
        except (NotNow, StoreAway) as error:
            log.warning("file_postponed", file=str(claimed.id), error=type(error).__name__)
            again_at = await self.sessions.clock.now() + AGAIN_AFTER
            async with self.sessions.begin() as session:
                await media.postpone(session, claimed.id, again_at)
        except NOT_DONE:
            raise
        except Exception as error:  # nothing that a consumer can send stops the others' files
            log.error("file_unreadable", file=str(claimed.id), error=error_kind(error))
            await self._failed(claimed, FileUnfit(Reason.unreadable))
        return True

    async def _take(self, fetcher: Fetcher, claimed: ClaimedFile) -> None:
        found = await self._fetch(fetcher, claimed)
        await self._take_text(claimed, found)
        await self._stored(claimed, found)

    async def _fetch(self, fetcher: Fetcher, claimed: ClaimedFile) -> Kept:
        data = await self._bytes(fetcher, claimed)
        found = await kept(self.pictures, data, claimed.announced_type)
        await put(self.store, claimed.account_id, claimed.id, found)
        return found

    async def _bytes(self, fetcher: Fetcher, claimed: ClaimedFile) -> bytes:
        """Return a file as its provider has it, and keep the exchange for administrators."""
        source, asked = self._source(claimed), Asked()
        try:
            data = await fetcher.fetch(source)
        except FileUnfit as unfit:
            self.trace.keep(partial(asked.exchange, claimed, unfit))
            raise
        self.trace.keep(partial(asked.exchange, claimed, len(data)))
        return data

    async def _take_text(self, claimed: ClaimedFile, found: Kept) -> None:
        """Store a text/plain part as a text of its own, before the file counts as done."""
        provider = self.providers.get(claimed.provider)
        if found.content_type != PLAIN_TEXT or provider is None:
            return
        async with self.sessions.begin() as session:
            origin = await media.origin_of(session, claimed.message_id)
            at = await line_route(session, origin.line_id) if origin else None
        if origin is None or at is None:
            return
        text = InboundText(
            provider_message_id=f"{origin.provider_message_id}/{claimed.id}",
            sender=origin.sender,
            recipient=at.line_address,
            text=text_in(found.data, claimed.announced_type),
            is_file=True,
        )
        await self.receiver.take_part(at, provider, text)

    def _source(self, claimed: ClaimedFile) -> Source:
        provider = self.providers.get(claimed.provider)
        if provider is None:  # a newer version connected it
            raise NotNow
        described = provider.description
        try:
            credentials = self.secrets.unseal(
                claimed.secret, described.credentials, claimed.api_url
            )
        except SecretUnreadable as error:
            raise NotNow from error
        return Source(
            claimed.url, credentials.media_headers, described.media_hosts, claimed.api_url
        )

    async def _stored(self, claimed: ClaimedFile, found: Kept) -> None:
        now, its = datetime.now(UTC), (claimed.account_id, claimed.id)
        async with self.sessions.begin() as session:
            is_known = await media.stored(session, claimed.id, StoredFile(**found.described), now)
        if not is_known:
            await self.store.delete([key_of(*its), thumbnail_key(*its)])
            return
        await self._announce(claimed, MediaState.stored)

    async def _failed(self, claimed: ClaimedFile, unfit: FileUnfit) -> None:
        log.warning("file_not_fetched", file=str(claimed.id), reason=str(unfit))
        is_last = unfit.is_final or claimed.tries >= MOST_TRIES
        again_at = None
        if not is_last:
            again_at = await self.sessions.clock.now() + PAUSES[claimed.tries - 1]
        async with self.sessions.begin() as session:
            await media.failed(session, claimed.id, unfit.reason, unfit.sentence, again_at)
        await self._announce(claimed, MediaState.failed)

    async def _announce(self, claimed: ClaimedFile, state: MediaState) -> None:
        """Tell pages. It follows the commit, so that a text added meanwhile shows the new state."""
        async with self.sessions.begin() as session:
            await media.announce(session, claimed.message_id, claimed.id, state, datetime.now(UTC))
