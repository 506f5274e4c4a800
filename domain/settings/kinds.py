"""Values of settings that name a choice."""

from enum import StrEnum


class TransferTargets(StrEnum):
    all = "all"
    none = "none"
    listed = "listed"
