"""Faults of a worker, put in from outside: what happens at which point of a step.

Whoever passes the point is held until nobody new comes, and then it happens to all at once: one
worker process tries a fault with many conversations.
"""

import asyncio
import os
import signal
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any
from unittest.mock import patch

import psycopg
from pydantic import BaseModel, ConfigDict
from temporalio.bridge.proto.workflow_completion import WorkflowActivationCompletion
from temporalio.bridge.worker import Worker as Bridge

import activities.journal
import activities.language
import activities.reading
import database.queries.sending
import outgoing.submission
from providers.contract import Blame, SendError, SendOutcome
from providers.twilio.adapter import Twilio
from routing.router import Router

VARIABLE = "SWITCHBOARD_TEST_FAULT"
QUIET_SECONDS = 0.5
"""Nobody new has come for so long: those who are to come have come."""
MOST_SECONDS = 1.8
"""Less than a workflow task may take before the SDK tells the server that it goes on."""

Executor = Callable[..., Awaitable[Any]]


class Point(StrEnum):
    """What is done there, once or several times in a step."""

    load_opening = "load_opening"
    load_policy = "load_policy"
    journal = "journal"
    choose = "choose"
    """Who just began to wait is given an agent at once."""
    recognise = "recognise"
    keep_language = "keep_language"
    look = "look"
    read = "read"
    """A text is read as an answer to the survey."""
    task = "task"
    """A workflow task is completed."""
    claim = "claim"
    send = "send"
    """The provider is called."""
    settle = "settle"


class Side(StrEnum):
    before = "before"
    after = "after"


class Act(StrEnum):
    """`lose`: it is done, and an error is answered; a workflow task is failed instead."""

    die = "die"
    freeze = "freeze"
    lose = "lose"


class Fault(BaseModel):
    """At the `nth` time, and to all who come right behind."""

    model_config = ConfigDict(frozen=True)

    point: Point
    side: Side
    act: Act
    nth: int = 1

    def __str__(self) -> str:
        return f"{self.act}-{self.side}-{self.point}"

    @classmethod
    def of_environment(cls) -> "Fault | None":
        text = os.environ.get(VARIABLE)
        return cls.model_validate_json(text) if text else None


PLACES: dict[Point, tuple[object, str]] = {
    Point.load_opening: (activities.journal, "opening_facts"),
    Point.load_policy: (activities.journal, "load_policy"),
    Point.journal: (activities.journal, "apply_step"),
    Point.choose: (Router, "choose_at_once"),
    Point.recognise: (activities.language, "known_language"),
    Point.keep_language: (activities.language, "keep_recognised"),
    Point.look: (activities.journal, "recorded_thread"),
    Point.read: (activities.reading, "question_deliveries"),
    Point.task: (Bridge, "complete_workflow_activation"),
    Point.claim: (database.queries.sending, "claim_at_once"),
    Point.send: (Twilio, "send"),
    Point.settle: (outgoing.submission, "report"),
}
"""Each is one transaction or one call."""


@dataclass
class Passage:
    """Holds whoever passes, and strikes once."""

    fault: Fault
    _passed: int = 0
    _first_at: float | None = None
    _last_at: float = 0.0
    _is_over: bool = False
    _struck: asyncio.Event = field(default_factory=asyncio.Event)
    _striking: asyncio.Task[None] | None = None

    async def passed(self) -> bool:
        """Return when it is over; say whether the one who passes was struck."""
        self._passed += 1
        if self._is_over or self._passed < self.fault.nth:
            return False
        self._last_at = time.monotonic()
        if self._first_at is None:
            self._first_at = self._last_at
            self._striking = asyncio.create_task(self._strike(self._first_at))
        await self._struck.wait()
        return True

    async def _strike(self, first_at: float) -> None:
        while (now := time.monotonic()) - self._last_at < QUIET_SECONDS:
            if now - first_at > MOST_SECONDS:
                break
            await asyncio.sleep(0.02)
        self._is_over = True
        if self.fault.act is Act.die:
            os._exit(1)
        if self.fault.act is Act.freeze:
            os.kill(os.getpid(), signal.SIGSTOP)
        self._struck.set()


def put_in(fault: Fault) -> None:
    """Let a fault happen in this process."""
    owner, name = PLACES[fault.point]
    passage = Passage(fault)
    wrapped = _task if fault.point is Point.task else _asking
    patch.object(owner, name, wrapped(getattr(owner, name), passage)).start()


def _asking(asked: Executor, passage: Passage) -> Executor:
    fault = passage.fault

    async def faulty(*given: Any, **named: Any) -> Any:
        if fault.side is Side.before and await passage.passed():
            _lose(fault)
        answer = await asked(*given, **named)
        if fault.side is Side.after and await passage.passed():
            _lose(fault)
        return answer

    return faulty


def _task(complete: Executor, passage: Passage) -> Executor:
    fault = passage.fault

    async def faulty(bridge: Bridge, completion: WorkflowActivationCompletion) -> None:
        if not _ends_task(completion):
            await complete(bridge, completion)
            return
        if fault.side is Side.before and await passage.passed() and fault.act is Act.lose:
            completion.failed.failure.message = "lost"
        await complete(bridge, completion)
        if fault.side is Side.after:
            await passage.passed()

    return faulty


def _ends_task(completion: WorkflowActivationCompletion) -> bool:
    """Say whether nothing local is waited for: the server is told then."""
    if not completion.HasField("successful"):
        return False
    commands = completion.successful.commands
    return bool(commands) and not any(one.HasField("schedule_local_activity") for one in commands)


def _lose(fault: Fault) -> None:
    if fault.act is not Act.lose:
        return
    if fault.point is Point.send:
        raise SendError("no_answer", SendOutcome.ambiguous, Blame.provider, "No answer came.")
    raise psycopg.OperationalError("the connection was lost")
