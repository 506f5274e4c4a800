"""Setting a menu up at the provider of its numbers: shown before, done, and taken back.

No database connection is held while the provider answers.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from sqlalchemy.ext.asyncio import AsyncSession

from database.engine import Sessions
from database.queries import account_rows, menus
from database.tables import Connector, Line, Menu, MenuNumber
from domain.delivery.exchanges import ExchangeKind
from domain.errors import Conflict, DomainError, NotFound
from domain.people.roles import Role
from domain.people.token_scopes import TokenScope
from providers.contract import Provider, SendError
from providers.credentials import Credentials
from providers.failures import NOT_LET_IN
from providers.voice import PhoneSetUp, Stage, TakesCalls, taker
from security.secrets import SecretBox, SecretUnreadable
from security.signatures import Signatures
from services.caller import Caller
from services.clock import utc_now
from tracing.trace import About, Trace


class NotSetUp(DomainError):
    code = "phone_not_set_up"
    sentence = "The provider could not set the number up. Nothing was changed: try again."


@dataclass(frozen=True)
class Provisioning:
    """What is needed to speak to providers. `public_url`: ours, without a path."""

    sessions: Sessions
    providers: Mapping[str, Provider]
    secrets: SecretBox
    trace: Trace
    public_url: str
    signatures: Signatures = field(default=Signatures(()))
    """Proves that it was this installation that answered: `services.connecting.reached`."""

    def is_ours(self, url: str) -> bool:
        """Say whether an address at a provider leads here, to whichever line."""
        return url.startswith(f"{self.public_url}/webhooks/")


@dataclass(frozen=True)
class NumberSetUp:
    """A number of a menu: what its provider calls now, and what it should call.

    `voice_url`, `status_url`: None if the provider could not say; `sentence` says why.
    """

    number: str
    wanted_voice_url: str
    wanted_status_url: str
    voice_url: str | None = None
    status_url: str | None = None
    is_set_up: bool = False
    may_take_back: bool = False
    sentence: str = ""


@dataclass(frozen=True)
class Way:
    """A line's way to the provider of its calls. `line_id`: the line whose address is called."""

    line_id: str
    provider: str
    takes: TakesCalls
    credentials: Credentials = field(repr=False)
    about: About

    def wanted(self, public_url: str) -> tuple[str, str]:
        base = f"{public_url}/webhooks/{self.provider}/{self.line_id}"
        return f"{base}/{Stage.begin.value}", f"{base}/{Stage.ended.value}"


@dataclass(frozen=True)
class _Reach:
    """A menu, and the way to its provider."""

    menu: Menu
    way: Way


async def look(caller: Caller, by: Provisioning, menu_id: str) -> list[NumberSetUp]:
    """Ask the provider where the calls of a menu's numbers go. Nothing is changed.

    Raises `NotFound`, and `Conflict` if the line's provider takes no calls.
    """
    caller.require(Role.admin)
    caller.require_scope(TokenScope.calls_read)
    reach = await _reach(caller, by, menu_id)
    async with by.sessions() as session:
        numbers = await menus.numbers(session, [menu_id])
    return [await _look_at(by, reach.way, one) for one in numbers]


async def set_up(
    caller: Caller, by: Provisioning, menu_id: str, number: str, replaces: str | None
) -> NumberSetUp:
    """Make the provider post a number's calls to the menu. What it called before is kept.

    `replaces`: the address that was shown; None: any. Raises `NotFound`, `NotSetUp`, and `Conflict`
    if the provider calls another address by now.
    """
    caller.require(Role.admin)
    caller.require_scope(TokenScope.calls_write)
    reach = await _reach(caller, by, menu_id)
    now = await present(by, reach.way, number)
    voice_url, status_url = reach.way.wanted(by.public_url)
    if replaces is not None and now.voice_url not in (replaces, voice_url):
        raise Conflict(
            "The provider calls another address now than the one you saw. Look again first."
        )
    async with by.sessions.begin() as session:
        row = await _row(session, reach.menu, number)
        if now.voice_url != voice_url or row.replaced is None:
            before = replace(now, voice_url="", status_url="") if by.is_ours(now.voice_url) else now
            row.replaced = {"voice_url": before.voice_url, "status_url": before.status_url}
    wanted = replace(now, voice_url=voice_url, status_url=status_url)
    done = await _change(by, reach.way, wanted)
    async with by.sessions.begin() as session:
        row = await _row(session, reach.menu, number)
        row.set_up_at = utc_now()
    return _shown(by, reach.way, number, done, may_take_back=True)


