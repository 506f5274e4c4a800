"""Telnyx's own handling of STOP, START and HELP, on every kind of line.

https://developers.telnyx.com/docs/messaging/messages/advanced-opt-in-out
"""

from simulator.network import Consent, Handling

STOP = frozenset({"STOP", "STOPALL", "STOP ALL", "UNSUBSCRIBE", "CANCEL", "END", "QUIT"})
START = frozenset({"START", "UNSTOP"})
HELP = frozenset({"HELP"})

ANSWERS = {
    "STOP": Handling(
        "You have successfully been unsubscribed, you will not receive any more messages from "
        "this number. Reply START to resubscribe.",
        Consent.blocked,
    ),
    "START": Handling(
        "You have successfully been re-subscribed to messages from this number. Reply STOP to "
        "unsubscribe.",
        Consent.allowed,
    ),
    "HELP": Handling("Reply STOP to unsubscribe. Msg&Data rates may apply.", Consent.unchanged),
}


def kind_of(text: str) -> str | None:
    """Return the kind of automatic response to a text: STOP, START, HELP or none."""
    word = " ".join(text.upper().split())
    words = {"STOP": STOP, "START": START, "HELP": HELP}
    return next((kind for kind, known in words.items() if word in known), None)
