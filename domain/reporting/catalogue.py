"""All figures of reports, each with its one definition: pages, API and docs/reports.md say these.

Only what has ended counts in times. Automatic messages are nobody's answer. Days and hours are
those of the account's clock.
"""

from collections.abc import Mapping, Sequence

from domain.reporting.defined.people import PEOPLE
from domain.reporting.defined.satisfaction import SATISFACTION
from domain.reporting.defined.speed import SPEED
from domain.reporting.defined.texts import TEXTS
from domain.reporting.defined.volume import VOLUME
from domain.reporting.figures import Figure, Group, Unit, Wanted

FIGURES: Mapping[str, Figure] = {
    one.id: one for one in (*VOLUME, *SPEED, *SATISFACTION, *TEXTS, *PEOPLE)
}

BETTER: Mapping[str, Wanted] = {
    **dict.fromkeys(("abandoned", "abandoned_rate", "waiting"), Wanted.less),
    **dict.fromkeys((one.id for one in SPEED if one.unit is Unit.time), Wanted.less),
    **dict.fromkeys(("in_time", "interactive_rate", "delivered", "answer_rate"), Wanted.more),
    **dict.fromkeys(("csat", "mean_rating", "nps", "resolved"), Wanted.more),
    **dict.fromkeys(("not_delivered", "opt_outs"), Wanted.less),
    **dict.fromkeys(("closed_per_online_hour", "closed_per_hour"), Wanted.more),
}
"""Figures of which one way is better than the other."""


def figures_of(group: Group) -> Sequence[Figure]:
    """Return the figures of a group, in order."""
    return [one for one in FIGURES.values() if one.group is group]
