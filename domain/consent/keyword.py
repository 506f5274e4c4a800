"""The keywords that every line answers."""

from enum import StrEnum


class Keyword(StrEnum):
    """The meaning of a text that is a keyword as a whole; keywords come before every other rule."""

    stop = "stop"
    start = "start"
    help = "help"
