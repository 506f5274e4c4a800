"""What a shorter retention would erase at once, said before it is saved."""

from collections.abc import Sequence

from fastapi import Request, Response
from fastapi.responses import HTMLResponse

from database.queries.retention import WouldGo
from domain.errors import Conflict
from services.changes import Unchanged
from services.erasing import erasures
from web.forms import FormFields
from web.frame import Frame
from web.route import is_part
from web.words import Words, _, listed, n

FIELD = "forgets"
"""What was confirmed: the number of days, how many then hold, and kinds of what goes. Numbers of
things are left out: they grow while somebody reads. It has too few digits to look like a card's.
"""
GOING = ("conversations", "messages", "batch_texts", "calls")
"""Kinds of what goes with age, in the order in which they are said."""
PERHAPS = Words(
    {"messages": "perhaps texts of no conversation", "calls": "perhaps the callers of calls"}
)
"""Said where all that was looked at is needed still, and there is more."""


async def would_go(
    request: Request,
    frame: Frame,
    form: FormFields,
    was: int | None,
    days: int | Unchanged | None,
    skill_id: str | None = None,
) -> Response | None:
    """Return what to answer instead of saving, if content would go that nobody was told of.

    `was`: the number of days that holds now.
    """
    if isinstance(days, Unchanged) or days == was:
        return None
    found = await erasures.would_go(frame.caller, frame.session, days, skill_id)
    kinds = [kind for kind in GOING if kind in found.kinds]
    numbers = [str(days), str(found.days)]
    confirmed = form.text(FIELD).split()
    # Each kind counts: somebody who was told of one is not told of another.
    if not kinds or (confirmed[:2] == numbers and set(kinds) <= set(confirmed[2:])):
        return None
    sentence = _sentence(found, kinds)
    if not is_part(request):
        raise Conflict(sentence)
    values = {"sentence": sentence, "going": " ".join([*numbers, *kinds])}
    answer: HTMLResponse = frame.pages.answer("admin/forgetting.html", 409, **values)
    return answer


def _sentence(found: WouldGo, kinds: Sequence[str]) -> str:
    """Say what would go of some kinds."""
    counts = found.counts
    told = {
        "conversations": n(
            "the texts and files of {n} conversation",
            "the texts and files of {n} conversations",
            counts["conversations"],
        ),
        "messages": n(
            "{n} text of no conversation", "{n} texts of no conversation", counts["messages"]
        ),
        "batch_texts": n(
            "{n} recipient of batches", "{n} recipients of batches", counts["batch_texts"]
        ),
        "calls": n("the caller of {n} call", "the callers of {n} calls", counts["calls"]),
    }
    for kind in found.at_least:
        told[kind] = _("at least {what}", what=told[kind]) if counts[kind] else PERHAPS[kind]
    return _(
        "Within hours this erases the following, and it cannot be taken back: {what}. "
        "Nothing is saved yet.",
        what=listed([told[kind] for kind in kinds]),
    )
