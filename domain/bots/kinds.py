"""Kinds around bots: how one is asked, what it may do, and why one passes a conversation on."""

from enum import StrEnum


class BotMode(StrEnum):
    """How a bot learns of its turn. `stream`: it follows the events and answers by the API."""

    webhook = "webhook"
    stream = "stream"


class BotAction(StrEnum):
    """What a bot does after its texts. `person`: it asks for people."""

    stay = "stay"
    close = "close"
    transfer = "transfer"
    person = "person"


class BotProblem(StrEnum):
    """Why a bot passes a conversation to people."""

    asked = "asked"
    """It asks for a person."""
    late = "late"
    """No answer by the deadline."""
    unreachable = "unreachable"
    """Its address cannot be reached, or refuses."""
    wrong = "wrong"
    """Its answer is none, or asks for what may not be done."""
    spent = "spent"
    """The loop guard: it has written or was asked as often as it may."""
    paused = "paused"
    """It failed too often in a row, so it is not asked for a while."""
    gone = "gone"
    """It was deleted."""

    @property
    def is_failure(self) -> bool:
        """Say whether it shows that the bot is out of order."""
        return self in (BotProblem.late, BotProblem.unreachable, BotProblem.wrong)
