"""Endpoints: where an account's events are posted. Secrets are shown once, and never again."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID, uuid4

from sqlalchemy.ext.asyncio import AsyncSession

from database.queries import account_rows, endpoints, events
from database.queries.endpoint_runs import tell_paused
from database.queries.endpoints import Counts
from database.queries.exports import schedules
from database.tables import Endpoint, EndpointAttempt, EndpointDelivery
from domain.conversation.kinds import EventKind
from domain.endpoints.catalogue import EVENT_TYPES, EventType
from domain.endpoints.kinds import PauseReason
from domain.endpoints.urls import receiver_url
from domain.errors import Conflict, Invalid, NotFound
from domain.people.roles import Role
from domain.people.token_scopes import TokenScope
from domain.settings.allowed import check_setting
from security.endpoint_secrets import SigningSecrets, new_signing_secret
from services.caller import Caller
from services.changes import UNCHANGED, Change, Unchanged
from services.clock import shared_now, utc_now

MOST = 20
"""Endpoints of an account. Ours: each event is posted to all that want it."""
OVERLAP_HOURS = 24
LONGEST_OVERLAP_HOURS = 168
"""For which posts are signed with the previous secret as well. Ours."""


@dataclass(frozen=True)
class Signing:
    """What an installation signs posts with, and whether they may go into its own networks."""

    secrets: SigningSecrets
    has_own_networks: bool


@dataclass(frozen=True)
class NewEndpoint:
    """An address for events. `kinds`: the chosen ones; None: all, also those that come to be."""

    name: str
    url: str
    kinds: Sequence[EventKind] | None = None
    includes_texts: bool = False
    id: str | None = None


@dataclass(frozen=True)
class EndpointChange(Change):
    """Another choice of kinds counts from the next event on."""

    name: str | Unchanged = UNCHANGED
    url: str | Unchanged = UNCHANGED
    kinds: Sequence[EventKind] | Unchanged | None = UNCHANGED
    includes_texts: bool | Unchanged = UNCHANGED


@dataclass(frozen=True)
class Secreted:
    """An endpoint, and its new secret, which is shown this once."""

    endpoint: Endpoint
    secret: str = field(repr=False)


def event_types(caller: Caller) -> Sequence[EventType]:
    """Return the kinds of events that an endpoint can get, each with an example."""
    caller.require(Role.admin)
    caller.require_scope(TokenScope.endpoints_read)
    return list(EVENT_TYPES.values())


async def listed(
    caller: Caller,
    session: AsyncSession,
    *,
    after: str | None = None,
    limit: int | None = None,
    retired: bool = False,
) -> Sequence[Endpoint]:
    """Return the endpoints in use, after the id `after`; with those that are retired if asked."""
    caller.require(Role.admin)
    caller.require_scope(TokenScope.endpoints_read)
    of = (session, Endpoint, caller.account_id)
    return await account_rows.listed(*of, after=after, limit=limit, retired=retired)


async def find(caller: Caller, session: AsyncSession, endpoint_id: str) -> Endpoint:
    """Return an endpoint, retired or not. Raises `NotFound`."""
    caller.require(Role.admin)
    caller.require_scope(TokenScope.endpoints_read)
    return await account_rows.find(session, Endpoint, caller.account_id, endpoint_id)


async def counts(
    caller: Caller, session: AsyncSession, rows: Collection[Endpoint]
) -> Mapping[str, Counts]:
    """Count the events that endpoints did not take, by the endpoints' ids."""
    caller.require(Role.admin)  # and no scope: an answer to any change holds them
    return await endpoints.counts(session, [row.id for row in rows])


async def paused(caller: Caller, session: AsyncSession) -> Sequence[Endpoint]:
    """Return the account's paused endpoints."""
    caller.require(Role.admin)
    caller.require_scope(TokenScope.endpoints_read)
    return await endpoints.paused(session, caller.account_id)


