"""Queries hold no rule: a number in one is 0, 1, or stands here with its reason."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from database import queries

FOLDER = Path(queries.__file__).parent
KNOWN = {
    ("accounts.py", "23306"): "names PostgreSQL's advisory lock",
    ("accounts.py", "2"): "the second one, which makes it several",
    ("accounts.py", "4"): "random bytes of an id whose name is taken",
    ("accounts.py", "32"): "characters of a name in an id",
    ("first_steps.py", "2"): "people, which is several",
    ("line_health.py", "50"): "conversations whose texts are looked through, to bound the look",
    ("late_notes.py", "5"): "tries, each beside another step of a closed conversation",
    ("agents.py", "10"): "log-ins of one address that are tried, in as many accounts",
    ("batch_checks.py", "200"): "characters that force Unicode, which are shown",
    ("batch_checks.py", "1000"): "texts whose prices are looked through, to bound the look",
    ("batch_checks.py", "interval '90 days'"): "age of those texts, for the same",
    ("batch_results.py", "2"): "the second column of a GROUP BY",
    ("catching_up.py", "35"): "minutes after which a line counts as behind: three runs",
    ("consent_ledger.py", "1000"): "a page",
    ("drafts.py", "20"): "keys of commands that are remembered beside a draft",
    ("endpoint_runs.py", "100"): "a page",
    ("endpoint_runs.py", "5000"): "a page",
    ("endpoint_wakes.py", "3"): "minutes after which a worker counts as dead",
    ("endpoint_wakes.py", "1000"): "events after which a cursor is written",
    ("endpoints.py", "2"): "halves of a search",
    ("events.py", "200"): "a page",
    ("exchanges.py", "200"): "a page",
    ("explanations.py", "100"): "a page",
    ("explanations.py", "200"): "a page",
    ("figures.py", "0.5"): "the middle, of which a median is made",
    ("hours.py", "7"): "days of a week",
    ("idempotency.py", "24"): "hours for which answers are kept, for their cleaning up",
    ("account_rows.py", "2"): "the count behind a second id of a name",
    ("account_rows.py", "4"): "room for that count",
    ("account_rows.py", "63"): "characters of an id",
    ("account_rows.py", "1000"): "such counts",
    ("lanes.py", "2"): "each pause is twice the one before",
    ("notice_writing.py", "80"): "notices in one NOTIFY, which holds 8000 bytes",
    ("pauses.py", "2"): "each pause is twice the one before",
    ("pauses.py", "20"): "doublings, which keep the power in range",
    ("routing.py", "500"): "a page",
    ("saved_replies.py", "2"): "a place in the order of a search",
    ("saved_replies.py", "3"): "the last place in it",
    ("sealed.py", "100"): "rows of one transaction",
    ("sending.py", "2"): "days of texts that are looked through, to bound the look",
    ("stream.py", "200"): "a page",
    ("unsent.py", "1"): "a minute in which a worker may still be at it",
    ("erasures.py", "10"): "doublings that are counted, beyond the longest pause",
    ("measurements.py", "6"): "hours of texts that are looked through, to bound the look",
    ("measurements.py", "200"): "skills told apart, to bound the figures",
    ("measurements.py", "1000"): "events counted of an account, to bound the count",
    ("tellings.py", "2"): "each pause is twice the one before",
    ("tellings.py", "10"): "seconds of the first pause, and doublings that are counted",
    ("tellings.py", "15"): "minutes of the longest pause between signals",
    ("watches.py", "2"): "minutes, halves and doublings of looking again",
    ("watches.py", "30"): "days of texts that are looked through, to bound the look",
    ("watches.py", "500"): "a page",
}
OF_SQL = re.compile(r"\b(SELECT|UPDATE|INSERT|DELETE|FROM|WHERE|AND|ORDER BY|LIMIT)\b")
NUMBER = re.compile(r"(?<![\w%$.'])\d+(?:\.\d+)?(?!\w)")
PLAIN = {"0", "1"}


def numbers(source: str) -> Iterator[str]:
    """Yield the numbers of a module and of its SQL; not its docstrings, and no `row[2]`."""
    tree = ast.parse(source)
    passed = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Subscript):
            passed.update(id(part) for part in ast.walk(node.slice))
    for node in ast.walk(tree):
        if not isinstance(node, ast.Constant) or id(node) in passed:
            continue
        value = node.value.decode() if isinstance(node.value, bytes) else node.value
        if isinstance(value, int | float) and not isinstance(value, bool):
            yield str(value)
        if isinstance(value, str) and OF_SQL.search(value):
            yield from NUMBER.findall(value)
            yield from re.findall(r"interval '[^']*'", value)


@pytest.mark.parametrize("path", sorted(FOLDER.glob("*.py")), ids=lambda path: path.stem)
def test_a_query_decides_nothing_by_a_number_of_its_own(path: Path) -> None:
    found = {one for one in numbers(path.read_text()) if one not in PLAIN}
    unknown = {one for one in found if (path.name, one) not in KNOWN}
    assert unknown == set(), "a rule belongs into domain/; a limit stands above with its reason"


@pytest.mark.parametrize(
    "source",
    [
        "LIMIT = 48",
        "QUERY = 'SELECT coalesce(a, 240) FROM b'",
        "QUERY = b'SELECT a FROM b WHERE weight > 0.5'",
        "QUERY = f'SELECT a FROM b ORDER BY {x} LIMIT 20'",
        "QUERY = \"SELECT now() - interval '2 days'\"",
    ],
)
def test_a_number_in_code_and_in_sql_is_found(source: str) -> None:
    assert [one for one in numbers(source) if one not in PLAIN]
