"""How long what may take on the way out, and when the provider is asked."""

from dataclasses import dataclass
from datetime import datetime, timedelta

LONGEST_PAUSE = timedelta(minutes=5)
"""Between two look-ups of a text in doubt while the provider's list cannot be read. Ours."""
GROWTH = 4
"""Each pause between two questions is so many times the one before: six questions in a day. Ours;
some carriers never report more than `sent`.
"""


@dataclass(frozen=True)
class TimeOuts:
    """The times of a text on its way out, all ours.

    `age`: in the queue without an attempt until it is looked up before it is sent; `call`: from the
    claim until whoever claimed it is taken for gone. In doubt, from the attempt: `callback`: for a
    delivery callback before the provider's list is read; `overtaking`: until later texts may leave;
    `doubt`: until it is given up; `listing`: the same while the list cannot be read. `question`:
    from its being taken until the provider is asked what became of it, which ends after `asking`.
    `outage`: until a text that the provider does not take fails.
    """

    age: timedelta = timedelta(minutes=2)
    call: timedelta = timedelta(seconds=20)
    callback: timedelta = timedelta(seconds=10)
    overtaking: timedelta = timedelta(seconds=12)
    doubt: timedelta = timedelta(seconds=150)
    listing: timedelta = timedelta(hours=1)
    question: timedelta = timedelta(minutes=1)
    asking: timedelta = timedelta(hours=24)
    outage: timedelta = timedelta(hours=4)

    def next_question(self, attempted_at: datetime, asked: int, now: datetime) -> datetime | None:
        """Return when a text with a provider's id is asked about next; None when that is over."""
        at = now + self.question * GROWTH**asked
        return at if at - attempted_at <= self.asking else None

    def next_look_up(self, attempted_at: datetime, asked: int, now: datetime) -> datetime:
        """Return when a text in doubt is looked up next: in growing pauses, and as doubt ends."""
        at = now + min(self.callback * 2 ** min(asked, 10), LONGEST_PAUSE)
        gives_up_at = attempted_at + self.doubt
        return gives_up_at if now < gives_up_at < at else at
