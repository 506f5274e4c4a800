"""The keywords that Telnyx answers itself, if the text consists of nothing else.

https://support.telnyx.com/en/articles/1270091-sms-opt-out-keywords-and-stop-words

HELP is not among them: Telnyx answers it only where a profile says how, and its webhook says so.
"""

from domain.consent.keyword import Keyword

STOP = frozenset({"STOP", "STOPALL", "STOP ALL", "UNSUBSCRIBE", "CANCEL", "END", "QUIT"})
START = frozenset({"START", "UNSTOP"})
WORDS = {Keyword.stop: STOP, Keyword.start: START, Keyword.help: frozenset[str]()}


def answers(keyword: Keyword, text: str) -> bool:
    """Say whether Telnyx itself answers this text, on lines of every kind."""
    return " ".join(text.upper().split()) in WORDS[keyword]
