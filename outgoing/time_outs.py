"""The time-outs of outgoing texts, and the times at which their providers are asked about them."""

from dataclasses import dataclass
from datetime import datetime, timedelta

LONGEST_PAUSE = timedelta(minutes=30)
"""The longest pause between two look-ups of a text in doubt, so a day has about fifty. Ours."""
GROWTH = 4
"""Each pause between two look-ups is this many times the one before, so a day has six. Ours. They
end because some carriers never report more than `sent`.
"""


@dataclass(frozen=True)
class TimeOuts:
    """The time-outs of an outgoing text. The values are ours.

    `age`: a text that was queued for longer is looked up before it is sent.
    `call`: after a claim, the time until the worker that claimed the text counts as dead.
    For a text in doubt, counted from the attempt: `callback`, the wait for a delivery callback
    before the first look-up; `overtaking`, the time until later texts may be sent; `doubt`, the
    time until the text is given up; `listing`, the same while the provider's list cannot be read.
    `first_check`: after the provider accepted a text, the time until it is first asked what became
    of it; `asking`: the time after which it is not asked again.
    """

    age: timedelta = timedelta(minutes=2)
    call: timedelta = timedelta(seconds=20)
    callback: timedelta = timedelta(seconds=10)
    overtaking: timedelta = timedelta(seconds=12)
    doubt: timedelta = timedelta(seconds=150)
    listing: timedelta = timedelta(hours=24)
    first_check: timedelta = timedelta(minutes=1)
    asking: timedelta = timedelta(hours=24)

    def next_check(self, attempted_at: datetime, asked: int, now: datetime) -> datetime | None:
        """Return when to check a text with a provider's id next; None after `asking`."""
        at = now + self.first_check * GROWTH**asked
        return at if at - attempted_at <= self.asking else None

    def next_look_up(self, attempted_at: datetime, asked: int, now: datetime) -> datetime:
        """Return when to look up a text in doubt next: in growing pauses, and when `doubt` ends."""
        at = now + min(self.callback * 2 ** min(asked, 10), LONGEST_PAUSE)
        gives_up_at = attempted_at + self.doubt
        return gives_up_at if now < gives_up_at < at else at
