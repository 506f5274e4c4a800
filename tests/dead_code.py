"""Names that nobody uses: `poe dead` prints them, and fails when there are any.

Tests are not looked at, because what only they use is dead, or listed here with why it is not.
"""

import re
import sys
from fnmatch import fnmatch
from pathlib import Path

from vulture import Vulture
from vulture.core import Item

from cli.commands import COMMANDS

ROOT = Path(__file__).parents[1]
NOT_OURS = {"tests", ".venv", "docs", "clients", "examples"}
NAMES_OF_FIELDS = (
    "api/problems.py",
    "api/schemas/",  # what the API answers with
    "bench/",  # a figure is told by its name
    "database/migrations/",  # Alembic reads its names
    "domain/conversation/permissions.py",  # rights, which the page reads
    "domain/people/token_scopes.py",  # scopes that tokens are given
    "database/queries/",  # rows of statements in SQL
    "domain/conversation/permissions.py",  # rights, which the page names
    "domain/batches/progress.py",  # figures, which the API and pages name
    "providers/contract.py",  # what a provider says of itself, shown by the API
    "providers/credentials.py",  # fields of its form, shown by the API
    "database/tables/",  # columns, which statements in SQL name
    "providers/*/simulator/resources.py",  # what the carrier answers with
    "torture/ledger.py",  # prints every account it keeps
    "web/*/wire.py",  # what the islands read
    "web/marks.py",  # as those
    "web/operator/sentences.py",  # what templates name
)
"""Files whose variables and attributes are read by name."""
CALLED_BY_OTHERS = [
    *("@router.*", "@accounts.*", "@app.*"),  # FastAPI and typer
    *("@field_validator", "@model_validator", "@*.validator"),  # pydantic and Temporal
    *("@workflow.*", "@activity.*"),  # Temporal
]
ALIVE = {
    "debug": "a setting may have this value",
    "default_texts": "tests of the rules begin with the settings of a new account",
    "disconnected": "uvicorn reads it",
    "drop_database": "tests clean up with it",
    "all_directories": "Starlette reads it",
    "__annotations__": "Temporal's SDK reads it",
    "__defaults__": "FastAPI reads it",
    "auto_accept": "a choice that accounts make",
    "nobody_logged_in": "a choice that accounts make",
    "after_last_retry": "a choice that accounts make",
    "release_after_seconds": "a setting, applied by name",
    "agent_texts_a_minute": "a setting, applied by name",
    "agent_texts_a_day": "a setting, applied by name",
    "line_texts_a_minute": "a setting, applied by name",
    "line_texts_a_day": "a setting, applied by name",
    "account_texts_a_minute": "a setting, applied by name",
    "account_texts_a_day": "a setting, applied by name",
    "skill_ends": "told to the page, which reads it by name",
    "handlers": "logging reads it",
    "activity_info_on_message": "Temporal's SDK reads it",
    "workflow_info_on_message": "Temporal's SDK reads it",
    "segments_left": "a figure of a batch, told by the API",
    "longest_waiting": "an order that callers choose",
    "is_found": "told by the API, which reads it by name",
    "match_cost_ratio": "a figure of the bench, told by its name",
    "MAX_IMAGE_PIXELS": "Pillow reads it",
    "NOT_AUDITED": "a test holds it and the tables together",
    "IMPERSONAL": "a test holds it and the tables together",
    "writable": "zipfile asks it",
    "IN_FILE": "a test holds it and the tables of settings together",
    "methods": "Starlette reads it",
    "with_context": "Temporal's SDK calls it",
    "settings_customise_sources": "pydantic calls it",
    "dotenv_settings": "pydantic hands it over by name",
    "file_secret_settings": "pydantic hands it over by name",
}


def main() -> int:
    """Print what is dead; return how many names."""
    finder = Vulture(ignore_decorators=CALLED_BY_OTHERS)
    finder.scavenge([str(path) for path in _sources()])
    alive = {*ALIVE, *(name for _, name in COMMANDS.values()), *_words_of_templates()}
    unused = finder.get_unused_code(min_confidence=60)
    found = [item for item in unused if item.name not in alive and not _is_field(item)]
    for item in found:
        where = Path(item.filename).relative_to(ROOT)
        print(f"{where}:{item.first_lineno}: nobody uses the {item.typ} {item.name}")
    return len(found)


def _sources() -> list[Path]:
    ours = (part for part in ROOT.iterdir() if part.name not in NOT_OURS)
    return [*ROOT.glob("*.py"), *(path for part in ours for path in part.rglob("*.py"))]


def _words_of_templates() -> set[str]:
    """Return every name that a page's template may read."""
    templates = (ROOT / "web").rglob("*.html")
    return {word for path in templates for word in re.findall(r"[a-z_]{4,}", path.read_text())}


def _is_field(item: Item) -> bool:
    where = Path(item.filename).relative_to(ROOT).as_posix()
    is_named = any(fnmatch(where, f"{pattern}*") for pattern in NAMES_OF_FIELDS)
    return item.typ in ("variable", "attribute") and is_named


if __name__ == "__main__":
    sys.exit(1 if main() else 0)
