"""Who may say for how long the content of conversations is kept."""

from domain.people.token_scopes import TokenScope
from services.caller import Caller
from services.changes import UNCHANGED, Unchanged


def check_may(caller: Caller, before: int | None, wanted: int | Unchanged | None) -> None:
    """Raise `ScopeMissing` for a token that may not erase: another number of days erases."""
    if wanted is not UNCHANGED and wanted != before:
        caller.require_scope(TokenScope.erasures_write)