async def take_back(caller: Caller, by: Provisioning, menu_id: str, number: str) -> NumberSetUp:
    """Make the provider call again what it called before. An address changed since then stays.

    Raises `NotFound`, `NotSetUp`, and `Conflict` for a number that was not set up here.
    """
    caller.require(Role.admin)
    caller.require_scope(TokenScope.calls_write)
    reach = await _reach(caller, by, menu_id)
    async with by.sessions.begin() as session:
        before = (await _row(session, reach.menu, number)).replaced
    if before is None:
        raise Conflict(f"{number} was not set up here.")
    now = await present(by, reach.way, number, may_be_past=True)
    ours, _ = reach.way.wanted(by.public_url)
    if now.voice_url == ours:
        old = replace(now, voice_url=before["voice_url"], status_url=before["status_url"])
        now = await _change(by, reach.way, old)
    async with by.sessions.begin() as session:
        row = await _row(session, reach.menu, number)
        row.replaced = row.set_up_at = None
    return _shown(by, reach.way, number, now, may_take_back=False)


async def forget(caller: Caller, session: AsyncSession, menu_id: str) -> None:
    """Forget that a menu's numbers were set up: their provider cannot be reached any more."""
    caller.require(Role.admin)
    caller.require_scope(TokenScope.calls_write)
    menu = await account_rows.find(session, Menu, caller.account_id, menu_id)
    for row in await menus.numbers(session, [menu.id]):
        row.replaced = row.set_up_at = None


async def _reach(caller: Caller, by: Provisioning, menu_id: str) -> _Reach:
    async with by.sessions() as session:
        menu = await account_rows.find(session, Menu, caller.account_id, menu_id)
        [at] = await menus.present(session, [menu])
    return _Reach(menu, await way_of(by, caller.account_id, at.design.line))


async def way_of(by: Provisioning, account_id: str, line_id: str) -> Way:
    """Return a line's way to its provider. Raises `NotFound`, and `Conflict` if that takes no calls
    here.
    """
    async with by.sessions() as session:
        line = await account_rows.find(session, Line, account_id, line_id)
        connector = await account_rows.find(session, Connector, account_id, line.connector_id)
    provider = by.providers.get(connector.provider)
    takes = taker(provider)
    if provider is None or takes is None:
        raise Conflict(
            f"The provider of {line.name} takes no calls here. Use a line of one that does, or "
            "connect your own phone system with the API."
        )
    try:
        model = provider.description.credentials
        credentials = by.secrets.unseal(connector.secret, model, connector.api_url)
    except SecretUnreadable as error:
        raise Conflict("The connector's secret cannot be read. Enter it again.") from error
    about = About(ExchangeKind.check, connector.account_id, connector.id)
    return Way(line.id, connector.provider, takes, credentials, about)


async def _look_at(by: Provisioning, way: Way, row: MenuNumber) -> NumberSetUp:
    try:
        now = await present(by, way, row.number, may_be_past=True)
    except DomainError as error:
        voice_url, status_url = way.wanted(by.public_url)
        return NumberSetUp(row.number, voice_url, status_url, sentence=error.detail)
    return _shown(by, way, row.number, now, may_take_back=row.replaced is not None)


def _shown(
    by: Provisioning, way: Way, number: str, now: PhoneSetUp, *, may_take_back: bool
) -> NumberSetUp:
    voice_url, status_url = way.wanted(by.public_url)
    others = ", ".join(now.others)
    return NumberSetUp(
        number=number,
        wanted_voice_url=voice_url,
        wanted_status_url=status_url,
        voice_url=now.voice_url,
        status_url=now.status_url,
        is_set_up=(now.voice_url, now.status_url) == (voice_url, status_url) and not others,
        may_take_back=may_take_back,
        sentence=f"{others} goes before these addresses." if others else "",
    )


async def present(
    by: Provisioning, way: Way, number: str, *, may_be_past: bool = False
) -> PhoneSetUp:
    """Return where a number's calls go at the provider.

    Raises `NotSetUp`, and `Conflict` for a number that the account does not have, or whose calls go
    past its addresses unless `may_be_past`.
    """
    try:
        with by.trace.of_calls(way.about, way.credentials):
            found = await way.takes.phone_set_up(number, way.credentials)
    except SendError as error:
        raise NotSetUp(f"The provider did not say where the calls go. {_reason(error)}") from error
    if found is None:
        raise Conflict(f"{number} is no number of this account at the provider.")
    if found.others and not may_be_past:
        raise Conflict(
            f"The calls of {number} go to {', '.join(found.others)} at the provider. Remove that "
            "there first: it goes before any address."
        )
    return found


async def _change(by: Provisioning, way: Way, wanted: PhoneSetUp) -> PhoneSetUp:
    try:
        with by.trace.of_calls(way.about, way.credentials):
            return await way.takes.set_phone_up(wanted, way.credentials)
    except SendError as error:
        raise NotSetUp(
            f"The provider did not change the number. {_reason(error)} Look where its calls go now."
        ) from error


def _reason(error: SendError) -> str:
    """Return why a call failed. The error's own sentence speaks of texts."""
    if error.code in NOT_LET_IN:
        return "It refused the account or its secret: check the connector."
    return f'It says: "{error.told}".' if error.told else "It did not answer as it should."


async def _row(session: AsyncSession, menu: Menu, number: str) -> MenuNumber:
    row = await menus.number_for_change(session, menu, number)
    if row is None:
        raise NotFound("The menu does not have this number.")
    return row
