"""Requests that may be sent again: done once per caller and Idempotency-Key.

Whatever has an effect in a conversation is also done once by the conversation itself, under
`Once.command_key`; here the answer is kept, and another request with the same key refused. A
request that comes without a key is given one, for the answer that it may still be done.
"""

import hashlib
import hmac
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Annotated, TypeVar
from uuid import uuid4

import structlog
from fastapi import Depends, Header, Path, Query, Request
from sqlalchemy.ext.asyncio import AsyncSession

from api.app_state import AppState, AppStateDep
from api.caller import CallerDep
from api.clock import utc_now
from api.schemas.shared import Answer
from database.away import NOT_DONE
from database.queries import idempotency
from database.queries.idempotency import Claimed
from domain.errors import DomainError, MayStillBeDone, Unavailable
from services.caller import Caller

LONGEST_COMMAND_KEY = 80
KEY = r"^[!-~]{1,64}$"
KeyHeader = Annotated[
    str | None,
    Header(
        alias="Idempotency-Key",
        pattern=KEY,
        description="Chosen by the caller: the same request with the same key is done once, and "
        "answered the same for 24 hours. Without one, `may_still_be_done` names a key of ours.",
    ),
]
KeyInAddress = Annotated[str | None, Query(alias="key", pattern=KEY, include_in_schema=False)]
"""For a form of a page whose scripts do not run: it can set no header."""

KeyPath = Annotated[str, Path(pattern=KEY, description="The Idempotency-Key of a command.")]

Made = TypeVar("Made", bound=Answer)

log = structlog.stdlib.get_logger()


@dataclass(frozen=True)
class Once:
    """A request to be done once. Without a key of the caller's only doubts are remembered."""

    command_key: str
    request: idempotency.Request
    is_keyed: bool
    """The key is the caller's own."""

    async def create(
        self, session: AsyncSession, kind: type[Made], make: Callable[[], Awaitable[Made]]
    ) -> Made:
        """Make something in the request's own transaction, or return what was made before."""
        if not self.is_keyed:
            return await make()
        known = (await idempotency.claim(session, self.request, utc_now())).answer
        if known:
            return kind.model_validate(known.body)
        made = await make()
        await idempotency.keep(session, self.request, _answer(made))
        return made

    async def act(
        self,
        parts: AppState,
        kind: type[Made],
        act: Callable[[], Awaitable[Made]],
        look: Callable[[], Awaitable[Made | None]],
    ) -> Made:
        """Do something that waits for others, holding no transaction meanwhile.

        `look` finds what was done under the command key. What was surely not done gives the key
        back. Raises `MayStillBeDone` where nobody knows: the key stays with this request then.
        """
        claimed = await self._claimed(parts) if self.is_keyed else Claimed()
        if claimed.answer:
            return kind.model_validate(claimed.answer.body)
        try:
            done = await _found_out(act, look)
        except MayStillBeDone as error:
            await self._write(parts, idempotency.claim, utc_now())
            raise MayStillBeDone.under(self.request.key) from error
        except (Unavailable, *NOT_DONE) as error:
            # This time it was not given; an earlier time it may have been.
            if claimed.is_repeated:
                raise MayStillBeDone.under(self.request.key) from error
            await self._give_back(parts)
            raise
        except DomainError:
            await self._give_back(parts)
            raise
        if self.is_keyed:
            await self._write(parts, idempotency.keep, _answer(done))
        return done

    async def _claimed(self, parts: AppState) -> Claimed:
        async with parts.sessions.begin() as session:
            return await idempotency.claim(session, self.request, utc_now())

    async def _give_back(self, parts: AppState) -> None:
        if self.is_keyed:
            await self._write(parts, idempotency.release)

    async def _write(
        self, parts: AppState, write: Callable[..., Awaitable[object]], *more: object
    ) -> None:
        """Write down how it went. A database that is away does not change how it went."""
        try:
            async with parts.sessions.begin() as session:
                await write(session, self.request, *more)
        except NOT_DONE as error:
            log.warning("answer_not_kept", error=type(error).__name__)


async def _found_out(
    act: Callable[[], Awaitable[Made]], look: Callable[[], Awaitable[Made | None]]
) -> Made:
    """Do something; where that fails, look whether it was done, by an earlier request too."""
    try:
        return await act()
    except DomainError as error:
        try:
            done = await look()
        except NOT_DONE as away:
            raise MayStillBeDone from away
        if done is None:
            raise
        log.info("found_done", refused=error.code)
        return done


def _answer(made: Answer) -> idempotency.Answer:
    return idempotency.Answer(status=200, body=made.model_dump(mode="json"))


async def get_once(
    request: Request,
    parts: AppStateDep,
    caller: CallerDep,
    key: KeyHeader = None,
    in_address: KeyInAddress = None,
) -> Once:
    given = key or in_address
    asked = idempotency.Request(
        account_id=caller.account_id,
        caller=caller.id,
        key=given or uuid4().hex,
        fingerprint=await _fingerprint(request, caller, parts.fingerprint_key),
    )
    return Once(command_key(caller, asked.key), asked, is_keyed=given is not None)


def command_key(caller: Caller, key: str) -> str:
    """Return a key that no other caller can have, short enough for a command."""
    whole = f"{caller.id}:{key}"
    if len(whole) <= LONGEST_COMMAND_KEY:
        return whole
    return hashlib.sha256(whole.encode()).hexdigest()


async def _fingerprint(request: Request, caller: Caller, secret: bytes) -> str:
    """Return what tells this request from others. Keyed: bodies may hold a password."""
    acting = caller.person.agent_id if caller.person else ""
    what = f"{request.method} {request.url.path} {acting}\n".encode()
    return hmac.new(secret, what + await request.body(), hashlib.sha256).hexdigest()


OnceDep = Annotated[Once, Depends(get_once)]
