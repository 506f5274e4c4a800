"""What the audit log tells apart."""

from enum import StrEnum


class Action(StrEnum):
    """What somebody did."""

    added = "added"
    changed = "changed"
    removed = "removed"
    read = "read"
    exported = "exported"
    used = "used"
    ended = "ended"
    locked = "locked"


class Door(StrEnum):
    """By which way they came."""

    page = "page"
    api = "api"
    command_line = "command line"
