"""Skills: their list, and one of them with its settings."""

from collections import Counter
from typing import Annotated

from fastapi import APIRouter, Form, Request, Response
from fastapi.responses import HTMLResponse

from api.idempotent import OnceDep
from api.schemas.bots import BotOut
from api.schemas.shared import SlugPath
from api.schemas.skills import NewSkill, SkillChange, SkillOut
from domain.board.kinds import BulkKind
from services import emptying
from services.configuring import agents, bots, open_now, skills
from services.supervising.inputs import BulkAction, BulkFilters
from web.admin.forgetting import would_go
from web.forms import FormFields, FormFieldsDep, beside, parse
from web.frame import AdminsFrame, Frame
from web.overtaken import overtaken, version_of
from web.route import PageRoute, redirect
from web.words import Words

PATH = "/admin/skills"
LABELS = Words(
    {
        "name": "Name",
        "priority": "Priority",
        "bot": "Served by",
        "fallback_skill": "Fallback",
        "auto_close_seconds": "Close after silence",
        "idle_after_seconds": "A consumer counts as silent after",
        "idle_weight": "Weight while silent",
        "response_seconds": "Response time",
        "first_response_seconds": "First response time",
        "thanks_shown_seconds": "Thanks open nothing for",
        "thanks_need_answer": "Thanks need an answer",
        "automatic_replies_seconds": "Automatic replies come within",
        "retention_days": "Conversations are kept for",
    }
)
TIMES = (
    *("auto_close_seconds", "idle_after_seconds", "response_seconds", "first_response_seconds"),
    *("thanks_shown_seconds", "automatic_replies_seconds"),
)
CHECKS = ("survey_after_auto_close", "needs_closing_reason", "may_skip_rating")

router = APIRouter(prefix=PATH, route_class=PageRoute)


@router.get("")
async def show_skills(frame: AdminsFrame) -> HTMLResponse:
    """List the skills, and how many hold each."""
    people = await agents.listed(frame.caller, frame.session)
    held = Counter(skill_id for one in people for skill_id in one.skills)
    return frame.answer("admin/skills.html", skills=await list_skills(frame), held=held)


@router.post("")
async def create(
    request: Request, name: Annotated[str, Form()], frame: AdminsFrame, once: OnceDep
) -> Response:
    """Create a skill and go to it."""
    new = parse(NewSkill, {"name": name}, LABELS)

    async def make() -> SkillOut:
        return SkillOut.of(await skills.create(frame.caller, frame.session, new.name, new.settings))

    made = await once.create(frame.session, SkillOut, make)
    return redirect(request, f"{PATH}/{made.id}")


@router.get("/{skill_id}")
async def show_skill(skill_id: SlugPath, frame: AdminsFrame, saved: bool = False) -> HTMLResponse:
    """Show a skill to edit."""
    skill = SkillOut.of(await skills.find(frame.caller, frame.session, skill_id))
    others = [one for one in await list_skills(frame) if one.id != skill.id]
    served_by = [BotOut.of(one) for one in await bots.listed(frame.caller, frame.session)]
    return frame.answer(
        "admin/skill.html",
        skill=skill,
        others=others,
        bots=served_by,
        open_now=await open_now.count(frame.caller, frame.session, skill.id),
        saved=saved,
        seen=_version(skill),
    )


@router.post("/{skill_id}")
async def change(
    request: Request, skill_id: SlugPath, form: FormFieldsDep, frame: AdminsFrame
) -> Response:
    """Change a skill."""

    async def present() -> str:
        return _version(SkillOut.of(await skills.find(frame.caller, frame.session, skill_id)))

    if told := await overtaken(request, frame, form, present):
        return told
    wanted = _change(form).wanted
    was = (await skills.find(frame.caller, frame.session, skill_id)).skill.retention_days
    if told := await would_go(request, frame, form, was, wanted.retention_days, skill_id):
        return told
    with beside("fallback_skill", LABELS["fallback_skill"]):
        await skills.change(frame.caller, frame.session, skill_id, wanted)
    return redirect(request, f"{PATH}/{skill_id}?saved=true")


@router.post("/{skill_id}/empty")
async def empty(
    request: Request, skill_id: SlugPath, to: Annotated[str, Form()], frame: AdminsFrame
) -> Response:
    """Let all that leads to a skill lead to another one, and transfer what is open there."""
    await skills.hand_over(frame.caller, frame.session, skill_id, to)
    filters = BulkFilters(skill=skill_id)
    if await emptying.count(frame.caller, frame.session, filters):
        action = BulkAction(kind=BulkKind.transfer, skill=to)
        await emptying.give(frame.caller, frame.session, filters, action)
    return redirect(request, f"{PATH}/{skill_id}?saved=true")


@router.post("/{skill_id}/retire")
async def retire(request: Request, skill_id: SlugPath, frame: AdminsFrame) -> Response:
    """Retire a skill."""
    await skills.retire(frame.caller, frame.session, skill_id)
    return redirect(request, PATH)


async def list_skills(frame: Frame) -> list[SkillOut]:
    """Return the account's skills."""
    return [SkillOut.of(one) for one in await skills.listed(frame.caller, frame.session)]


def _version(skill: SkillOut) -> str:
    return version_of(skill, ("has_own_hours", "retired_at"))


def _change(form: FormFields) -> SkillChange:
    values = {
        "name": form.text("name"),
        "priority": form.text("priority"),
        "fallback_skill": form.maybe("fallback_skill"),
        "bot": form.maybe("bot"),
        "retention_days": form.maybe("retention_days"),
        "transfer_targets": form.text("transfer_targets"),
        "transfer_skills": form.every("transfer_skills"),
        "idle_weight": form.text("idle_weight"),
        "thanks_need_answer": form.maybe("thanks_need_answer"),
        **{name: form.is_checked(name) for name in CHECKS},
        **{name: form.seconds(name, LABELS[name]) for name in TIMES},
    }
    return parse(SkillChange, values, LABELS)
