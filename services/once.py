"""Doing something once per caller and key: for a route, a page, a batch that is run again.

A conversation itself also does each command once, by its `command_key`. Here the answer is kept,
and a different request with the same key is refused.
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
    """The key under which something is done once. `is_given`: the caller chose it."""

    value: str
    is_given: bool = True

    @classmethod
    def fresh(cls) -> Self:
        """Return a key for a request without one: `MayStillBeDone` names it."""
        return cls(uuid4().hex, is_given=False)


def command_key(caller: Caller, key: str) -> str:
    """Return a key that no other caller can use, short enough for a command."""
    return command_key_of(caller.id, key)


def command_key_of(caller_id: str, key: str) -> str:
    """Return the command key of a caller by their id."""
    whole = f"{caller_id}:{key}"
    if len(whole) <= LONGEST_COMMAND_KEY:
        return whole
    return hashlib.sha256(whole.encode()).hexdigest()


@dataclass(frozen=True)
class Once:
    """A request under a key. `description` describes it in full."""

    caller: Caller
    backends: Backends
    key: Key
    description: str

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
            fingerprint=hashlib.sha256(f"{acting}\n{self.description}".encode()).hexdigest(),
        )

    async def do(self, act: Act, look: Look) -> CommandResult:
        """Do something that waits for others, without holding a transaction.

        `look` finds what was done under the command key. If it was surely not done, the key is free
        again. Raises `Conflict` for a key of a different request, and `MayStillBeDone` when nobody
        knows: the key then stays with this request.
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
            # This request gave no command, but an earlier one may have.
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
        """Keep the result. An unreachable database does not change the result."""
        try:
            async with self.backends.sessions.begin() as session:
                await write(session, self._request, *more)
        except NOT_DONE as error:
            log.warning("answer_not_kept", error=type(error).__name__)


async def _found_out(act: Act, look: Look) -> CommandResult:
    """Do something; if that fails, look whether this or an earlier request has done it."""
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
