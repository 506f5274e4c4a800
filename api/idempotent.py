"""Requests that can be repeated: each is done once per caller and Idempotency-Key.

`services.once` does a command once, under the request's key. A request without a key gets one,
which the answer `may_still_be_done` names. Here, a row is created once, in the request's own
transaction; and what waits for others and is safe to repeat is done once, if nothing fails.
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Annotated, TypeVar

from fastapi import Depends, Header, Path, Query, Request
from sqlalchemy.ext.asyncio import AsyncSession

from api.app_state import AppStateDep
from api.caller import CallerDep
from api.clock import utc_now
from api.schemas.shared import Answer
from database.engine import Sessions
from database.queries import idempotency
from domain.errors import Conflict, DomainError
from security.secrets import SecretBox, SecretUnreadable
from services.caller import Caller
from services.once import Key

KEY = r"^[!-~]{1,64}$"
KeyHeader = Annotated[
    str | None,
    Header(
        alias="Idempotency-Key",
        pattern=KEY,
        description="A key you choose. A request repeated with the same key is done once and gets "
        "the same answer for 24 hours. Without one, `may_still_be_done` names a key of ours.",
    ),
]
KeyInAddress = Annotated[str | None, Query(alias="key", pattern=KEY, include_in_schema=False)]
"""For forms of pages without scripts, which cannot set a header."""

KeyPath = Annotated[str, Path(pattern=KEY, description="The Idempotency-Key of a command.")]

SEALED = "sealed"

Made = TypeVar("Made", bound=Answer)


@dataclass(frozen=True)
class Once:
    """A request that creates something once. `is_keyed`: the caller chose the key."""

    request: idempotency.IdempotentRequest
    is_keyed: bool

    async def create(
        self, session: AsyncSession, kind: type[Made], make: Callable[[], Awaitable[Made]]
    ) -> Made:
        """Create something in the request's own transaction, or return what exists already."""
        if not self.is_keyed:
            return await make()
        known = (await idempotency.claim(session, self.request, utc_now())).answer
        if known:
            return kind.model_validate(known.body)
        made = await make()
        await idempotency.keep(session, self.request, _answer(made))
        return made

    async def create_secret(
        self,
        session: AsyncSession,
        kind: type[Made],
        make: Callable[[], Awaitable[Made]],
        box: SecretBox,
    ) -> Made:
        """Create something whose answer holds a secret: it is kept encrypted."""
        if not self.is_keyed:
            return await make()
        known = (await idempotency.claim(session, self.request, utc_now())).answer
        if known:
            return kind.model_validate_json(_unsealed(box, known))
        made = await make()
        sealed = {SEALED: box.seal_text(made.model_dump_json())}
        await idempotency.keep(session, self.request, idempotency.StoredAnswer(200, sealed))
        return made

    async def do(
        self, sessions: Sessions, kind: type[Made], make: Callable[[], Awaitable[Made]]
    ) -> Made:
        """Do something that waits for others, and that is safe to repeat, without a transaction.

        If the process dies in between, the same request does it again.
        """
        if not self.is_keyed:
            return await make()
        async with sessions.begin() as session:
            known = (await idempotency.claim(session, self.request, utc_now())).answer
        if known:
            return kind.model_validate(known.body)
        try:
            made = await make()
        except DomainError:
            async with sessions.begin() as session:
                await idempotency.release(session, self.request)
            raise
        async with sessions.begin() as session:
            await idempotency.keep(session, self.request, _answer(made))
        return made


def _unsealed(box: SecretBox, known: idempotency.StoredAnswer) -> str:
    try:
        return box.unseal_text(known.body[SEALED])
    except SecretUnreadable as error:
        raise Conflict("This was created, and its answer can no longer be read.") from error


def _answer(made: Answer) -> idempotency.StoredAnswer:
    return idempotency.StoredAnswer(status=200, body=made.model_dump(mode="json"))


def get_key(key: KeyHeader = None, in_address: KeyInAddress = None) -> Key:
    """Return the key of a request, its caller's or a fresh one."""
    given = key or in_address
    return Key(given) if given else Key.fresh()


KeyDep = Annotated[Key, Depends(get_key)]


async def get_once(request: Request, app: AppStateDep, caller: CallerDep, key: KeyDep) -> Once:
    # Without a key nothing is compared, and a body that is refused need not be read.
    told = await _told(request, caller) if key.is_given else b""
    asked = idempotency.IdempotentRequest(
        account_id=caller.account_id,
        caller=caller.id,
        key=key.value,
        # Signed, because bodies may hold a password.
        fingerprint=app.signatures.sign(told),
        former=app.signatures.former(told),
    )
    return Once(asked, is_keyed=key.is_given)


async def _told(request: Request, caller: Caller) -> bytes:
    """Return what tells this request from others."""
    acting = caller.person.agent_id if caller.person else ""
    what = f"{request.method} {request.url.path} {acting}\n".encode()
    return what + await request.body()


OnceDep = Annotated[Once, Depends(get_once)]
