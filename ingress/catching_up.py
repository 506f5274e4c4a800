"""Fetches consumers' texts that a provider has and no webhook brought: one connector at a time.

Each line is compared with the provider's list from where the last complete run ended, however long
ago that is. A text is stored under the id that its webhook has, so whichever comes second is known.
"""

from collections.abc import Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

import structlog

from database.engine import Sessions
from database.queries import catching_up
from database.queries.catching_up import Standing
from database.queries.inbound import LineRoute, line_route
from domain.delivery.exchanges import ExchangeKind
from domain.numbers.kinds import LineKind
from ingress.addressee import is_for
from ingress.errors import NotUnderstood
from ingress.late_texts import LateReceiver, LateText
from providers.contract import Blame, Provider, SendError, SendOutcome
from providers.credentials import Credentials
from providers.listing import ListedText, ListsTexts, TextsSought, lister
from security.secrets import SecretBox, SecretUnreadable
from tracing.trace import About, Trace
from workflows.maintenance.schedules import ConnectorsInUse

UNTOUCHED = timedelta(minutes=2)
"""A younger text is left alone: its webhook may still be tried. Ours: providers try for seconds."""
OVERLAP = timedelta(minutes=20)
"""How far a run looks back before the last one. Ours: two runs, for lists that show a text late."""
MOST_PAGES = 50
"""Pages of a line's list in one run, then the next run goes on. Ours: about half a minute."""
MOST_FAILURES = 3
"""Lines that fail before a run ends, so that a silent provider does not use up its time. Ours."""

log = structlog.stdlib.get_logger()


@dataclass(frozen=True)
class Line:
    """A line under comparison: where it stands, and how its provider is asked."""

    at: LineRoute
    standing: Standing
    provider: Provider
    lists: ListsTexts
    credentials: Credentials
    filed_after: timedelta


@dataclass(frozen=True)
class Listed:
    """What a run read of a line's list, oldest first, and where the list goes on."""

    texts: tuple[ListedText, ...]
    next_page: str | None


@dataclass(frozen=True)
class CatchingUp:
    """Compares a connector's lines with the provider's list of texts."""

    sessions: Sessions
    providers: Mapping[str, Provider]
    secrets: SecretBox
    receiver: LateReceiver
    trace: Trace

    async def catch_up(self, connector_id: str) -> int:
        """Fetch what is missing on all lines of a connector; returns how many texts that were.

        A line whose list cannot be read keeps its place for the next run. Raises `SendError` then,
        after the other lines unless several failed, and the errors of the database.
        """
        async with self.sessions() as session:
            standings = await catching_up.lines_of(session, connector_id)
            after = timedelta(seconds=await catching_up.filed_after(session, connector_id))
        found, failures = 0, list[SendError]()
        for standing in standings:
            try:
                found += await self._compare(standing, after)
            except SendError as error:
                failures.append(error)
            if len(failures) == MOST_FAILURES:
                break
        if failures:
            raise failures[0]
        return found

    async def _compare(self, standing: Standing, filed_after: timedelta) -> int:
        now, stored = await self.sessions.clock.now(), 0
        try:
            line = await self._open(standing, filed_after)
            if line is None:
                return 0
            with self._traced(line):
                listed = await _list(line)
            for text in await self._missing(line, listed, now):
                stored += await self._store(line, text)
        except SendError as error:
            log.warning("catching_up_failed", line=standing.line_id, error=error.code)
            async with self.sessions.begin() as session:
                await catching_up.postpone(session, standing, now, code=error.code, found=stored)
            raise
        if stored:
            log.warning("texts_fetched_late", line=standing.line_id, count=stored)
        async with self.sessions.begin() as session:
            reached = _reached(standing, listed, now)
            await catching_up.advance(session, reached, now, found=stored)
        return stored

    async def _open(self, standing: Standing, filed_after: timedelta) -> Line | None:
        """Return a line ready to be asked about; None if it is retired or cannot be listed."""
        async with self.sessions() as session:
            at = await line_route(session, standing.line_id)
        if at is None:
            return None
        provider = self.providers.get(at.provider)
        lists = lister(provider) if provider else None
        if provider is None or lists is None:
            return None
        return Line(at, standing, provider, lists, self._credentials(at, provider), filed_after)

    def _credentials(self, at: LineRoute, provider: Provider) -> Credentials:
        """Return the connector's credentials in the clear. Raises `SendError`."""
        try:
            return self.secrets.unseal(at.secret, provider.description.credentials, at.api_url)
        except SecretUnreadable as error:
            log.error("connector_secret_unreadable", connector=at.connector_id)
            raise SendError(
                code="connector_secret_unreadable",
                outcome=SendOutcome.not_processed,
                blame=Blame.configuration,
                sentence="The connector's secret cannot be read.",
            ) from error

    def _traced(self, line: Line) -> AbstractContextManager[None]:
        """Keep the calls made inside for administrators."""
        at = line.at
        about = About(ExchangeKind.listing, at.account_id, at.connector_id, at.line_id)
        return self.trace.of_calls(about, line.credentials)

    async def _missing(self, line: Line, listed: Listed, now: datetime) -> list[ListedText]:
        """Return the texts that belong to the line and are not here, in order of their time."""
        since, until = _since(line.standing), now - UNTOUCHED
        ours = [
            one for one in listed.texts if since <= one.sent_at <= until and _is_ours(line, one)
        ]
        ids = {one.text.provider_message_id for one in ours}
        async with self.sessions() as session:
            unknown = await catching_up.unknown(session, line.at.connector_id, ids)
        return [one for one in ours if one.text.provider_message_id in unknown]

    async def _store(self, line: Line, listed: ListedText) -> int:
        """Store a text with its media; returns 1 if it is new. Raises `SendError`."""
        text = listed.text
        if listed.has_media:
            with self._traced(line):
                media = await line.lists.media_of(text.provider_message_id, line.credentials)
            text = replace(text, media=media)
        late = LateText(text, listed.sent_at)
        try:
            is_new = await self.receiver.take(
                line.at, line.provider, late, filed_after=line.filed_after
            )
        except NotUnderstood:  # a webhook with it would have been refused as well
            log.warning("listed_text_not_understood", line=line.at.line_id)
            return 0
        return int(is_new)


