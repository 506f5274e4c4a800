"""Saved replies: everybody's own, and those that managers share with the account."""

from collections.abc import Sequence

from fastapi import APIRouter, Request, Response
from fastapi.responses import HTMLResponse

from api.idempotent import OnceDep
from api.schemas.shared import UuidPath
from api.schemas.writing import NewSavedReply, SavedReplyChange, SavedReplyOut
from domain.errors import Invalid
from domain.languages import NAMES
from domain.people.roles import Role
from domain.settings.priorities import Priority
from domain.writing.placeholders import OWN_FIELD, PLACEHOLDERS
from domain.writing.saved_replies import LabelAction, PriorityAction
from services.configuring import (
    account,
    agents,
    closing_reasons,
    labels,
    saved_replies,
    skills,
)
from web.forms import FormFields, FormFieldsDep, parse
from web.frame import Frame, PeoplesFrame
from web.overtaken import overtaken, version_of
from web.route import PageRoute, redirect
from web.words import Words, _

PATH = "/admin/saved-replies"
LABELS = Words({"title": "Title", "name": "Short name", "texts": "Text", "actions": "Afterwards"})
PRIORITIES = Words(
    {
        "": "Leave as it is",
        Priority.urgent: "Urgent",
        Priority.high: "High",
        Priority.normal: "Normal",
        Priority.low: "Low",
    }
)

router = APIRouter(prefix=PATH, route_class=PageRoute)


@router.get("")
async def show_saved_replies(frame: PeoplesFrame) -> HTMLResponse:
    """List the shared saved replies and one's own."""
    found = await saved_replies.listed(frame.caller, frame.session)
    replies = [SavedReplyOut.counted(one) for one in found]
    brand = await account.show(frame.caller, frame.session)
    return frame.answer(
        "admin/saved_replies.html",
        shared=[one for one in replies if one.agent_id is None],
        own_replies=[one for one in replies if one.agent_id],
        may_share=frame.caller.has(Role.manager),
        languages=_languages(brand.language),
        placeholders=await _placeholders(frame),
    )


@router.post("")
async def create(
    request: Request, form: FormFieldsDep, frame: PeoplesFrame, once: OnceDep
) -> Response:
    """Make a saved reply and go to it."""
    values = {
        "title": form.text("title"),
        "name": form.text("name"),
        "texts": _texts(form),
        "is_shared": form.is_checked("is_shared"),
    }
    new = parse(NewSavedReply, values, LABELS)

    async def make() -> SavedReplyOut:
        return SavedReplyOut.of(await saved_replies.create(frame.caller, frame.session, new.wanted))

    made = await once.create(frame.session, SavedReplyOut, make)
    return redirect(request, f"{PATH}/{made.id}?saved=true")


@router.get("/{reply_id}")
async def show_saved_reply(
    reply_id: UuidPath, frame: PeoplesFrame, saved: bool = False
) -> HTMLResponse:
    """Show a saved reply to edit, or to read where it is shared and the reader is no manager."""
    reply = await _find(frame, reply_id)
    return frame.answer(
        "admin/saved_reply.html",
        reply=reply,
        may_change=reply.agent_id is not None or frame.caller.has(Role.manager),
        skills=[
            (one.skill.id, one.skill.name)
            for one in await skills.listed(frame.caller, frame.session)
        ],
        languages=[one for one in _languages("") if one[0] not in reply.texts],
        placeholders=await _placeholders(frame),
        labels=[(one.id, one.name) for one in await labels.listed(frame.caller, frame.session)],
        given=[one.label for one in reply.actions if isinstance(one, LabelAction)],
        priorities=list(PRIORITIES.items()),
        priority=next(
            (one.priority for one in reply.actions if isinstance(one, PriorityAction)), ""
        ),
        afterwards=await _afterwards(frame),
        then=_then(reply),
        saved=saved,
        seen=_version(reply),
    )


