"""Which keywords Twilio answers by itself, as long as the whole text is the word.

https://help.twilio.com/articles/223134027: English words only, nothing on short codes, and on
toll-free numbers only what the network itself knows.
"""

from domain.consent.keyword import Keyword
from domain.numbers.kinds import LineKind

STOP = frozenset({"STOP", "STOPALL", "UNSUBSCRIBE", "CANCEL", "END", "QUIT", "REVOKE", "OPTOUT"})
START = frozenset({"START", "YES", "UNSTOP"})
HELP = frozenset({"HELP", "INFO"})

ALL = {Keyword.stop: STOP, Keyword.start: START, Keyword.help: HELP}
TOLL_FREE = {
    Keyword.stop: frozenset({"STOP"}),
    Keyword.start: frozenset({"START", "UNSTOP"}),
    Keyword.help: frozenset[str](),
}
HANDLED = {
    LineKind.long_code: ALL,
    LineKind.service: ALL,
    LineKind.toll_free: TOLL_FREE,
    LineKind.short_code: {},
}


START_WHILE_BLOCKED = "YES"
"""Twilio takes it for a START only from those whose STOP it heard itself."""


def answers(kind: LineKind, keyword: Keyword, text: str, *, is_blocked: bool) -> bool:
    """Say whether Twilio itself answers this text on such a line.

    `is_blocked`: Twilio heard the consumer's last STOP there.
    """
    word = text.strip().upper()
    if word == START_WHILE_BLOCKED and not is_blocked:
        return False
    return word in HANDLED[kind].get(keyword, frozenset())
