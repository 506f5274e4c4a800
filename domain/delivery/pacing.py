"""How fast a line's texts leave, and when a connector that is out of order is tried again.

Providers count segments a second for each line. A line sends as many at once as it may in one
second, then at its rate. Replies and automatic answers leave before proactive texts.
"""

from collections.abc import Mapping
from datetime import timedelta

from domain.numbers.kinds import LineKind

USUAL: Mapping[LineKind, float | None] = {
    LineKind.long_code: 1.0,
    LineKind.toll_free: 3.0,
    LineKind.short_code: 100.0,
    LineKind.service: None,
}
"""The pace of proactive texts on a line whose own pace nobody has set. The largest provider's
defaults: 1 for a long code, 3 for a toll-free number, 100 for a short code. A service has a pool of
numbers of unknown size, and the provider paces each; None is unlimited. In the USA a registered
long code may be given up to 225.
"""

FIRST_PAUSE = timedelta(seconds=1)
LONGEST_PAUSE = timedelta(minutes=1)
"""How long a line pauses when the provider says it sends too fast and names no time: twice as long
each time it says so again within `SLOW_FOR`. Ours, like the workflow's own intervals.
"""
LONGEST_WISH = timedelta(hours=1)
"""The longest pause a provider is granted. Ours: more is a mistake, and one attempt an hour is
harmless.
"""
SLOW_FOR = timedelta(minutes=1)
CAREFUL_PACE = 10.0
"""Segments a second of a line without a pace within `SLOW_FOR` of such a pause. Ours: the texts
that have gathered would otherwise leave at once and be refused again.
"""

FIRST_TRIAL = timedelta(seconds=15)
LONGEST_TRIAL_PAUSE = timedelta(minutes=5)
"""A paused connector is tried with one text at a time, at intervals that double between these.
Ours: a mended account is noticed within minutes, and a suspended one is not hammered.
"""

GIVE_UP_AFTER = timedelta(hours=4)
"""A text that could not leave for this long fails, unless its connector is set to another time.
Ours: half a shift. Until then an answer is still welcome, and its agent may still be there; later,
the consumer has asked again or found another way, and a greeting or a "we will be with you shortly"
is plainly wrong. The agent reads why, and decides whether to send it again.
"""

SHOWN_FROM = timedelta(seconds=5)
"""The shortest wait for its turn that a text's agent is told of. Ours."""


def pace_of(
    own: float | None, kind: LineKind, *, is_proactive: bool, is_careful: bool
) -> float | None:
    """Return the segments a second of a line for a text; None: it leaves at once.

    `own`: the pace that is set for the line, which all its texts keep. Without one, replies leave
    as they come, because providers queue what is too fast for a carrier; proactive texts keep the
    usual pace of the line's kind, so that no reply stands behind many of them in that queue.
    `is_careful`: the provider has just said that the line sends too fast.
    """
    if own is not None:
        return own
    paces = (USUAL[kind] if is_proactive else None, CAREFUL_PACE if is_careful else None)
    return min((pace for pace in paces if pace is not None), default=None)


def credit(pace: float) -> timedelta:
    """Return how far behind the clock a line's budget may lie: it allows one second's segments."""
    return timedelta(seconds=max(0.0, 1 - 1 / pace))


def cost(segments: int, pace: float) -> timedelta:
    """Return how long a text takes up its line."""
    return timedelta(seconds=max(segments, 1) / pace)
