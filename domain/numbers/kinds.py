"""Kinds of lines, and reasons why a text is not for its line."""

from enum import StrEnum


class LineKind(StrEnum):
    """Kind of a line's address; it decides which keywords the provider answers itself."""

    long_code = "long_code"
    toll_free = "toll_free"
    short_code = "short_code"
    service = "service"


class Misdirected(StrEnum):
    """Why a text at a line's webhook is not for that line."""

    another_line = "another_line"
    """It is for another line of the account, and was stored there."""
    unknown_number = "unknown_number"
    """It is for a number or messaging service that is not a line of the account; refused."""
    another_channel = "another_channel"
    """It is not an SMS but WhatsApp, RCS or Messenger; refused."""
