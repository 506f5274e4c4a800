"""What a notice says: whole sentences with places, so that they can be translated."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from domain.board.words import ALERTS, UNKNOWN
from domain.notices.kinds import NoticeKind
from domain.text.limits import preview

TAKEN_AWAY: Mapping[str, str] = {
    "taken_over": "{by} took over your conversation",
    "transferred": "{by} transferred your conversation",
    "returned": "{by} returned your conversation to the queue",
    "closed": "{by} closed your conversation",
    "agent_left": "Your conversation went back to the queue because you were gone",
    "agent_silent": "Your conversation went back to the queue because it was not answered",
}
"""By why it was taken."""
RELEASED = "Your conversation went back to the queue"
PLAIN: Mapping[NoticeKind, str] = {
    NoticeKind.given: "New conversation",
    NoticeKind.text: "New text",
    NoticeKind.note: "{by} wrote a note in your conversation",
    NoticeKind.mention: "{by} mentions you in a note",
    NoticeKind.transferred: "{by} transferred a conversation to you",
    NoticeKind.offered: "A conversation rings",
    NoticeKind.overdue: "An answer is overdue",
    NoticeKind.state_set: "{by} changed your state",
}
NAMED: Mapping[NoticeKind, str] = {
    NoticeKind.given: "New conversation with {who}",
    NoticeKind.text: "New text from {who}",
    NoticeKind.offered: "A conversation with {who} rings",
    NoticeKind.overdue: "The answer to {who} is overdue",
}
"""Where it may be said who the consumer is."""
SEVERAL = "{n} new texts"
SEVERAL_NAMED = "{n} new texts from {who}"
IN_SKILL = "In {skill}"
SOMEBODY = "Somebody"


@dataclass(frozen=True)
class About:
    """What is known of a notice. `who`, `text`: None where they must not be told."""

    kind: NoticeKind
    why: str | None = None
    by: str | None = None
    who: str | None = None
    skill: str | None = None
    text: str | None = None
    times: int = 1
    alert: str | None = None
    subject: str | None = None
    """What an alert is about, by its name."""


@dataclass(frozen=True)
class Said:
    """A sentence with places, and what stands in them."""

    sentence: str
    values: Mapping[str, str] = field(default_factory=dict)


def title(about: About) -> Said:
    """Return what happened, in one sentence."""
    known = {"by": about.by or SOMEBODY, "n": str(about.times), "name": about.subject or ""}
    if about.who:
        known["who"] = about.who
    sentence = _sentence(about)
    return Said(sentence, {name: known[name] for name in known if f"{{{name}}}" in sentence})


def _sentence(about: About) -> str:
    if about.kind is NoticeKind.alert:
        return ALERTS.get(about.alert or "", UNKNOWN)
    if about.kind is NoticeKind.taken_away:
        return TAKEN_AWAY.get(about.why or "", RELEASED)
    if about.kind is NoticeKind.text and about.times > 1:
        return SEVERAL_NAMED if about.who else SEVERAL
    if about.who and about.kind in NAMED:
        return NAMED[about.kind]
    return PLAIN[about.kind]


def body(about: About) -> Said | None:
    """Return what stands below: the words of the text or note, or the skill it is about."""
    if about.text:
        return Said("{text}", {"text": preview(about.text)})
    if about.skill:
        return Said(IN_SKILL, {"skill": about.skill})
    return None
