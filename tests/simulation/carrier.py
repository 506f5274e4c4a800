"""A carrier that writes down what left, and whose answers the schedule may lose."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

from domain.delivery.message_status import MessageStatus
from providers.contract import (
    Accepted,
    Blame,
    Capabilities,
    Description,
    OutgoingText,
    Reach,
    SendError,
    SendOutcome,
    Sought,
    Webhook,
)
from providers.credentials import Credentials
from providers.first_byte import awaited
from tests.simulation.database import Pause

CARRIER = "carrier"
DESCRIPTION = Description(
    name=CARRIER,
    label="Carrier",
    credentials=Credentials,
    capabilities=Capabilities(
        finds_by_number=True,
        finds_by_id=True,
        lists_texts=False,
        confirms_opt_outs=False,
        sends_parts=False,
        reports_parts=False,
        takes_media=False,
        sends_media=False,
        longest_text=1600,
    ),
    texts_webhook=Webhook("texts"),
    reports_webhook=Webhook("reports"),
    example={},
)


@dataclass(frozen=True)
class Left:
    """A text that was handed over to be sent."""

    message_id: str
    recipient: str
    text: str
    at: datetime
    theirs: str


@dataclass
class Carrier:
    """As `providers.contract.Provider`, as far as it sends."""

    now: Callable[[], datetime]
    left: list[Left] = field(default_factory=list)
    fails: list[str] = field(default_factory=list)
    """What happens to the next texts: "busy", "too fast" (for their line), "lost" (taken without an
    answer), "unheard" (not taken, without an answer) or "refused".
    """
    description: Description = DESCRIPTION

    async def send(self, text: OutgoingText, credentials: Credentials) -> Accepted:
        await Pause()  # it connects
        if first := awaited():
            await first.come()
        await Pause()  # the process may still end
        how = self.fails.pop() if self.fails else "well"
        if how == "busy":
            raise SendError("busy", SendOutcome.not_processed, Blame.provider, "Busy.")
        if how == "too fast":
            slower = (SendOutcome.not_processed, Blame.provider, "Send more slowly.")
            raise SendError("rate_limited", *slower, reach=Reach.line)
        if how == "refused":
            sentence = "They opted out."
            blame = Blame.recipient
            raise SendError("opted_out", SendOutcome.refused, blame, sentence, is_opt_out=True)
        theirs = f"SM{len(self.left)}"
        if how != "unheard":
            self.left.append(Left(text.message_id, text.recipient, text.text, self.now(), theirs))
        await Pause()
        if how in ("lost", "unheard"):
            raise SendError("timeout", SendOutcome.ambiguous, Blame.provider, "No answer.")
        return Accepted(theirs, MessageStatus.sent)

    async def find(self, sought: Sought, credentials: Credentials) -> Accepted | None:
        await Pause()
        for one in self.left:
            is_it = (one.recipient, one.text) == (sought.recipient, sought.text)
            if is_it and one.theirs not in sought.known_ids and one.at >= sought.attempted_at:
                return Accepted(one.theirs, MessageStatus.sent)
        return None

    async def ask(self, provider_message_id: str, credentials: Credentials) -> Accepted:
        await Pause()
        return Accepted(provider_message_id, MessageStatus.delivered)
