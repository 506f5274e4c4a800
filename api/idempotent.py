"""Requests that may be sent again: done once per caller and Idempotency-Key.

Whatever has an effect in a conversation is also done once by the conversation itself, under
`Once.command_key`; here the answer is kept, and another request with the same key refused.
"""

import hashlib
import hmac
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Annotated, TypeVar
from uuid import uuid4

from fastapi import Depends, Header, Request
from sqlalchemy.ext.asyncio import AsyncSession

from api.caller import Caller, CallerDep
from api.clock import utc_now
from api.parts import Parts, PartsDep
from api.schemas.shared import Answer
from database.queries import idempotency
from domain.errors import DomainError, Unavailable

LONGEST_COMMAND_KEY = 80
KeyHeader = Annotated[
    str | None,
    Header(
        alias="Idempotency-Key",
        pattern=r"^[!-~]{1,64}$",
        description="Chosen by the caller: the same request with the same key is done once, and "
        "answered the same for 24 hours.",
    ),
]

Made = TypeVar("Made", bound=Answer)


@dataclass(frozen=True)
class Once:
    """A request to be done once. Without a key of the caller's nothing is remembered."""

    command_key: str
    request: idempotency.Request | None

    async def create(
        self, session: AsyncSession, kind: type[Made], make: Callable[[], Awaitable[Made]]
    ) -> Made:
        """Make something in the request's own transaction, or return what was made before."""
        if self.request is None:
            return await make()
        known = await idempotency.claim(session, self.request, utc_now())
        if known:
            return kind.model_validate(known.body)
        made = await make()
        await idempotency.keep(session, self.request, _answer(made))
        return made

    async def act(self, parts: Parts, kind: type[Made], act: Callable[[], Awaitable[Made]]) -> Made:
        """Do something that waits for others, holding no transaction meanwhile.

        A refusal gives the key back; no answer in time keeps it, so that the same request may
        be sent again and nothing else under its key.
        """
        if self.request is None:
            return await act()
        async with parts.sessions.begin() as session:
            known = await idempotency.claim(session, self.request, utc_now())
        if known:
            return kind.model_validate(known.body)
        try:
            done = await act()
        except Unavailable:
            raise
        except DomainError:
            async with parts.sessions.begin() as session:
                await idempotency.release(session, self.request)
            raise
        async with parts.sessions.begin() as session:
            await idempotency.keep(session, self.request, _answer(done))
        return done


def _answer(made: Answer) -> idempotency.Answer:
    return idempotency.Answer(status=200, body=made.model_dump(mode="json"))


async def get_once(
    request: Request, parts: PartsDep, caller: CallerDep, key: KeyHeader = None
) -> Once:
    if key is None:
        return Once(command_key=uuid4().hex, request=None)
    claimed = idempotency.Request(
        account_id=caller.account_id,
        caller=caller.id,
        key=key,
        fingerprint=await _fingerprint(request, caller, parts.fingerprint_key),
    )
    return Once(command_key=_command_key(caller, key), request=claimed)


def _command_key(caller: Caller, key: str) -> str:
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
