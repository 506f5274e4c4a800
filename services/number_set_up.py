"""Numbers of a provider's account: listed, connected as lines, set up there, and taken back.

No database connection is held while the provider answers. Whatever stops half way is done again
by the same call: a line that is there is kept, and what was replaced first stays known.
"""

from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from urllib.parse import urldefrag

from sqlalchemy.ext.asyncio import AsyncSession

from database.queries import account_rows, line_health
from database.tables import Connector, Line
from domain.delivery.exchanges import ExchangeKind
from domain.errors import Conflict, DomainError
from domain.people.roles import Role
from domain.people.token_scopes import TokenScope
from providers.contract import SendError, webhook_path
from providers.credentials import Credentials
from providers.failures import NOT_LET_IN
from providers.numbers import HoldsNumbers, Sender, TextAddresses, holder
from security.secrets import SecretUnreadable
from services import connecting, line_calls
from services.caller import Caller
from services.clock import utc_now
from services.configuring import lines
from services.configuring.connectors import KnownProviders
from services.configuring.lines import NewLine
from services.number_owners import ELSEWHERE, check_nobody_elses
from services.phone_set_up import Provisioning
from tracing.trace import About

CHANGED = "The texts of {address} go elsewhere now than you saw. Look again first."


class ProviderSilent(DomainError):
    """The provider refused, or did not answer: nothing is known to have changed."""

    code = "provider_silent"
    sentence = "The provider did not answer as it should. Try again in a minute."


class NotListed(DomainError):
    """The provider's numbers cannot be listed: its lines are added by hand."""

    code = "numbers_not_listed"
    sentence = "The numbers of this provider cannot be listed. Add the line by hand."


@dataclass(frozen=True)
class ListedNumber:
    """A sender of the provider's account. `line_id`: of the line it is here, None: of none.

    `is_ours`: its texts come here. `sentence`: why it cannot be connected; empty: it can.
    """

    sender: Sender
    line_id: str | None = None
    is_ours: bool = False
    sentence: str = ""


@dataclass(frozen=True)
class Pick:
    """A number to connect. `replaces`: where its texts went when it was shown, and
    `replaces_fallback` where if that failed; None: anywhere.
    """

    address: str
    entry_skill: str
    name: str = ""
    replaces: str | None = None
    replaces_fallback: str | None = None


@dataclass(frozen=True)
class Reach:
    """The way to a connector's provider."""

    connector: Connector
    provider: str
    holds: HoldsNumbers
    credentials: Credentials = field(repr=False)

    @property
    def about(self) -> About:
        return About(ExchangeKind.check, self.connector.account_id, self.connector.id)


async def look(
    caller: Caller, by: Provisioning, connector_id: str, number: str | None = None
) -> list[ListedNumber]:
    """List the numbers of a connector's account, each with where its texts go. Changes nothing.

    `number`: this one, even of accounts with more than are listed; if it is none, those that have
    it in their number or name. Raises `NotFound`, `NotListed`, `ProviderSilent`.
    """
    caller.require(Role.admin)
    caller.require_scope(TokenScope.connectors_read)
    reach = await reach_of(by, caller.account_id, connector_id)
    senders = await _asked(by, reach) if number is None else await _found(by, reach, number)
    async with by.sessions() as session:
        known = await line_health.by_address(session, caller.account_id)
        addresses = [one.address for one in senders]
        elsewhere = await line_health.elsewhere(session, caller.account_id, addresses)
    return [_listed(by, reach, known.get(one.address.lower()), one,
                    is_elsewhere=one.address.lower() in elsewhere)
            for one in senders]  # fmt: skip


async def connect(
    caller: Caller, by: Provisioning, known: KnownProviders, connector_id: str, pick: Pick
) -> ListedNumber:
    """Make a number a line, and the provider post its texts here.

    Raises `NotFound`, `NotListed`, `ProviderSilent`; `Conflict` for a number that another account
    has here, that goes elsewhere than it did when it was shown, or whose texts something at the
    provider takes first; and what `lines.create` raises.
    """
    caller.require(Role.admin)
    caller.require_scope(TokenScope.connectors_write)
    reach = await reach_of(by, caller.account_id, connector_id)
    await _check_reached(caller, by, reach)
    sender = await sender_of(by, reach, pick.address)
    async with by.sessions.begin() as session:
        line = await _line_for(caller, session, known, reach, sender, pick)
        wanted = addresses_of(by, reach, line.id)
        now = sender.addresses
        _check_unchanged(pick, now, wanted)
        if not is_at(now, wanted):
            await check_nobody_elses(session, line)
        await line_health.keep_replaced(session, line.id, _before(by, now))
        line_id = line.id
    done = await _change(by, reach, sender, wanted)
    await _confirm(by, line_id)
    return ListedNumber(done, line_id, is_ours=is_at(done.addresses, wanted))


