"""What a shorter retention would erase at once, said before it is saved."""

from fastapi import Request, Response
from fastapi.responses import HTMLResponse

from domain.errors import Conflict
from services.changes import Unchanged
from services.erasing import erasures
from web.forms import FormFields
from web.frame import Frame
from web.route import is_part
from web.words import n

FIELD = "forgets"


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
    going = await erasures.would_go(frame.caller, frame.session, days, skill_id)
    if not going or form.text(FIELD) == str(going):
        return None
    sentence = n(
        "This erases the texts and files of {n} conversation within hours, and cannot be taken "
        "back. Nothing is saved yet.",
        "This erases the texts and files of {n} conversations within hours, and cannot be taken "
        "back. Nothing is saved yet.",
        going,
    )
    if not is_part(request):
        raise Conflict(sentence)
    values = {"sentence": sentence, "going": going}
    answer: HTMLResponse = frame.pages.answer("admin/forgetting.html", 409, **values)
    return answer
