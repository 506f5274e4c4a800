"""Steps of times in SQL, of which facts they are counted, and how sums are added up with them.

How many times are in each step is kept as one number, with twelve digits for each step: PostgreSQL
adds such numbers up as fast as any others, and lists of steps thirty times as slowly.
"""

from sqlalchemy import func, select

from domain.reporting.kinds import FactKind
from domain.reporting.spread import EXACT, WIDENS

DIGITS = 12
"""Of each step. Ours: more times than an account has in a century; four digits are two bytes."""

TIMED = (
    *(FactKind.duration, FactKind.response, FactKind.first_response, FactKind.assignment_wait),
    *(FactKind.first_message, FactKind.consumer_response),
)
"""Kinds whose percentiles are asked for."""


def one_of(value: str) -> str:
    """Return a time in SQL as one in its step; of no time there is none."""
    return f"('1e' || {DIGITS} * ({_step_of(value)}))::numeric"


def _step_of(value: str) -> str:
    """Return the step of a time, as `domain.reporting.spread.step_of` has it."""
    wide = f"{EXACT} + floor(ln({value}::float8 / {EXACT}) / ln({WIDENS}::float8))::int"
    return (
        f"CASE WHEN {value} < {EXACT} THEN greatest({value}, 0) "
        f"WHEN {value} >= {EXACT} THEN {wide} END"
    )


def read(steps: str | None) -> dict[int, int]:
    """Return how many times are in each step of a number, which is written in digits."""
    if not steps:
        return {}
    whole = steps.zfill(-(-len(steps) // DIGITS) * DIGITS)
    each = (whole[at - DIGITS : at] for at in range(len(whole), 0, -DIGITS))
    return {step: int(many) for step, many in enumerate(each) if many != NONE}


NONE = "0" * DIGITS


def as_number(spread: str) -> str:
    """Return steps and how many are in each, as sums had them before, as one number in SQL."""
    ones = f"('1e' || {DIGITS} * step)::numeric * many"
    return f"(SELECT sum({ones}) FROM (SELECT {_each(spread)}) AS each)"  # noqa: S608 - our own words


def _each(spread: str) -> str:
    """Return the steps of a list, and how many are in each, side by side in SQL.

    Each look at one element of an array costs more than adding it up.
    """
    return f"unnest({spread}[:][1:1]) AS step, unnest({spread}[:][2:2]) AS many"


OF_SPREADS = f"""
    SELECT id, false AS is_worked, {_each("spread")} FROM told
    UNION ALL
    SELECT id, true, {_each("worked_spread")} FROM told
"""  # noqa: S608 - our own words
SPREADS = """
    array_agg(ARRAY[step, many]::int[] ORDER BY step) FILTER (WHERE NOT is_worked) AS spread,
    array_agg(ARRAY[step, many]::int[] ORDER BY step) FILTER (WHERE is_worked) AS worked_spread
"""
ENOUGH_MEMORY = select(
    *(
        func.set_config(name, value, True)
        for name, value in {
            "work_mem": "64MB",
            "enable_memoize": "off",
            "enable_nestloop": "off",
        }.items()
    )
)
"""Ours: the steps of a year are grouped without being written out, by hash.

PostgreSQL cannot know how many there are, and what it would remember of each costs more than
counting it.
"""
BY_INDEX, AS_PLANNED = (
    select(func.set_config("enable_seqscan", how, True)) for how in ("off", "on")
)
"""Sums are found by their key: reading those of all accounts and spans takes several times as long,
and PostgreSQL takes it for cheaper where an account has most of them.
"""


NO_LISTS = "NULL::int[] AS spread, NULL::int[] AS worked_spread"
"""Of facts."""


def added(place: str) -> str:
    """Return queries that add the rows of `part` up, the last of them `sums`.

    `place`: the columns that tell sums apart. Lists are grouped by a number instead, because
    comparing words is most of the work; what has one part needs no adding.
    """
    return f"""
    grouped AS MATERIALIZED (
        SELECT row_number() OVER () AS id, {place}, sum(times) AS times, sum(total) AS total,
            max(most) AS most, sum(worked) AS worked, max(worked_most) AS worked_most,
            sum(steps) AS steps, sum(worked_steps) AS worked_steps,
            count(*) AS parts, max(spread) AS one, max(worked_spread) AS one_worked
        FROM part GROUP BY {place}
    ), told AS MATERIALIZED (
        SELECT id, part.* FROM part JOIN grouped USING ({place})
        WHERE parts > 1 AND (part.spread IS NOT NULL OR part.worked_spread IS NOT NULL)
    ), pairs AS (
        SELECT id, is_worked, step, sum(many) AS many FROM ({OF_SPREADS}) AS each
        WHERE step IS NOT NULL GROUP BY id, is_worked, step
    ), spreads AS (
        SELECT id, {SPREADS} FROM pairs GROUP BY id
    ), sums AS (
        SELECT {place}, times, total, most, worked, worked_most, steps, worked_steps,
            coalesce(spread, CASE WHEN parts = 1 THEN one END) AS spread,
            coalesce(worked_spread, CASE WHEN parts = 1 THEN one_worked END) AS worked_spread
        FROM grouped LEFT JOIN spreads USING (id)
    )"""  # noqa: S608 - our own words


def flat(spread: str) -> str:
    """Return a list as a whole slice of itself: as it is stored, each look at a step unpacks it
    again.
    """
    return f"{spread}[:][:]"


def since_epoch(day: str) -> str:
    """Return the step of a day in SQL: its number, as `domain.reporting.consumers` has it."""
    return f"coalesce({day} - DATE '1970-01-01', 0)"
