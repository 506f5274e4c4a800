"""Kinds of lines, and why a text is not for one."""

from enum import StrEnum


class LineKind(StrEnum):
    """What a line's address is; decides what the provider does with STOP by itself."""

    long_code = "long_code"
    toll_free = "toll_free"
    short_code = "short_code"
    service = "service"


class Misdirected(StrEnum):
    """Why a text that came to a line's webhook is not that line's."""

    another_line = "another_line"
    """It is for another line of the account, and was put there."""
    unknown_number = "unknown_number"
    """It is for a number, or a messaging service, that is no line of the account; refused."""
    another_channel = "another_channel"
    """WhatsApp, RCS, Messenger: no text message; refused."""
