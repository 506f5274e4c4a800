"""Closing reasons: made, changed and retired, each for all skills or for some."""

from fastapi import APIRouter, Request, Response
from fastapi.responses import HTMLResponse

from api.idempotent import OnceDep
from api.schemas.closing_reasons import ClosingReasonChange, ClosingReasonOut, NewClosingReason
from api.schemas.shared import SlugPath
from services.configuring import closing_reasons, skills
from web.forms import FormFields, FormFieldsDep, beside_name, parse
from web.frame import AdminsFrame, Frame
from web.overtaken import overtaken, version_of
from web.route import PageRoute, redirect
from web.words import Words

PATH = "/admin/closing-reasons"
LABELS = Words({"name": "Name", "skills": "Skills"})

router = APIRouter(prefix=PATH, route_class=PageRoute)


@router.get("")
async def show_closing_reasons(frame: AdminsFrame, retired: bool = False) -> HTMLResponse:
    """List the closing reasons, and the skills that need one."""
    found = await closing_reasons.listed(frame.caller, frame.session, retired=retired)
    shown = [ClosingReasonOut.of(one) for one in found]
    every = await skills.listed(frame.caller, frame.session)
    return frame.answer(
        "admin/closing_reasons.html",
        reasons=sorted(shown, key=lambda one: one.name.casefold()),
        skills=[(one.skill.id, one.skill.name) for one in every],
        needing=[(one.skill.id, one.skill.name) for one in every if one.skill.needs_closing_reason],
        retired=retired,
    )


@router.post("")
async def create(
    request: Request, form: FormFieldsDep, frame: AdminsFrame, once: OnceDep
) -> Response:
    """Create a closing reason."""
    new = parse(NewClosingReason, _values(form), LABELS)

    async def make() -> ClosingReasonOut:
        made = await closing_reasons.create(frame.caller, frame.session, new.name, new.skills)
        return ClosingReasonOut.of(made)

    with beside_name():
        await once.create(frame.session, ClosingReasonOut, make)
    return redirect(request, PATH)


@router.get("/{closing_reason_id}")
async def show_closing_reason(
    closing_reason_id: SlugPath, frame: AdminsFrame, saved: bool = False
) -> HTMLResponse:
    """Show a closing reason to edit."""
    reason = await _find(frame, closing_reason_id)
    every = await skills.listed(frame.caller, frame.session)
    return frame.answer(
        "admin/closing_reason.html",
        reason=reason,
        skills=[(one.skill.id, one.skill.name) for one in every],
        saved=saved,
        seen=_version(reason),
    )


@router.post("/{closing_reason_id}")
async def change(
    request: Request, closing_reason_id: SlugPath, form: FormFieldsDep, frame: AdminsFrame
) -> Response:
    """Change a closing reason."""

    async def present() -> str:
        return _version(await _find(frame, closing_reason_id))

    if told := await overtaken(request, frame, form, present):
        return told
    wanted = parse(ClosingReasonChange, _values(form), LABELS).wanted
    with beside_name():
        await closing_reasons.change(frame.caller, frame.session, closing_reason_id, wanted)
    return redirect(request, f"{PATH}/{closing_reason_id}?saved=true")


@router.post("/{closing_reason_id}/retire")
async def retire(request: Request, closing_reason_id: SlugPath, frame: AdminsFrame) -> Response:
    """Retire a closing reason."""
    await closing_reasons.retire(frame.caller, frame.session, closing_reason_id)
    return redirect(request, PATH)


async def _find(frame: Frame, reason_id: str) -> ClosingReasonOut:
    return ClosingReasonOut.of(await closing_reasons.find(frame.caller, frame.session, reason_id))


def _values(form: FormFields) -> dict[str, str | list[str]]:
    return {"name": form.text("name"), "skills": form.every("skills")}


def _version(reason: ClosingReasonOut) -> str:
    return version_of(reason, ("created_at", "retired_at"))