async def create(
    caller: Caller, session: AsyncSession, signing: Signing, new: NewEndpoint
) -> Secreted:
    """Make an endpoint, which gets the events from now on.

    Raises `UrlRefused`, `Invalid`, `Conflict` for a taken id, and when there are too many.
    """
    caller.require(Role.admin)
    caller.require_scope(TokenScope.endpoints_write)
    _check_texts(caller, includes_texts=new.includes_texts)
    check_setting("name", new.name)
    if await endpoints.count(session, caller.account_id) >= MOST:
        raise Conflict(f"An account has at most {MOST} endpoints.")
    secret = new_signing_secret()
    row = Endpoint(
        id=await account_rows.new_id(session, Endpoint, caller.account_id, new.name, new.id),
        account_id=caller.account_id,
        name=new.name,
        url=_url(signing, new.url),
        kinds=_kinds(new.kinds),
        includes_texts=new.includes_texts,
        secret=signing.secrets.seal(secret),
        read_to=await events.latest_id(session, caller.account_id),
    )
    session.add(row)
    await session.flush()
    await session.refresh(row)
    return Secreted(row, secret)


async def change(
    caller: Caller,
    session: AsyncSession,
    signing: Signing,
    endpoint_id: str,
    wanted: EndpointChange,
) -> Endpoint:
    """Change an endpoint. Raises `NotFound`, `Conflict` for a retired one, `UrlRefused`."""
    caller.require(Role.admin)
    caller.require_scope(TokenScope.endpoints_write)
    row = await _active(caller, session, endpoint_id)
    gets_texts = row.includes_texts and not isinstance(wanted.url, Unchanged)
    _check_texts(caller, includes_texts=gets_texts or wanted.includes_texts is True)
    if not isinstance(wanted.url, Unchanged):
        row.url = _url(signing, wanted.url)
    if not isinstance(wanted.kinds, Unchanged):
        row.kinds = _kinds(wanted.kinds)
    wanted.apply(row, but=["url", "kinds"])
    await schedules.hear_of(session, row)
    await endpoints.stir(session, row)
    return row


def _check_texts(caller: Caller, *, includes_texts: bool) -> None:
    """Raise `ScopeMissing` for a token that has texts posted and may not read them."""
    if includes_texts:
        caller.require_scope(TokenScope.conversations_read)


async def rotate_secret(
    caller: Caller,
    session: AsyncSession,
    signing: Signing,
    endpoint_id: str,
    overlap_hours: int = OVERLAP_HOURS,
) -> Secreted:
    """Make a new secret. Posts are signed with both for some hours.

    Raises `NotFound`, `Conflict`, and `Invalid` for a time that is too long.
    """
    caller.require(Role.admin)
    caller.require_scope(TokenScope.endpoints_write)
    if not 0 <= overlap_hours <= LONGEST_OVERLAP_HOURS:
        raise Invalid(f"The previous secret can be used for 0 to {LONGEST_OVERLAP_HOURS} hours.")
    row = await _active(caller, session, endpoint_id)
    secret = new_signing_secret()
    row.previous_secret = row.secret if overlap_hours else None
    row.previous_until = utc_now() + timedelta(hours=overlap_hours) if overlap_hours else None
    row.secret = signing.secrets.seal(secret)
    await endpoints.stir(session, row)
    return Secreted(row, secret)


async def pause(caller: Caller, session: AsyncSession, endpoint_id: str) -> Endpoint:
    """Post nothing until it is resumed. Raises `NotFound`, `Conflict`."""
    caller.require(Role.admin)
    caller.require_scope(TokenScope.endpoints_write)
    row = await _active(caller, session, endpoint_id)
    if row.paused_at is None:
        row.paused_at, row.pause_reason = utc_now(), PauseReason.by_hand.value
        await endpoints.stir(session, row)
        await tell_paused(session, row, PauseReason.by_hand, row.paused_at)
    return row


async def resume(caller: Caller, session: AsyncSession, endpoint_id: str) -> Endpoint:
    """Go on where it stopped, at once. Also ends the pauses of one that is down.

    Raises `NotFound`, `Conflict`.
    """
    caller.require(Role.admin)
    caller.require_scope(TokenScope.endpoints_write)
    row = await _active(caller, session, endpoint_id)
    if row.paused_at is not None or row.failures:
        await endpoints.resume(session, row, await shared_now(session))
    return row


