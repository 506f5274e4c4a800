"""The keywords that Twilio answers itself, if the text consists of nothing else.

https://help.twilio.com/articles/223134027: English words only, none on short codes, and on
toll-free numbers only those that the network knows.
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
"""Twilio treats it as START only from consumers whose STOP it handled."""


def answers(kind: LineKind, keyword: Keyword, text: str, *, is_blocked: bool) -> bool:
    """Say whether Twilio itself answers this text on such a line.

    `is_blocked`: Twilio handled the consumer's last STOP on this line.
    """
    word = text.strip().upper()
    if word == START_WHILE_BLOCKED and not is_blocked:
        return False
    return word in HANDLED[kind].get(keyword, frozenset())
