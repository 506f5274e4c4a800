"""Whether a line's texts pass: asked of its provider and of what came here, on request and hourly.

What keeps texts from passing is broken; managers and admins are alerted to it while it lasts.
"""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import datetime, timedelta

import structlog
from sqlalchemy.ext.asyncio import AsyncSession

from database.away import NOT_DONE
from database.queries import account_rows, exchanges, line_health
from database.queries.line_health import LastTexts
from database.tables import Line, LineHealth, WebhookRefusal
from domain.delivery.exchanges import ExchangeKind
from domain.errors import DomainError
from domain.people.roles import Role
from domain.people.token_scopes import TokenScope
from providers.contract import Provider, SendError
from providers.health import Finding, HealthCheck
from providers.numbers import CallsGo, Sender, TextAddresses
from security.secrets import SecretUnreadable
from services import line_calls, number_set_up
from services.caller import Caller
from services.clock import utc_now
from services.number_set_up import NotListed
from services.phone_set_up import Provisioning
from tracing.trace import About

EVERY = timedelta(hours=1)
PAUSE_SECONDS = 20.0
"""Between two looks for a line whose check is due. Ours."""
REFUSED_WITHIN = timedelta(days=1)
"""How long a refused text makes a line look broken. Ours: the next one that is taken ends it."""

READABLE = HealthCheck("secret_readable", "The secret can be decrypted and is complete")
KNOWN = HealthCheck("provider_known", "This version of Switchboard knows the provider")
ADDRESSES = HealthCheck("texts_come_here", "The provider posts the line's texts to Switchboard")
CALLS = HealthCheck("calls_come_here", "The provider posts the line's calls to Switchboard")
SIGNED = HealthCheck("signatures_taken", "Nothing without the provider's signature came")

UNKNOWN = "Update the API and the workers, or change the connector."
UNREADABLE = "Restore the encryption key that was removed, or enter the connector's secret again."
ELSEWHERE = (
    "The provider posts this line's texts to {there}. Somebody changed it there, or it was never "
    "set up. Set the line up again here."
)
FALLS_ELSEWHERE = (
    "The provider posts this line's texts to Switchboard. If that fails, they go to {there}, so "
    "they are not tried here a second time. Set the line up again here."
)
CALLS_ELSEWHERE = (
    "The provider posts the calls of this number to {there}. Somebody changed it there. Let "
    "Switchboard answer them again here."
)
CALLS_PAST = (
    "The calls of this number go to {past} at the provider, which goes before any address. Remove "
    "it there first."
)
GONE = "The provider's account has no such number any more."
NOT_LISTED = "What the provider calls cannot be asked. Enter the address of the line there by hand."
REFUSED = (
    "{times} requests were refused since {first:%Y-%m-%d %H:%M} UTC, the last at "
    "{last:%Y-%m-%d %H:%M} UTC: {reason} Texts among them are lost unless the provider sends them "
    "again. Most often the connector's secret is another one than the provider signs with."
)

log = structlog.stdlib.get_logger()


@dataclass(frozen=True)
class LineReport:
    """How a line is. Times are None for what has not happened."""

    line_id: str
    checked_at: datetime
    findings: Sequence[Finding]
    broken_since: datetime | None
    last_in: datetime | None
    last_out: datetime | None
    calls: CallsGo | None = None
    """Where calls that are not answered here go; None: it takes none, or nobody knows."""


@dataclass(frozen=True)
class Looked:
    """What was found, and where calls go that are not answered here."""

    findings: tuple[Finding, ...]
    calls: CallsGo | None = None


async def check(caller: Caller, by: Provisioning, line_id: str) -> LineReport:
    """Ask a line's provider now, keep what was found, and return it. Raises `NotFound`."""
    caller.require(Role.admin)
    caller.require_scope(TokenScope.settings_read)
    async with by.sessions() as session:
        line = await account_rows.find(session, Line, caller.account_id, line_id)
    looked = await _looked(by, line)
    await _keep(by, line, looked.findings)
    async with by.sessions() as session:
        kept = (await line_health.health_of(session, [line_id]))[line_id]
        texts = await line_health.last_texts(session, line_id)
    return LineReport(
        line_id,
        kept.checked_at,
        looked.findings,
        kept.broken_since,
        texts.came_at,
        texts.left_at,
        looked.calls,
    )


async def last(caller: Caller, session: AsyncSession) -> Mapping[str, LineHealth]:
    """Return what the last check of each of the account's lines found."""
    caller.require(Role.admin)
    rows = await account_rows.listed(session, Line, caller.account_id)
    return await line_health.health_of(session, [row.id for row in rows])


async def last_texts(caller: Caller, session: AsyncSession, line_id: str) -> LastTexts:
    """Return a line's last texts. Raises `NotFound`."""
    caller.require(Role.admin)
    line = await account_rows.find(session, Line, caller.account_id, line_id)
    return await line_health.last_texts(session, line.id)