async def set_up(caller: Caller, by: Provisioning, line_id: str) -> ListedNumber:
    """Make the provider post the texts of a line here (again). Raises what `connect` raises."""
    caller.require(Role.admin)
    caller.require_scope(TokenScope.connectors_write)
    line, reach = await _line(caller, by, line_id)
    await _check_reached(caller, by, reach)
    sender = await sender_of(by, reach, line.address)
    if sender.in_the_way:
        raise Conflict(sender.in_the_way)
    wanted = addresses_of(by, reach, line.id)
    async with by.sessions.begin() as session:
        if not is_at(sender.addresses, wanted):
            await check_nobody_elses(session, line)
        await line_health.keep_replaced(session, line.id, _before(by, sender.addresses))
    done = await _change(by, reach, sender, wanted)
    await _confirm(by, line.id)
    return ListedNumber(done, line.id, is_ours=is_at(done.addresses, wanted))


async def take_back(caller: Caller, by: Provisioning, line_id: str) -> bool:
    """Make the provider post the texts of a line where they went before. Returns whether it was us
    who had changed it. An address that somebody has changed since then stays.

    Raises `NotFound`, `ProviderSilent`.
    """
    caller.require(Role.admin)
    caller.require_scope(TokenScope.settings_write)
    async with by.sessions() as session:
        line = await account_rows.find(session, Line, caller.account_id, line_id)
        kept = await line_health.set_up_of(session, line.id)
    if kept is None:
        return False
    _, reach = await _line(caller, by, line_id)
    sender = await find_sender(by, reach, line.address)
    if sender is not None and comes_here(sender.addresses, addresses_of(by, reach, line.id)):
        await _change(by, reach, sender, TextAddresses(**kept.replaced))
    async with by.sessions.begin() as session:
        await line_health.forget_set_up(session, line.id)
    return True


async def retire(caller: Caller, by: Provisioning, line_id: str, *, leaves: bool = False) -> None:
    """Give a line's number back to what it did before, and retire the line.

    A menu of the number alone is retired with it. `leaves`: the provider's settings stay as they
    are, for one that cannot be reached any more. Raises what `line_calls.give_up`, `take_back` and
    `lines.retire` raise.
    """
    caller.require(Role.admin)
    caller.require_scope(TokenScope.settings_write)
    async with by.sessions() as session:
        await lines.check_retirable(caller, session, line_id)
    await line_calls.give_up(caller, by, line_id, leaves=leaves)
    was_ours = not leaves and await take_back(caller, by, line_id)
    try:
        async with by.sessions.begin() as session:
            await lines.retire(caller, session, line_id)
    except Conflict:
        # Somebody has texted meanwhile. The line stays, and so do its texts; of its calls its page
        # tells. Whoever dies before this sees on the same page that its texts go elsewhere.
        if was_ours and await _is_in_service(caller, by, line_id):
            await set_up(caller, by, line_id)
        raise


async def _is_in_service(caller: Caller, by: Provisioning, line_id: str) -> bool:
    async with by.sessions() as session:
        line = await account_rows.find(session, Line, caller.account_id, line_id)
    return line.retired_at is None


async def reach_of(by: Provisioning, account_id: str, connector_id: str) -> Reach:
    """Return the way to a connector's provider. Raises `NotFound`, `NotListed`, `Conflict`."""
    async with by.sessions() as session:
        connector = await account_rows.find(session, Connector, account_id, connector_id)
    provider = by.providers.get(connector.provider)
    holds = holder(provider)
    if provider is None or holds is None:
        raise NotListed
    model = provider.description.credentials
    try:
        credentials = by.secrets.unseal(connector.secret, model, connector.api_url)
    except SecretUnreadable as error:
        raise Conflict("The connector's secret cannot be read. Enter it again.") from error
    return Reach(connector, connector.provider, holds, credentials)


async def sender_of(by: Provisioning, reach: Reach, address: str) -> Sender:
    """Return a sender as the provider has it now. Raises `Conflict` if it has it not."""
    found = await find_sender(by, reach, address)
    if found is None:
        raise Conflict(f"{address} is no number of this account at the provider.")
    return found


async def connector_of(session: AsyncSession, line: Line) -> Connector:
    """Return the connector of a line."""
    return await account_rows.find(session, Connector, line.account_id, line.connector_id)


def addresses_of(by: Provisioning, reach: Reach, line_id: str) -> TextAddresses:
    """Return where the provider shall post a line's texts: its only retry is the fallback."""
    description = by.providers[reach.provider].description
    url = by.public_url + webhook_path(description, line_id, description.texts_webhook)
    return TextAddresses(url, url)


def is_at(now: TextAddresses, wanted: TextAddresses) -> bool:
    """Say whether texts go where they shall. What follows a # is the provider's own."""
    both = (now.inbound, now.fallback)
    return all(urldefrag(one)[0].rstrip("/") == wanted.inbound for one in both)


def comes_here(now: TextAddresses, wanted: TextAddresses) -> bool:
    """Say whether texts still come here, whatever became of the fallback."""
    return urldefrag(now.inbound)[0].rstrip("/") == wanted.inbound


