"""The account's reasons for being away, one per line."""

from fastapi import APIRouter, Request, Response
from fastapi.responses import HTMLResponse

from api.schemas.people import AwayReasons
from services.configuring import away_reasons
from web.forms import FormFieldsDep, beside, parse
from web.frame import AdminsFrame
from web.overtaken import overtaken, version_of
from web.route import PageRoute, redirect
from web.words import Words

PATH = "/admin/away-reasons"
LABELS = Words({"reasons": "Reasons"})

router = APIRouter(prefix=PATH, route_class=PageRoute)


@router.get("")
async def show_reasons(frame: AdminsFrame, saved: bool = False) -> HTMLResponse:
    """Show the reasons to edit."""
    reasons = await away_reasons.listed(frame.caller, frame.session)
    return frame.answer(
        "admin/away_reasons.html", reasons=reasons, seen=version_of(reasons), saved=saved
    )


@router.post("")
async def set_reasons(request: Request, form: FormFieldsDep, frame: AdminsFrame) -> Response:
    """Replace the away reasons, one per line."""

    async def present() -> str:
        return version_of(await away_reasons.listed(frame.caller, frame.session))

    if told := await overtaken(request, frame, form, present):
        return told
    given = [line.strip() for line in form.text("reasons").splitlines() if line.strip()]
    wanted = parse(AwayReasons, {"reasons": given}, LABELS)
    with beside("reasons", LABELS["reasons"]):
        await away_reasons.replace(frame.caller, frame.session, wanted.reasons)
    return redirect(request, f"{PATH}?saved=true")
