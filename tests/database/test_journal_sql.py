import re

from sqlalchemy import text as sql

from database.engine import Sessions
from database.queries.journal_sql import for_psql, largest_shape, step_statement


async def test_the_printed_statement_of_a_step_is_one_that_postgresql_plans(
    session_factory: Sessions,
) -> None:
    printed = for_psql(step_statement(largest_shape()))
    filled_in = re.sub(r":'\w+'", "NULL", printed).replace(":", r"\:")
    async with session_factory() as session:
        plan = await session.scalars(sql(f"EXPLAIN {filled_in}"))
        assert "latest_step" in "".join(plan)
