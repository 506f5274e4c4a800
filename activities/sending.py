"""The activity that sends the texts of a conversation in order, each once (ADR 0003)."""

import asyncio
from dataclasses import dataclass, field
from datetime import timedelta
from itertools import zip_longest
from uuid import UUID

from temporalio import activity
from temporalio.exceptions import ApplicationError, ApplicationErrorCategory

from activities.contract import SEND, SendRequest, SendResult
from measuring.spans import Spans
from outgoing.sender import Ended, Sender, TryLater

LONGEST_RUN = 20.0
"""Seconds after which no further text is begun. Ours: a text takes up to 20, and an attempt has 45
(`workflows.conversation.activities.SEND_TIMEOUT`).
"""


@dataclass(frozen=True)
class Sending:
    """The activity that hands texts to providers."""

    sender: Sender
    spans: Spans = field(default_factory=Spans, repr=False)

    @activity.defn(name=SEND)
    async def send(self, request: SendRequest) -> SendResult:
        """Send messages of the transcript, each once and in order.

        Messages that an earlier attempt settled are skipped.
        """
        clock = asyncio.get_running_loop().time
        began = clock()
        sent: list[Ended] = []
        for message_id, cause in zip_longest(request.message_ids, request.causes):
            if clock() - began > LONGEST_RUN:
                raise _again(TryLater("more_to_send", timedelta(milliseconds=1)))
            try:
                with self.spans.of("send", cause or message_id, sent_message_id=message_id):
                    sent.append(await self.sender.send(UUID(message_id)))
            except TryLater as later:
                raise _again(later) from later
        return SendResult(
            statuses=tuple(ended.status for ended in sent),
            is_opt_out=any(ended.is_opt_out for ended in sent),
        )


def _again(later: TryLater) -> ApplicationError:
    """Return the error that ends this attempt; Temporal retries after its delay or back-off.

    Its category is benign, so the SDK logs no traceback.
    """
    return ApplicationError(
        later.code,
        type=later.code,
        next_retry_delay=later.delay,
        category=ApplicationErrorCategory.BENIGN,
    )
