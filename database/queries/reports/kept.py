"""Which sums are kept: of everything, of one dimension, and of two together."""

from collections.abc import Collection
from itertools import combinations

from domain.reporting.kinds import Dimension

ORDER = (
    *(Dimension.agent, Dimension.skill, Dimension.line, Dimension.source),
    Dimension.label,
)
"""Of two dimensions together the first is a sum's `key`, the other one `also`."""
PAIRS = tuple(combinations(ORDER, 2))
LED = (Dimension.agent, Dimension.skill)
"""What says whether something is of a manager of teams. Theirs are summed without either, too."""
OF_AGENTS = "agents_own"
"""Sums by agent and skill of what counts for its agent alone: others' have none of it."""
COLUMNS = {
    Dimension.skill: "skill_id",
    Dimension.agent: "agent_id",
    Dimension.line: "line_id",
    Dimension.source: "source",
    Dimension.label: "label_id",
}


def ordered(dimensions: Collection[Dimension]) -> tuple[Dimension, ...]:
    """Return dimensions as sums by these have them."""
    return tuple(one for one in ORDER if one in dimensions)


def name_of(dimensions: Collection[Dimension]) -> str:
    """Return what sums by some dimensions are called in their table."""
    return "+".join(ordered(dimensions)) or str(Dimension.account)


TOGETHER = (
    [str(one) for one in Dimension],
    *([name_of(pair)] for pair in PAIRS if pair != LED),
    [name_of(LED), OF_AGENTS],
)
HOURS_TOGETHER = (
    [str(one) for one in Dimension if one not in LED],
    *([str(one)] for one in LED),
)
"""What a month, and the hours of its days, are summed by at once."""
FORM = 2
"""Of what is kept of a month: months of another form are summed again. Raise it with any change."""
