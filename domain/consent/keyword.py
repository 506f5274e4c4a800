"""The keywords that every line answers."""

from enum import StrEnum


class Keyword(StrEnum):
    """What a whole text can mean before anything else is looked at."""

    stop = "stop"
    start = "start"
    help = "help"
