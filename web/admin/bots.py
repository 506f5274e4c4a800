"""Bots: their list, one with its settings and how it does, and trying it."""

from typing import Annotated
from uuid import uuid4

from fastapi import APIRouter, Form, Request, Response
from fastapi.responses import HTMLResponse

from api.app_state import AppStateDep
from api.idempotent import OnceDep
from api.schemas.bots import BotChange, BotOut, BotTried, NewBot
from api.schemas.shared import SlugPath
from domain.bots.disclosure import WORDS
from domain.bots.kinds import BotMode, BotProblem
from domain.errors import Invalid
from services.configuring import bots
from services.trying_bots import try_out
from web.admin import skills
from web.forms import FormFields, FormFieldsDep, parse
from web.frame import AdminsFrame, get_admins_frame
from web.overtaken import overtaken, version_of
from web.page_context import PageUserDep
from web.rendering import PagesDep
from web.route import PageRoute, redirect
from web.words import Words

PATH = "/admin/bots"
LABELS = Words(
    {
        "name": "Name",
        "mode": "How it is asked",
        "url": "Address",
        "fallback_skill": "People behind it",
        "deadline_seconds": "Deadline",
        "disclosures": "Your own words",
        "texts_most": "Texts in a conversation",
        "turns_most": "Turns in a conversation",
        "turns_per_minute": "Turns in a minute",
    }
)
PROBLEMS = Words(
    {
        BotProblem.late: "It did not answer in time.",
        BotProblem.unreachable: "Its address could not be reached, or refused.",
        BotProblem.wrong: "Its answer could not be carried out.",
    }
)
"""Why a bot failed last."""
MODES = Words(
    {
        BotMode.webhook: "By signed posts to its address",
        BotMode.stream: "It follows the events, and answers by the API",
    }
)
DOES = (
    *("skills", "has_people", "conversations", "answered", "passed_on", "failures"),
    *("paused_until", "last_answer_at", "last_failure_at", "last_problem"),
    *("previous_secret_until", "created_at", "retired_at"),
)
"""What a bot does, which its form does not set."""

router = APIRouter(prefix=PATH, route_class=PageRoute)


@router.get("")
async def show_bots(frame: AdminsFrame) -> HTMLResponse:
    """List the bots, and offer a new one."""
    found = [BotOut.of(one) for one in await bots.listed(frame.caller, frame.session)]
    return frame.answer(
        "admin/bots.html",
        bots=found,
        skills=await skills.list_skills(frame),
        modes=MODES,
        key=uuid4().hex,
    )


@router.post("")
async def create(
    form: FormFieldsDep, frame: AdminsFrame, app: AppStateDep, once: OnceDep
) -> HTMLResponse:
    """Make a bot, and show its secret this once."""
    new = parse(NewBot, _named(form), LABELS)
    secret = None

    async def make() -> BotOut:
        nonlocal secret
        made = await bots.create(frame.caller, frame.session, app.signing, new.wanted)
        secret = made.secret
        return BotOut.of(made.state)

    made = await once.create(frame.session, BotOut, make)
    return frame.answer("admin/bot_secret.html", bot=made, secret=secret)


@router.get("/{bot_id}")
async def show_bot(bot_id: SlugPath, frame: AdminsFrame, saved: bool = False) -> HTMLResponse:
    """Show a bot to edit, and how it does."""
    bot = BotOut.of(await bots.find(frame.caller, frame.session, bot_id))
    return frame.answer(
        "admin/bot.html",
        bot=bot,
        skills=await skills.list_skills(frame),
        modes=MODES,
        problems=PROBLEMS,
        usual=WORDS,
        saved=saved,
        seen=_version(bot),
        key=uuid4().hex,
    )


@router.post("/{bot_id}")
async def change(
    request: Request, bot_id: SlugPath, form: FormFieldsDep, frame: AdminsFrame, app: AppStateDep
) -> Response:
    """Change a bot."""

    async def present() -> str:
        return _version(BotOut.of(await bots.find(frame.caller, frame.session, bot_id)))

    if told := await overtaken(request, frame, form, present):
        return told
    wanted = parse(BotChange, _change(form), LABELS).wanted
    await bots.change(frame.caller, frame.session, app.signing, bot_id, wanted)
    return redirect(request, f"{PATH}/{bot_id}?saved=true")


@router.post("/{bot_id}/secret")
async def rotate(
    bot_id: SlugPath, frame: AdminsFrame, app: AppStateDep, once: OnceDep
) -> HTMLResponse:
    """Make a new secret, and show it this once."""
    secret = None

    async def make() -> BotOut:
        nonlocal secret
        made = await bots.rotate_secret(frame.caller, frame.session, app.signing, bot_id)
        secret = made.secret
        return BotOut.of(made.state)

    made = await once.create(frame.session, BotOut, make)
    return frame.answer("admin/bot_secret.html", bot=made, secret=secret)


@router.post("/{bot_id}/resume")
async def resume(request: Request, bot_id: SlugPath, frame: AdminsFrame) -> Response:
    """Ask a paused bot again."""
    await bots.resume(frame.caller, frame.session, bot_id)
    return redirect(request, f"{PATH}/{bot_id}")


@router.post("/{bot_id}/try")
async def try_it(
    bot_id: SlugPath,
    text: Annotated[str, Form()],
    user: PageUserDep,
    pages: PagesDep,
    app: AppStateDep,
) -> HTMLResponse:
    """Ask a bot about a text, and show what was posted and what came back."""
    # The bot may take a minute: the page's own transaction begins afterwards.
    tried = await try_out(user.caller, app.backends, app.trial, bot_id, text)
    async with app.sessions.begin() as session:
        frame = await get_admins_frame(user, session, pages)
        bot = BotOut.of(await bots.find(user.caller, session, bot_id))
        return frame.answer("admin/bot_tried.html", bot=bot, text=text, tried=BotTried.of(tried))


@router.post("/{bot_id}/retire")
async def retire(request: Request, bot_id: SlugPath, frame: AdminsFrame) -> Response:
    """Delete a bot."""
    await bots.retire(frame.caller, frame.session, bot_id)
    return redirect(request, PATH)


def _version(bot: BotOut) -> str:
    return version_of(bot, DOES)


def _named(form: FormFields) -> dict[str, object]:
    return {
        "name": form.text("name"),
        "mode": form.text("mode"),
        "url": form.maybe("url"),
        "fallback_skill": form.text("fallback_skill"),
    }


def _change(form: FormFields) -> dict[str, object]:
    return {
        **_named(form),
        "deadline_seconds": form.seconds("deadline_seconds", LABELS["deadline_seconds"]),
        "discloses": form.is_checked("discloses"),
        "disclosures": _disclosures(form.text("disclosures")),
        "tells_number": form.is_checked("tells_number"),
        "texts_most": form.text("texts_most"),
        "turns_most": form.text("turns_most"),
        "turns_per_minute": form.text("turns_per_minute"),
    }


def _disclosures(written: str) -> dict[str, str]:
    """Read lines such as `en: You are talking with a program.`. Raises `Invalid`."""
    found: dict[str, str] = {}
    for line in filter(str.strip, written.splitlines()):
        language, colon, words = line.partition(":")
        if not colon or language.strip() in found:
            raise Invalid(
                f"{LABELS['disclosures']}: write one line for each language, such as "
                "en: You are talking with a program."
            )
        found[language.strip()] = words.strip()
    return found
