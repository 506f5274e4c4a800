"""Trying a line: a text to one's own phone, what becomes of it, and the first text that comes."""

from collections.abc import Mapping
from typing import Any
from uuid import uuid4

from fastapi import APIRouter, Request, Response
from fastapi.responses import HTMLResponse
from sqlalchemy.ext.asyncio import AsyncSession

from api.app_state import AppStateDep
from api.schemas.line_tests import LineTestOut
from api.schemas.shared import SlugPath
from services import line_health, trying_lines
from services.caller import Caller
from services.configuring import account, lines
from services.once import Key
from services.trying_lines import NewLineTest
from web.delivery import DELIVERY
from web.forms import FormFieldsDep, parse
from web.frame import AdminsFrame, Frame
from web.route import PageRoute, is_part, redirect
from web.words import Words, _

PATH = "/admin/lines"
LABELS = Words({"number": "Your own phone", "text": "Text"})

router = APIRouter(prefix=PATH, route_class=PageRoute)


async def form_of(
    caller: Caller, session: AsyncSession, line_id: str, number: str = ""
) -> Mapping[str, Any]:
    """Return what the form for a test of a line shows. Its key makes a second click the same."""
    line = (await lines.find(caller, session, line_id)).line
    brand = (await account.show(caller, session)).brand
    words = _("Test text of {brand}: this line works. Reply with any word to see that answers "
              "arrive.", brand=brand)  # fmt: skip
    shown = {"line_id": line.id, "address": line.address, "number": number}
    return shown | {"words": words, "key": uuid4().hex}


@router.get("/{line_id}/arrived")
async def show_arrived(line_id: SlugPath, frame: AdminsFrame) -> HTMLResponse:
    """Show what became of tests, and a line's last texts, without asking anybody."""
    return frame.pages.answer("admin/line_arrived.html", **await _arrived(frame, line_id))


@router.post("/{line_id}/tests")
async def send_test(
    request: Request, line_id: SlugPath, form: FormFieldsDep, frame: AdminsFrame, app: AppStateDep
) -> Response:
    """Send a test, and show the form for the next one."""
    new = parse(NewLineTest, {"number": form.text("number"), "text": form.maybe("text")}, LABELS)
    given = form.text("key")
    key = Key(given) if given else Key.fresh()
    await trying_lines.send(frame.caller, frame.session, app.sessions, key, line_id, new)
    if not is_part(request):
        return redirect(request, f"{PATH}/{line_id}")
    answer = frame.pages.answer(
        "admin/line_trying.html",
        trial=await form_of(frame.caller, frame.session, line_id, new.number),
        **await _arrived(frame, line_id),
    )
    answer.headers["HX-Retarget"] = f"#trying-{line_id}"
    return answer


async def _arrived(frame: Frame, line_id: str) -> Mapping[str, Any]:
    tests = await trying_lines.latest(frame.caller, frame.session, line_id)
    return {
        "line": (await lines.find(frame.caller, frame.session, line_id)).line,
        "texts": await line_health.last_texts(frame.caller, frame.session, line_id),
        "tests": [LineTestOut.model_validate(one) for one in tests],
        "delivery": DELIVERY,
        "page": frame.page,
    }
