"""Times by which the board groups what waits, and by which alerts come and go."""

from datetime import timedelta

AGES = tuple(timedelta(minutes=minutes) for minutes in (1, 5, 15, 60))
"""Where one group of ages ends and the next begins. Ours."""
REFUSED_WITHIN = timedelta(minutes=15)
"""A line whose webhook refused nothing for so long is believed to be right again. Ours."""
RATINGS_SINCE = timedelta(hours=12)
"""A shift and a bit more: people see the latest ratings."""
NOBODY_FOR = timedelta(seconds=30)
"""How long nobody must be online: people change their state, and come back. Ours."""
