"""Sending what a conversation has to say: text after text, each once (ADR 0003)."""

import asyncio
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from temporalio import activity
from temporalio.exceptions import ApplicationError, ApplicationErrorCategory

from activities.contract import SEND, SendRequest, SendResult
from outgoing.sender import Ended, Sender, TryLater

LONGEST_RUN = 20.0
"""Seconds after which no further text is begun: each takes up to 20, and an attempt has 45."""


@dataclass(frozen=True)
class Sending:
    """The activity that hands texts to providers."""

    sender: Sender

    @activity.defn(name=SEND)
    async def send(self, request: SendRequest) -> SendResult:
        """Bring messages of the transcript to their consumer, each once and in order.

        What was settled in an earlier attempt is passed over.
        """
        clock = asyncio.get_running_loop().time
        began = clock()
        sent: list[Ended] = []
        for message_id in request.message_ids:
            if clock() - began > LONGEST_RUN:
                raise _again(TryLater("more_to_send", timedelta(milliseconds=1)))
            try:
                sent.append(await self.sender.send(UUID(message_id)))
            except TryLater as later:
                raise _again(later) from later
        return SendResult(
            statuses=tuple(one.status for one in sent),
            is_opt_out=any(one.is_opt_out for one in sent),
        )


def _again(later: TryLater) -> ApplicationError:
    """Return what ends this attempt; Temporal makes the next, by its back-off without a delay.

    It is no fault of ours: the log gets no traceback of it.
    """
    return ApplicationError(
        later.code,
        type=later.code,
        next_retry_delay=later.delay,
        category=ApplicationErrorCategory.BENIGN,
    )
