"""What a STOP opts out of."""

from enum import StrEnum


class Reach(StrEnum):
    """An account's choice. START undoes every opt-out that keeps its own line silent."""

    account = "account"
    connector = "connector"
    line = "line"
