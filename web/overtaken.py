"""A settings page open in two windows: the later save is told that the earlier one was faster.

The page's form says which values it showed. If others hold by now, nothing is saved before the
person has read so.
"""

import hashlib
import json
from collections.abc import Awaitable, Callable, Collection

from fastapi import Request, Response
from fastapi.responses import HTMLResponse
from pydantic import BaseModel
from pydantic_core import to_jsonable_python

from domain.errors import Conflict
from services.configuring import account
from web.forms import FormFields
from web.frame import Frame
from web.route import is_part
from web.words import mark, said

FIELD = "seen"
SENTENCE = mark(
    "Somebody saved other values here after you opened this page. Yours are not saved. They are "
    "still in this form: open the page in another window to compare."
)


def version_of(shown: BaseModel | Collection[str], but: Collection[str] = ()) -> str:
    """Return the same for the same values. `but`: fields that the form does not set."""
    plain = to_jsonable_python(shown, exclude=set(but)) if but else to_jsonable_python(shown)
    return hashlib.sha256(json.dumps(plain).encode()).hexdigest()[:32]


async def overtaken(
    request: Request, frame: Frame, form: FormFields, present: Callable[[], Awaitable[str]]
) -> Response | None:
    """Return what to answer instead of saving, if values have changed since the form showed them.

    `present`: the version of the values that hold now. Pages of an account save by turns, so that
    it stays the same until the end of the request.
    """
    seen = form.text(FIELD)
    if not seen:  # a program, or a form without it
        return None
    await account.take_turn(frame.caller, frame.session)
    now = await present()
    if now == seen:
        return None
    if not is_part(request):
        raise Conflict(SENTENCE)
    values = {"sentence": said(SENTENCE), "version": now}
    answer: HTMLResponse = frame.pages.answer("overtaken.html", 409, **values)
    return answer
