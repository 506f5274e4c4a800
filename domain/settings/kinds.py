"""Values of settings that name a choice."""

from enum import StrEnum


class TransferTargets(StrEnum):
    all = "all"
    none = "none"
    listed = "listed"


class LabelColour(StrEnum):
    """Colours of labels. Pages show each in light and in dark, always beside the label's name."""

    grey = "grey"
    red = "red"
    orange = "orange"
    yellow = "yellow"
    green = "green"
    teal = "teal"
    blue = "blue"
    purple = "purple"
    pink = "pink"
