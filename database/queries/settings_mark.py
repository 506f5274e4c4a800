"""A mark of an account's settings that changes with them, to see whether what was read still holds.

It is made of the versions of rows: PostgreSQL gives a changed row a new `xmin` and place, and one
that is added or gone changes the sum. So it holds for every writer and at the moment of the commit,
and nobody has to remember to tell.
"""

from uuid import UUID

from database.direct import Direct

SETTINGS = (
    "account",
    "automatic_message",
    "automatic_timer",
    "connector",
    "line",
    "skill",
    "skill_transfer_target",
    "special_day",
    "survey",
    "working_period",
)
"""Every table that `database.queries.policy.load_policy` reads; a test holds this true."""

OWNERS = {
    "account": "id = %(account_id)s",
    "skill_transfer_target": (
        "skill_id IN (SELECT id FROM skill WHERE account_id = %(account_id)s)"
    ),
}


def _versions(table: str) -> str:
    owner = OWNERS.get(table, "account_id = %(account_id)s")
    return f"SELECT '{table} ' || xmin::text || ctid::text AS version FROM {table} WHERE {owner}"  # noqa: S608


MARK = f"""
    SELECT (
        SELECT count(*)::text || ' ' || bit_xor(hashtextextended(version, 0))::text
        FROM ({" UNION ALL ".join(map(_versions, SETTINGS))}) AS versions
    ), EXISTS (SELECT FROM message WHERE id = %(message_id)s)
""".encode()  # noqa: S608 - names of our own tables


async def settings_mark(
    direct: Direct, account_id: str, message_id: UUID | None
) -> tuple[str | None, bool]:
    """Return the mark of an account's settings, and whether a text stands in a transcript."""
    row = await direct.one(MARK, {"account_id": account_id, "message_id": message_id})
    return (row[0], row[1]) if row else (None, False)
