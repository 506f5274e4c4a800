"""What answers to the questions after the rating say."""

from collections.abc import Mapping, Sequence
from enum import StrEnum
from typing import Any

from domain.survey.kinds import FollowUp

LOWEST, HIGHEST = 0, 10
"""How much a consumer would recommend."""
PROMOTES = 9
DETRACTS = 6
"""As the Net Promoter Score has it."""


class Recommends(StrEnum):
    """What a consumer is by how much they would recommend."""

    promoter = "promoter"
    passive = "passive"
    detractor = "detractor"

    @classmethod
    def of(cls, value: int) -> "Recommends":
        """Return what an answer from 0 to 10 makes of a consumer."""
        if value >= PROMOTES:
            return cls.promoter
        return cls.detractor if value <= DETRACTS else cls.passive

    @property
    def values(self) -> Sequence[int]:
        """Return the answers of such consumers."""
        return [one for one in range(LOWEST, HIGHEST + 1) if Recommends.of(one) is self]


class Resolved(StrEnum):
    """Whether a consumer said that the matter is resolved."""

    yes = "yes"
    no = "no"

    @classmethod
    def of(cls, value: int) -> "Resolved":
        """Return what an answer of 0 or 1 says."""
        return cls.yes if value else cls.no


def answered(answers: Sequence[Mapping[str, Any]], question: FollowUp) -> int | None:
    """Return the number that answers a question; None without an answer."""
    found = [one.get("value") for one in answers if one.get("question") == question]
    return found[-1] if found else None


def is_resolved(answers: Sequence[Mapping[str, Any]]) -> bool | None:
    """Say whether the consumer said that it is resolved; None: they said neither."""
    value = answered(answers, FollowUp.resolved)
    return None if value is None else bool(value)
