"""What a migration may do while the version before still runs (CONTRIBUTING, "Changing the
database"), read from its code."""

import ast
import re
from collections.abc import Iterator

REMOVES = {"drop_column", "drop_table", "rename_table", "drop_constraint"}
NARROWS = {"type_", "new_column_name"}
REMOVES_IN_SQL = re.compile(
    r"DROP\s+(TABLE|COLUMN)|SET\s+NOT\s+NULL|RENAME\s+(TO|COLUMN)|ALTER\s+COLUMN\s+\S+\s+TYPE", re.I
)
BACKFILLS_IN_SQL = re.compile(r"^\s*(UPDATE|DELETE|INSERT|MERGE|WITH)\b", re.I)

SAY_OLDEST = "removes or narrows something: say which code still works with it (`oldest_code`)"
NO_BACKFILL = "changes rows: a job of maintenance does that, in batches"
CONCURRENTLY = (
    "makes an index on a table that has rows: `postgresql_concurrently=True` and "
    "`if_not_exists=True`, within `autocommit_block()`"
)
APART = "mixes indexes made concurrently with other changes: those need a migration of their own"


def broken_rules(code: str) -> set[str]:
    """Return the rules that a migration breaks."""
    tree = ast.parse(code)
    body = [one for one in tree.body if not _is_downgrade(one)]
    module = ast.Module(body, type_ignores=[])
    calls = list(_calls(module))
    made = {_first(call) for call in calls if _name(call) == "create_table"}
    broken = set()
    if any(_removes(call) for call in calls) and not _says_oldest(tree):
        broken.add(SAY_OLDEST)
    if any(_matches(call, BACKFILLS_IN_SQL) for call in calls):
        broken.add(NO_BACKFILL)
    indexes = [call for call in calls if _name(call) == "create_index" and _table(call) not in made]
    if any(not _is_concurrent(call) for call in indexes):
        broken.add(CONCURRENTLY)
    if indexes and "autocommit_block" not in {_name(call) for call in calls}:
        broken.add(CONCURRENTLY)
    of_indexes = {"create_index", "get_context", "autocommit_block"}
    others = {_name(call) for call in calls if _is_op(call)} - of_indexes
    if indexes and others:
        broken.add(APART)
    return broken


def _is_downgrade(node: ast.stmt) -> bool:
    return isinstance(node, ast.FunctionDef) and node.name == "downgrade"


def _calls(tree: ast.AST) -> Iterator[ast.Call]:
    return (node for node in ast.walk(tree) if isinstance(node, ast.Call))


def _name(call: ast.Call) -> str:
    return call.func.attr if isinstance(call.func, ast.Attribute) else ""


def _is_op(call: ast.Call) -> bool:
    return ast.unparse(call.func).startswith("op.")


def _first(call: ast.Call) -> str:
    return ast.unparse(call.args[0]) if call.args else ""


def _table(call: ast.Call) -> str:
    return ast.unparse(call.args[1]) if len(call.args) > 1 else ""


def _is_concurrent(call: ast.Call) -> bool:
    said = {one.arg: ast.unparse(one.value) for one in call.keywords}
    return said.get("postgresql_concurrently") == said.get("if_not_exists") == "True"


def _removes(call: ast.Call) -> bool:
    said = {one.arg: ast.unparse(one.value) for one in call.keywords}
    alters = _name(call) == "alter_column"
    narrows = alters and (said.get("nullable") == "False" or bool(NARROWS & set(said)))
    return (_is_op(call) and (_name(call) in REMOVES or narrows)) or _matches(call, REMOVES_IN_SQL)


def _matches(call: ast.Call, pattern: re.Pattern[str]) -> bool:
    if _name(call) != "execute":
        return False
    texts = (node.value for node in ast.walk(call) if isinstance(node, ast.Constant))
    return any(isinstance(text, str) and pattern.search(text) for text in texts)


def _says_oldest(tree: ast.Module) -> bool:
    return any(
        isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "oldest_code"
        for node in tree.body
    )
