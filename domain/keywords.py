"""STOP, START and HELP: matched on the whole text, before anything else is looked at.

Lists: the FCC's and Twilio's words, and those of other languages (a text that only *contains*
such a word, "cancel my appointment", is no keyword).
"""

from domain.folding import fold
from domain.words import Keyword

STOP = frozenset(
    {
        *("stop", "stopall", "unsubscribe", "cancel", "end", "quit", "revoke", "optout", "opt out"),
        *("alto", "parar", "baja", "cancelar"),  # Spanish
        *("arret", "arreter", "desabonner"),  # French
        "sair",  # Portuguese
        *("stopp", "abmelden"),  # German
        *("ferma", "annulla"),  # Italian
    }
)
START = frozenset({"start", "unstop"})
START_WHILE_OPTED_OUT = frozenset({"yes"})
HELP = frozenset({"help", "info"})


def keyword_in(text: str, *, is_opted_out: bool) -> Keyword | None:
    """Return what a consumer's whole text means as a keyword, or None.

    YES opts in only while the consumer is opted out: elsewhere it is an answer.
    """
    word = fold(text)
    if word in STOP:
        return Keyword.stop
    if word in START or (is_opted_out and word in START_WHILE_OPTED_OUT):
        return Keyword.start
    return Keyword.help if word in HELP else None
