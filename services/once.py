"""What is done once per caller and key, whoever calls: a route, a page, a batch that is run again.

Whatever has an effect in a conversation is also done once by the conversation itself, under
`command_key`; here the answer is kept, and another request with the same key refused.
"""

import hashlib
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Self
from uuid import UUID, uuid4

import structlog

from database.away import NOT_DONE
from database.queries import idempotency
from database.queries.conversations import CommandResult
from database.queries.idempotency import Claimed, IdempotentRequest, StoredAnswer
from domain.errors import DomainError, MayStillBeDone, Unavailable
from services.backends import Backends
from services.caller import Caller
from services.clock import utc_now

LONGEST_COMMAND_KEY = 80

Act = Callable[[], Awaitable[CommandResult]]
Look = Callable[[], Awaitable[CommandResult | None]]

log = structlog.stdlib.get_logger()


@dataclass(frozen=True)
class Key:
    """Under which something is done once. `is_given`: the caller chose it, and may repeat it."""

    value: str
    is_given: bool = True

    @classmethod
    def fresh(cls) -> Self:
        """Return a key for a caller who gave none: `MayStillBeDone` names it."""
        return cls(uuid4().hex, is_given=False)


def command_key(caller: Caller, key: str) -> str:
    """Return a key that no other caller can have, short enough for a command."""
    whole = f"{caller.id}:{key}"
    if len(whole) <= LONGEST_COMMAND_KEY:
        return whole
    return hashlib.sha256(whole.encode()).hexdigest()


@dataclass(frozen=True)
class Once:
    """Something a caller asks for under a key; `asked` says what, in full."""

    caller: Caller
    backends: Backends
    key: Key
    asked: str

    @property
    def command_key(self) -> str:
        return command_key(self.caller, self.key.value)

    @property
    def _request(self) -> IdempotentRequest:
        acting = self.caller.person.agent_id if self.caller.person else ""
        return IdempotentRequest(
            account_id=self.caller.account_id,
            caller=self.caller.id,
            key=self.key.value,
            fingerprint=hashlib.sha256(f"{acting}\n{self.asked}".encode()).hexdigest(),
        )

    async def do(self, act: Act, look: Look) -> CommandResult:
        """Do something that waits for others, holding no transaction meanwhile.

        `look` finds what was done under the command key. What was surely not done gives the key
        back. Raises `Conflict` for a key of another request, and `MayStillBeDone` where nobody
        knows: the key stays with this request then.
        """
        claimed = await self._claimed() if self.key.is_given else Claimed()
        if claimed.answer:
            return _done(claimed.answer)
        try:
            done = await _found_out(act, look)
        except MayStillBeDone as error:
            await self._write(idempotency.claim, utc_now())
            raise MayStillBeDone.under(self.key.value) from error
        except (Unavailable, *NOT_DONE) as error:
            # This time it was not given; an earlier time it may have been.
            if claimed.is_repeated:
                raise MayStillBeDone.under(self.key.value) from error
            await self._give_back()
            raise
        except DomainError:
            await self._give_back()
            raise
        if self.key.is_given:
            await self._write(idempotency.keep, _answer(done))
        return done

    async def _claimed(self) -> Claimed:
        async with self.backends.sessions.begin() as session:
            return await idempotency.claim(session, self._request, utc_now())

    async def _give_back(self) -> None:
        if self.key.is_given:
            await self._write(idempotency.release)

    async def _write(self, write: Callable[..., Awaitable[object]], *more: object) -> None:
        """Write down how it went. A database that is away does not change how it went."""
        try:
            async with self.backends.sessions.begin() as session:
                await write(session, self._request, *more)
        except NOT_DONE as error:
            log.warning("answer_not_kept", error=type(error).__name__)


async def _found_out(act: Act, look: Look) -> CommandResult:
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


def _answer(done: CommandResult) -> StoredAnswer:
    body = {"conversation_id": str(done.conversation_id), "message_id": done.message_id}
    return StoredAnswer(status=200, body=body)


def _done(answer: StoredAnswer) -> CommandResult:
    return CommandResult(UUID(answer.body["conversation_id"]), answer.body["message_id"])
