"""The version of an account's settings, which tells whether a cached policy is up to date.

It is computed from the versions of the rows. PostgreSQL gives a changed row a new `xmin` and
`ctid`, and an added or deleted row changes the sum. So it covers every writer from the moment of
the commit, without any code in the writers.
"""

SETTINGS = (
    "account",
    "automatic_message",
    "automatic_timer",
    "bot",
    "connector",
    "line",
    "skill",
    "skill_bot",
    "skill_transfer_target",
    "special_day",
    "survey",
    "working_period",
)
"""Every table that `database.queries.policy.load_policy` reads; a test checks it."""

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
"""Returns the version of the settings of `account_id`."""
