"""Bots: programs that serve skills. docs/bots.md describes what they are asked and may answer."""

from fastapi import APIRouter

from api.app_state import AppStateDep, SessionDep
from api.caller import AdminDep
from api.idempotent import OnceDep
from api.problems import documented
from api.schemas.bots import (
    BotChange,
    BotOut,
    BotTried,
    BotTry,
    BotWithSecret,
    NewBot,
)
from api.schemas.shared import Cursor, Limit, Page, SlugPath, after_id, page_of
from api.scopes import needs
from domain.endpoints.urls import UrlRefused
from domain.errors import (
    Conflict,
    MessageEmpty,
    MessageTooLong,
    NotAllowed,
    NotFound,
)
from domain.people.token_scopes import Area
from services.configuring import bots
from services.trying_bots import try_out

CHANGES = documented(NotFound, Conflict)

router = APIRouter(
    prefix="/bots", tags=["bots"], dependencies=[needs(Area.bots)], responses=documented(NotAllowed)
)


@router.get("")
async def list_bots(
    caller: AdminDep, session: SessionDep, cursor: Cursor = None, limit: Limit = 50
) -> Page[BotOut]:
    """List the bots in use."""
    found = await bots.listed(caller, session, after=after_id(cursor), limit=limit + 1)
    return page_of(found, limit, BotOut.of, lambda one: [one.bot.id])


@router.post("", status_code=201, responses=documented(Conflict, NotFound, UrlRefused))
async def create_bot(
    new: NewBot, caller: AdminDep, app: AppStateDep, session: SessionDep, once: OnceDep
) -> BotWithSecret:
    """Make a bot. It serves the skills that name it. Its secret is shown in this answer only."""

    async def make() -> BotWithSecret:
        made = await bots.create(caller, session, app.signing, new.wanted)
        return BotWithSecret.adding(BotOut.of(made.state), made.secret)

    return await once.create_secret(session, BotWithSecret, make, app.secret_box)


@router.get("/{bot_id}", responses=documented(NotFound))
async def show_bot(bot_id: SlugPath, caller: AdminDep, session: SessionDep) -> BotOut:
    """Show a bot, deleted or not."""
    return BotOut.of(await bots.find(caller, session, bot_id))


@router.patch("/{bot_id}", responses=documented(NotFound, Conflict, UrlRefused))
async def change_bot(
    bot_id: SlugPath, change: BotChange, caller: AdminDep, app: AppStateDep, session: SessionDep
) -> BotOut:
    """Change a bot. Open conversations keep the old settings, but for its address."""
    return BotOut.of(await bots.change(caller, session, app.signing, bot_id, change.wanted))


@router.delete("/{bot_id}", status_code=204, responses=CHANGES)
async def delete_bot(bot_id: SlugPath, caller: AdminDep, session: SessionDep) -> None:
    """Delete a bot. People serve its skills from now on, and get its conversations."""
    await bots.retire(caller, session, bot_id)


@router.post("/{bot_id}/secret", responses=CHANGES)
async def rotate_bot_secret(
    bot_id: SlugPath, caller: AdminDep, app: AppStateDep, session: SessionDep, once: OnceDep
) -> BotWithSecret:
    """Make a new secret. For a day, requests are signed with the old one as well."""

    async def make() -> BotWithSecret:
        made = await bots.rotate_secret(caller, session, app.signing, bot_id)
        return BotWithSecret.adding(BotOut.of(made.state), made.secret)

    return await once.create_secret(session, BotWithSecret, make, app.secret_box)


@router.post("/{bot_id}/resume", responses=CHANGES)
async def resume_bot(
    bot_id: SlugPath, caller: AdminDep, session: SessionDep, once: OnceDep
) -> BotOut:
    """Ask a paused bot again at once. One that is asked anyway stays as it is."""

    async def resume() -> BotOut:
        return BotOut.of(await bots.resume(caller, session, bot_id))

    return await once.create(session, BotOut, resume)


@router.post("/{bot_id}/try", responses=CHANGES | documented(MessageEmpty, MessageTooLong))
async def try_bot(
    bot_id: SlugPath, sample: BotTry, caller: AdminDep, app: AppStateDep, once: OnceDep
) -> BotTried:
    """Ask a bot about a text that nobody wrote. It answers as usual, and nothing comes of it."""

    async def ask() -> BotTried:
        return BotTried.of(await try_out(caller, app.backends, app.trial, bot_id, sample.text))

    return await once.do(app.sessions, BotTried, ask)
