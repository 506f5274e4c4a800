"""Kinds of origins: how a conversation began."""

from enum import StrEnum


class OriginKind(StrEnum):
    """How a conversation began."""

    text = "text"
    """The consumer texted."""
    source = "source"
    """The consumer texted in answer to an ad, a poster or a page."""
    notification = "notification"
    """The consumer answered an automated text."""
    call = "call"
    """The consumer called, and was texted."""
    proactive = "proactive"
    """An agent or a program texted first."""
    follow_up = "follow_up"
    """An agent or a program texted after a phone call, or resumed a closed conversation."""
