"""Kinds of notices, the ways they reach a person, and what each person has chosen."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from domain.people.roles import Role


class NoticeKind(StrEnum):
    """What a notice is about."""

    given = "given"
    """The router gave the person a conversation."""
    text = "text"
    """The consumer wrote in a conversation the person holds or has joined."""
    note = "note"
    """A colleague wrote a note in the person's conversation."""
    mention = "mention"
    """A colleague named the person in a note."""
    transferred = "transferred"
    """A colleague transferred a conversation to the person."""
    offered = "offered"
    """A conversation rings at the person."""
    overdue = "overdue"
    """The response time of the person's conversation has passed."""
    taken_away = "taken_away"
    """Somebody else, or the system, took the person's conversation."""
    state_set = "state_set"
    """A manager set the person's state or capacity."""
    alert = "alert"
    """The account needs a manager: see the alert's own words."""


class Channel(StrEnum):
    """A way a notice reaches a person."""

    page = "page"
    """In the tray of the page, with its count."""
    sound = "sound"
    desktop = "desktop"
    """A notification of the browser while a page is open."""
    push = "push"
    """A notification of the browser or phone while no page is open."""


@dataclass(frozen=True)
class NoticeType:
    """A kind of notice. `name`: in the preferences. `least`: the role it concerns."""

    name: str
    least: Role = Role.agent
    off: frozenset[Channel] = frozenset()
    """Where it is off until the person switches it on."""
    merges: bool = False
    """An unread one of the same conversation is counted up: there is one at a time."""
    pushed_for: timedelta = timedelta(minutes=10)
    """How late a push may still come. Ours: later, the person has met it on the page."""


CATALOGUE: Mapping[NoticeKind, NoticeType] = {
    NoticeKind.given: NoticeType("A conversation is given to you"),
    NoticeKind.text: NoticeType("A new text in your conversation", merges=True),
    NoticeKind.note: NoticeType(
        "A colleague's note in your conversation", merges=True, off=frozenset({Channel.push})
    ),
    NoticeKind.mention: NoticeType(
        "A colleague mentions you in a note", pushed_for=timedelta(minutes=30)
    ),
    NoticeKind.transferred: NoticeType("A conversation is transferred to you"),
    NoticeKind.offered: NoticeType("A conversation rings", pushed_for=timedelta(minutes=1)),
    NoticeKind.overdue: NoticeType("Your answer is overdue"),
    NoticeKind.taken_away: NoticeType("Your conversation is taken over or taken back"),
    NoticeKind.state_set: NoticeType("A manager sets your state or capacity"),
    NoticeKind.alert: NoticeType("An alert for managers", least=Role.manager),
}
"""All kinds of notices, in the order of the preferences."""

OF_HOLDER = frozenset(
    {
        NoticeKind.given,
        NoticeKind.text,
        NoticeKind.note,
        NoticeKind.transferred,
        NoticeKind.overdue,
        NoticeKind.offered,
    }
)
"""Kinds that ask somebody to act on a conversation: settled once another has it, or it closed."""

Preferences = Mapping[NoticeKind, frozenset[Channel]]
"""Where each kind of notice reaches a person."""


def default_channels(kind: NoticeKind) -> frozenset[Channel]:
    """Return where a kind of notice reaches a person who chose nothing."""
    return frozenset(Channel) - CATALOGUE[kind].off


def preferences(chosen: Mapping[str, Mapping[str, bool]]) -> Preferences:
    """Return a person's preferences: what they chose, and the defaults for the rest.

    `chosen`: by the names of kinds and channels, as stored; unknown names are passed over.
    """

    def channels(kind: NoticeKind) -> Iterable[Channel]:
        own, usual = chosen.get(kind, {}), default_channels(kind)
        return (one for one in Channel if own.get(one, one in usual))

    return {kind: frozenset(channels(kind)) for kind in NoticeKind}


def kinds_for(role: Role) -> tuple[NoticeKind, ...]:
    """Return the kinds of notices that people of a role can get."""
    supervises = role is not Role.agent
    return tuple(
        kind for kind, known in CATALOGUE.items() if supervises or known.least is Role.agent
    )
