"""The carrier's own handling of STOP, START and HELP. Short codes have none.

https://help.twilio.com/articles/223134027
"""

from simulator.lines import LineKind
from simulator.network import Consent, Handling

STOP = frozenset({"STOP", "STOPALL", "UNSUBSCRIBE", "CANCEL", "END", "QUIT", "REVOKE", "OPTOUT"})
START = frozenset({"START", "YES", "UNSTOP"})
HELP = frozenset({"HELP", "INFO"})

UNSUBSCRIBED = (
    "You have successfully been unsubscribed. You will not receive any more messages from this "
    "number. Reply START to resubscribe."
)
RESUBSCRIBED = (
    "You have successfully been re-subscribed to messages from this number. Reply HELP for help. "
    "Reply STOP to unsubscribe. Msg&Data Rates May Apply."
)
HELPED = "Reply STOP to unsubscribe. Msg&Data Rates May Apply."
NETWORK_STOPPED = (
    'NETWORK MSG: You replied with the word "stop" which blocks all texts sent from this number. '
    'Text back "unstop" to receive messages again.'
)
NETWORK_STARTED = (
    'NETWORK MSG: You have replied "unstop" and will begin receiving messages again from this '
    "number."
)


def handling(kind: LineKind, text: str, *, is_blocked: bool) -> Handling | None:
    """Return the carrier's own handling of a text, None if it has none."""
    word = text.strip().upper()
    match kind:
        case LineKind.short_code:
            return None
        case LineKind.toll_free:
            return _on_toll_free(word)
        case LineKind.long_code:
            return _on_long_code(word, is_blocked=is_blocked)


def _on_long_code(word: str, *, is_blocked: bool) -> Handling | None:
    if word in STOP:
        return Handling(UNSUBSCRIBED, Consent.blocked)
    if word in START and (is_blocked or word != "YES"):
        return Handling(RESUBSCRIBED, Consent.allowed)
    if word in HELP:
        return Handling(HELPED, Consent.unchanged)
    return None


def _on_toll_free(word: str) -> Handling | None:
    if word == "STOP":
        return Handling(NETWORK_STOPPED, Consent.blocked)
    if word in ("START", "UNSTOP"):
        return Handling(NETWORK_STARTED, Consent.allowed)
    return None
