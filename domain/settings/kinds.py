"""Choices that accounts and skills make."""

from enum import StrEnum


class TransferTargets(StrEnum):
    all = "all"
    none = "none"
    listed = "listed"