@dataclass(frozen=True)
class LineChecks:
    """Checks every line in service once an hour. Any number of processes may run it at once."""

    by: Provisioning

    async def run(self) -> None:
        """Look again and again, until cancelled."""
        while True:
            try:
                while await self.check_next():
                    pass
            except NOT_DONE as error:
                log.warning("lines_not_checked", error=type(error).__name__)
            await asyncio.sleep(PAUSE_SECONDS)

    async def check_next(self) -> bool:
        """Check the line that has waited longest. Returns whether there was one."""
        now = await self.by.sessions.clock.now()
        async with self.by.sessions.begin() as session:
            line_id = await line_health.claim(session, now, EVERY)
            line = await session.get(Line, line_id) if line_id else None
        if line is None:
            return False
        await _keep(self.by, line, (await _looked(self.by, line)).findings)
        return True


async def _keep(by: Provisioning, line: Line, findings: Sequence[Finding]) -> None:
    shown = [asdict(one) for one in findings]
    is_broken = any(one.stops_texts and not one.is_well for one in findings)
    now = await by.sessions.clock.now()
    async with by.sessions.begin() as session:
        await line_health.save(session, line.id, now, shown, is_broken=is_broken)


async def _looked(by: Provisioning, line: Line) -> Looked:
    async with by.sessions() as session:
        refused = (await exchanges.refusals_of_lines(session, [line.id])).get(line.id)
    ours = _signed(refused, utc_now())
    try:
        found = await _of_provider(by, line)
    except DomainError as error:
        # One unanswered question says nothing about texts.
        return Looked((Finding(ADDRESSES, False, error.detail, stops_texts=False), ours))
    return replace(found, findings=(*found.findings, ours))


def _signed(refused: WebhookRefusal | None, now: datetime) -> Finding:
    if refused is None or refused.last_at < now - REFUSED_WITHIN:
        return Finding(SIGNED, True)
    told = REFUSED.format(
        times=refused.times,
        first=refused.first_at,
        last=refused.last_at,
        reason=refused.reason,
    )
    return Finding(SIGNED, False, told)


async def _of_provider(by: Provisioning, line: Line) -> Looked:
    try:
        reach = await number_set_up.reach_of(by, line.account_id, line.connector_id)
    except NotListed:
        return Looked(await _of_connector(by, line))
    provider = by.providers[reach.provider]
    with by.trace.of_calls(reach.about, reach.credentials):
        account = await provider.check(reach.credentials)
    if not all(one.is_well for one in account if one.check == account[0].check):
        return Looked(tuple(account))
    sender = await number_set_up.find_sender(by, reach, line.address)
    if sender is None:
        return Looked((*account, Finding(ADDRESSES, False, GONE)))
    wanted = number_set_up.addresses_of(by, reach, line.id)
    calls = await _calls(by, line, sender)
    found = (*account, _where(sender, wanted), *calls.findings)
    try:
        with by.trace.of_calls(reach.about, reach.credentials):
            registered = await reach.holds.registration(sender, reach.credentials)
    except SendError:
        registered = ()
    return Looked((*found, *registered), calls.calls)


async def _calls(by: Provisioning, line: Line, sender: Sender) -> Looked:
    """Return whether a number's calls come here, if they were made to; else where they go."""
    now = sender.calls
    if now is None:
        return Looked(())
    wanted = await line_calls.wanted_at(by, line)
    if wanted is None:
        return Looked((), now)
    if now.past:
        return Looked((_not_so(CALLS_PAST.format(past=now.past)),), now)
    if now.to != wanted:
        return Looked((_not_so(CALLS_ELSEWHERE.format(there=now.to or "nowhere")),), now)
    return Looked((Finding(CALLS, True),))


def _not_so(sentence: str) -> Finding:
    return Finding(CALLS, False, sentence, stops_texts=False)


def _where(sender: Sender, wanted: TextAddresses) -> Finding:
    """Return whether texts come here, and again here if that fails."""
    now = sender.addresses
    if sender.in_the_way:
        return Finding(ADDRESSES, False, sender.in_the_way)
    if number_set_up.is_at(now, wanted):
        return Finding(ADDRESSES, True)
    if not number_set_up.comes_here(now, wanted):
        return Finding(ADDRESSES, False, ELSEWHERE.format(there=now.inbound or "nowhere"))
    told = FALLS_ELSEWHERE.format(there=now.fallback or "nowhere")
    return Finding(ADDRESSES, False, told, stops_texts=False)


async def _of_connector(by: Provisioning, line: Line) -> tuple[Finding, ...]:
    """Return what is found where the provider cannot be asked for its numbers."""
    async with by.sessions() as session:
        connector = await number_set_up.connector_of(session, line)
    provider: Provider | None = by.providers.get(connector.provider)
    if provider is None:
        return (Finding(KNOWN, False, UNKNOWN),)
    model = provider.description.credentials
    try:
        credentials = by.secrets.unseal(connector.secret, model, connector.api_url)
    except SecretUnreadable:
        return (Finding(READABLE, False, UNREADABLE),)
    about = About(ExchangeKind.check, connector.account_id, connector.id)
    with by.trace.of_calls(about, credentials):
        checked = await provider.check(credentials)
    return (*checked, Finding(ADDRESSES, True, NOT_LISTED))
