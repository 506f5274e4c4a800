"""Checks of a connector, and what was found."""

from dataclasses import dataclass


@dataclass(frozen=True)
class HealthCheck:
    """A check that `check` makes: a stable name, and the label that an administrator reads."""

    name: str
    label: str


@dataclass(frozen=True)
class Finding:
    """The result of a health check. `sentence`: what to do about it. If all is well it is empty, or
    says what was found. `stops_texts`: no text passes while it is not well. `is_known`: the
    provider said so; otherwise nothing speaks against it, and the sentence says why not.
    """

    check: HealthCheck
    is_well: bool
    sentence: str = ""
    stops_texts: bool = True
    is_known: bool = True