def _check_unchanged(pick: Pick, now: TextAddresses, wanted: TextAddresses) -> None:
    """Raise `Conflict` if texts go elsewhere by now than was shown."""
    shown = ((pick.replaces, now.inbound), (pick.replaces_fallback, now.fallback))
    for seen, present in shown:
        if seen is not None and present not in (seen, wanted.inbound):
            raise Conflict(CHANGED.format(address=pick.address))


async def _check_reached(caller: Caller, by: Provisioning, reach: Reach) -> None:
    """Raise `Conflict` if the provider cannot reach us: nothing is set then."""
    if not connecting.is_on_the_internet(reach.connector.api_url):
        return
    found = await connecting.reached(caller, by)
    if not found.is_well:
        raise Conflict(found.sentence)


async def _line(caller: Caller, by: Provisioning, line_id: str) -> tuple[Line, Reach]:
    async with by.sessions() as session:
        line = await account_rows.find(session, Line, caller.account_id, line_id)
    return line, await reach_of(by, caller.account_id, line.connector_id)


def _before(by: Provisioning, now: TextAddresses) -> dict[str, str]:
    """Return what to give a number back to. An address of ours, of a line that is retired or that
    a restored database does not know, takes no texts: nowhere is put back instead.
    """
    return asdict(TextAddresses() if by.is_ours(now.inbound) else now)


def _listed(
    by: Provisioning, reach: Reach, line: Line | None, sender: Sender, *, is_elsewhere: bool
) -> ListedNumber:
    told = ELSEWHERE.format(address=sender.address) if is_elsewhere else ""
    if line is not None:
        ours = is_at(sender.addresses, addresses_of(by, reach, line.id))
        in_the_way = sender.in_the_way or ("" if ours else told)
        return ListedNumber(sender, line.id, is_ours=ours, sentence=in_the_way)
    if not sender.takes_texts:
        return ListedNumber(sender, sentence="This number takes no texts, only calls.")
    return ListedNumber(sender, sentence=sender.in_the_way or told)


async def _line_for(
    caller: Caller,
    session: AsyncSession,
    known: KnownProviders,
    reach: Reach,
    sender: Sender,
    pick: Pick,
) -> Line:
    """Return the line of a sender, which is made unless it is there."""
    if sender.in_the_way:
        raise Conflict(sender.in_the_way)
    await line_health.take_turn(session, sender.address)
    present = (await line_health.by_address(session, caller.account_id)).get(sender.address.lower())
    if present is not None and present.connector_id == reach.connector.id:
        return present
    new = NewLine(
        name=pick.name or sender.name,
        connector=reach.connector.id,
        address=sender.address,
        entry_skill=pick.entry_skill,
        kind=sender.kind,
    )
    return (await lines.create(caller, session, known, new)).line


async def _confirm(by: Provisioning, line_id: str) -> None:
    async with by.sessions.begin() as session:
        row = await line_health.set_up_of(session, line_id)
        if row is not None:
            row.set_up_at = utc_now()


async def _asked(by: Provisioning, reach: Reach) -> Sequence[Sender]:
    try:
        with by.trace.of_calls(reach.about, reach.credentials):
            return await reach.holds.senders(reach.credentials)
    except SendError as error:
        raise ProviderSilent(f"The provider did not list its numbers. {reason(error)}") from error


async def _found(by: Provisioning, reach: Reach, number: str) -> Sequence[Sender]:
    digits = "".join(one for one in number if one.isalnum() or one == "+").casefold()
    found = await find_sender(by, reach, digits)
    if found is not None or not digits:
        return [found] if found else []
    name = number.strip().casefold()
    return [
        one
        for one in await _asked(by, reach)
        if digits in one.address.casefold() or name in one.name.casefold()
    ]


async def find_sender(by: Provisioning, reach: Reach, address: str) -> Sender | None:
    """Return a sender as the provider has it now, None: it has it not. Raises `ProviderSilent`."""
    try:
        with by.trace.of_calls(reach.about, reach.credentials):
            return await reach.holds.sender(address, reach.credentials)
    except SendError as error:
        raise ProviderSilent(
            f"The provider did not say where the texts go. {reason(error)}"
        ) from error


async def _change(by: Provisioning, reach: Reach, sender: Sender, wanted: TextAddresses) -> Sender:
    if sender.addresses == wanted:
        return sender
    try:
        with by.trace.of_calls(reach.about, reach.credentials):
            return await reach.holds.set_addresses(sender, wanted, reach.credentials)
    except SendError as error:
        raise ProviderSilent(
            f"The provider did not change {sender.address}. {reason(error)} Look where its texts "
            "go now."
        ) from error


def reason(error: SendError) -> str:
    """Return why a call failed. The error's own sentence speaks of texts."""
    if error.code in NOT_LET_IN:
        return "It refused the account or its secret: check the connector."
    return f'It says: "{error.told}".' if error.told else "It did not answer as it should."