async def retire(caller: Caller, session: AsyncSession, endpoint_id: str) -> None:
    """Take an endpoint out of use. What was not posted yet is not posted any more.

    Raises `NotFound`, `Conflict`.
    """
    caller.require(Role.admin)
    caller.require_scope(TokenScope.endpoints_write)
    row = await _active(caller, session, endpoint_id)
    account_rows.retire(row, utc_now())
    await schedules.hear_of(session, row)
    await endpoints.forget(session, row)


async def test(caller: Caller, session: AsyncSession, endpoint_id: str) -> UUID:
    """Have a test posted, also to a paused endpoint; returns its id, which its attempt names.

    Raises `NotFound`, `Conflict`.
    """
    caller.require(Role.admin)
    caller.require_scope(TokenScope.endpoints_write)
    row = await _active(caller, session, endpoint_id)
    row.ping_id = uuid4()
    await endpoints.stir(session, row)
    return row.ping_id


async def replay(
    caller: Caller,
    session: AsyncSession,
    endpoint_id: str,
    *,
    event_id: int | None = None,
    since: datetime | None = None,
) -> int:
    """Post all events again from one on, or from a time on; returns the first one's id.

    They have the ids that they had before. Later events follow when these are done. Raises
    `NotFound`, `Conflict`, and `Invalid` if there is no such event.
    """
    caller.require(Role.admin)
    caller.require_scope(TokenScope.endpoints_write)
    row = await _active(caller, session, endpoint_id)
    first = event_id
    if since is not None:
        first = await endpoints.first_since(session, caller.account_id, since)
    if first is None or first > await events.latest_id(session, caller.account_id):
        raise Invalid("There is no event so new.")
    await endpoints.replay_from(session, row, first)
    return first


async def replay_one(
    caller: Caller, session: AsyncSession, endpoint_id: str, event_id: int
) -> None:
    """Post one event again, under the id that it had. Raises `NotFound`, `Conflict`."""
    caller.require(Role.admin)
    caller.require_scope(TokenScope.endpoints_write)
    row = await _active(caller, session, endpoint_id)
    event = await endpoints.event_of(session, caller.account_id, event_id)
    if event is None:
        raise NotFound("There is no event with this id.")
    await endpoints.replay_one(session, row, event)


async def give_up(caller: Caller, session: AsyncSession, endpoint_id: str, event_id: int) -> None:
    """Give up an event that waits, so that later ones of its conversation go on.

    Raises `NotFound`, `Conflict`.
    """
    caller.require(Role.admin)
    caller.require_scope(TokenScope.endpoints_write)
    row = await _active(caller, session, endpoint_id)
    if not await endpoints.give_up(session, row, event_id):
        raise NotFound("No event with this id waits.")


async def attempts(
    caller: Caller,
    session: AsyncSession,
    endpoint_id: str,
    *,
    before: int | None = None,
    limit: int,
    but_taken: bool = False,
) -> Sequence[EndpointAttempt]:
    """Return what was posted and what became of it, newest first. Raises `NotFound`."""
    caller.require(Role.admin)
    row = await find(caller, session, endpoint_id)
    return await endpoints.attempts(
        session, row.id, before=before, limit=limit, but_taken=but_taken
    )


async def deliveries(
    caller: Caller, session: AsyncSession, endpoint_id: str, *, after: int = 0, limit: int
) -> Sequence[tuple[EndpointDelivery, str | None]]:
    """Return the events that wait or were given up, each with its kind. Raises `NotFound`."""
    caller.require(Role.admin)
    row = await find(caller, session, endpoint_id)
    return await endpoints.deliveries(session, row.id, after=after, limit=limit)


async def _active(caller: Caller, session: AsyncSession, endpoint_id: str) -> Endpoint:
    return await account_rows.find_active(session, Endpoint, caller.account_id, endpoint_id)


def _url(signing: Signing, written: str) -> str:
    return str(receiver_url(written, has_own_networks=signing.has_own_networks))


def _kinds(kinds: Sequence[EventKind] | None) -> list[str] | None:
    if kinds is None:
        return None
    if not kinds:
        raise Invalid("Choose at least one kind of event.")
    return sorted({kind.value for kind in kinds})
