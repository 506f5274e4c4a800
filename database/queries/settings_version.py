"""A mark of an account's settings that changes with them, to see whether what was read still holds.

It is made of the versions of rows: PostgreSQL gives a changed row a new `xmin` and place, and one
that is added or gone changes the sum. So it holds for every writer and at the moment of the commit,
and nobody has to remember to tell.
"""

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


SETTINGS_VERSION = f"""
    SELECT count(*)::text || ' ' || bit_xor(hashtextextended(version, 0))::text AS settings
    FROM ({" UNION ALL ".join(map(_versions, SETTINGS))}) AS versions
""".encode()  # noqa: S608 - names of our own tables
"""Answers with the mark of the settings of `account_id`."""