@router.post("/{reply_id}")
async def change(
    request: Request, reply_id: UuidPath, form: FormFieldsDep, frame: PeoplesFrame
) -> Response:
    """Change a saved reply."""

    async def present() -> str:
        return _version(await _find(frame, reply_id))

    if told := await overtaken(request, frame, form, present):
        return told
    values = {
        "title": form.text("title"),
        "name": form.text("name"),
        "texts": _texts(form),
        "skills": form.every("skills"),
        "actions": _actions(form),
    }
    wanted = parse(SavedReplyChange, values, LABELS).wanted
    await saved_replies.change(frame.caller, frame.session, reply_id, wanted)
    return redirect(request, f"{PATH}/{reply_id}?saved=true")


@router.post("/{reply_id}/retire")
async def delete(request: Request, reply_id: UuidPath, frame: PeoplesFrame) -> Response:
    """Delete a saved reply."""
    await saved_replies.delete(frame.caller, frame.session, reply_id)
    return redirect(request, PATH)


async def _placeholders(frame: Frame) -> dict[str, str]:
    """Return what may stand in texts, with what it stands for."""
    fields = await saved_replies.own_fields(frame.caller, frame.session)
    return {**PLACEHOLDERS, **{OWN_FIELD + one.key: one.name for one in fields}}


async def _find(frame: Frame, reply_id: UuidPath) -> SavedReplyOut:
    found = await saved_replies.find(frame.caller, frame.session, reply_id)
    return SavedReplyOut.counted(found)


def _version(reply: SavedReplyOut) -> str:
    return version_of(reply, ("uses", "updated_at"))


def _texts(form: FormFields) -> dict[str, str]:
    """Return the texts of a form by language, without empty ones. Raises `Invalid`."""
    texts: dict[str, str] = {}
    for language, text in zip(form.every("language"), form.every("text"), strict=False):
        words = text.replace("\r\n", "\n").strip()
        if words and not language:
            raise Invalid("Choose the language of the new text.")
        if words and language in texts:
            raise Invalid("Write one text for each language.")
        if words:
            texts[language] = words
    return texts


def _languages(first: str) -> list[tuple[str, str]]:
    """Return the languages to choose from, by their own names. `first`: the usual one."""
    others = sorted((code, name) for code, name in NAMES.items() if code != first)
    begins = [(first, NAMES.get(first, first))] if first else [("", _("Choose"))]
    return [*begins, *others]


async def _afterwards(frame: Frame) -> Sequence[tuple[str, str]]:
    """Return what may end a saved reply: a close, or a transfer."""
    to_skills = [
        (f"transfer:skill:{one.skill.id}", _("Transfer to {name}", name=one.skill.name))
        for one in await skills.listed(frame.caller, frame.session)
    ]
    to_people = [
        (f"transfer:agent:{one.agent.id}", _("Transfer to {name}", name=one.agent.name))
        for one in await agents.listed(frame.caller, frame.session)
    ]
    reasons = [
        (f"close:{one.reason.id}", _("Close the conversation: {reason}", reason=one.reason.name))
        for one in await closing_reasons.listed(frame.caller, frame.session)
    ]
    return [
        ("", _("Nothing more")),
        ("close", _("Close the conversation")),
        *reasons,
        *to_skills,
        *to_people,
    ]


def _then(reply: SavedReplyOut) -> str:
    """Return the chosen end as the form names it."""
    match reply.actions[-1:]:
        case [last] if last.kind == "close":
            return f"close:{last.reason}" if last.reason else "close"
        case [last] if last.kind == "transfer":
            return f"transfer:skill:{last.skill}" if last.skill else f"transfer:agent:{last.agent}"
        case _:
            return ""


def _actions(form: FormFields) -> list[dict[str, object]]:
    """Return the actions of a form, in the order in which they are done."""
    given: list[dict[str, object]] = [
        {"kind": "label", "label": one} for one in form.every("labels")
    ]
    if priority := form.text("priority"):
        given.append({"kind": "priority", "priority": priority})
    match form.text("then").split(":", 2):
        case ["close"]:
            return [*given, {"kind": "close"}]
        case ["close", reason]:
            return [*given, {"kind": "close", "reason": reason}]
        case ["transfer", ("skill" | "agent") as kind, target]:
            return [*given, {"kind": "transfer", kind: target}]
        case _:
            return given