async def connectors_in_use(
    sessions: Sessions, providers: Mapping[str, Provider]
) -> ConnectorsInUse:
    """Return the connectors that have lines. Raises the errors of the database."""
    async with sessions() as session:
        used = await catching_up.connectors_in_use(session)
    listing = listing_providers(providers)
    return ConnectorsInUse(
        listing=frozenset(one for one, provider in used.items() if provider in listing),
        unknown=frozenset(one for one, provider in used.items() if provider not in providers),
    )


def listing_providers(providers: Mapping[str, Provider]) -> frozenset[str]:
    """Return the names of the providers that list texts."""
    return frozenset(name for name, one in providers.items() if lister(one))


async def _list(line: Line) -> Listed:
    """Read the line's list, at most `MOST_PAGES` of it. Raises `SendError`."""
    kind = LineKind(line.at.line_kind)
    sought = TextsSought(line.at.line_address, kind, _since(line.standing), line.standing.next_page)
    texts: list[ListedText] = []
    for _ in range(MOST_PAGES):
        page = await line.lists.list_texts(sought, line.credentials)
        texts += page.texts
        sought = replace(sought, page=page.next_page)
        if page.next_page is None:
            break
    texts.reverse()  # so that texts of the same second keep their order in the list
    return Listed(tuple(sorted(texts, key=lambda one: one.sent_at)), sought.page)


def _since(standing: Standing) -> datetime:
    """Return from when on texts are sought; those sent before the line was made are not ours."""
    return max(standing.created_at, standing.complete_until - OVERLAP)


def _is_ours(line: Line, listed: ListedText) -> bool:
    try:
        return listed.text.channel is None and is_for(line.at, listed.text)
    except NotUnderstood:
        return False


def _reached(standing: Standing, listed: Listed, now: datetime) -> Standing:
    """Return where a line stands after a run: complete, or within a long list."""
    until = standing.began_at or now - UNTOUCHED
    if listed.next_page:
        return replace(standing, next_page=listed.next_page, began_at=until)
    complete_until = max(until, standing.complete_until)
    return replace(standing, complete_until=complete_until, next_page=None, began_at=None)
