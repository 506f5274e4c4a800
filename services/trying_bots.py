"""Trying a bot: it is asked as usual, about a text that nobody wrote, and nothing comes of it."""

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import timedelta
from uuid import uuid4

from database.queries import account_rows
from database.tables import Bot
from domain.bots.answers import BotAnswer, BotFailure
from domain.bots.kinds import BotMode
from domain.endpoints.outcomes import PostOutcome
from domain.errors import Invalid
from domain.people.roles import Role
from domain.people.token_scopes import TokenScope
from domain.text.limits import check_outgoing
from media.addresses import Network
from outgoing.bots import BotAsker, Turn, sample
from outgoing.signed_posts import SignedPosts
from security.endpoint_secrets import SigningSecrets
from services.backends import Backends
from services.caller import Caller


@dataclass(frozen=True)
class Trial:
    """What a bot is tried with. `own_networks`: private ones that the installation allows."""

    secrets: SigningSecrets
    own_networks: Collection[Network]


@dataclass(frozen=True)
class Tried:
    """What was posted, what became of it, and how the answer was read."""

    request: bytes = field(repr=False)
    outcome: PostOutcome | None
    status: int | None
    milliseconds: int | None
    read: BotAnswer | BotFailure


async def try_out(
    caller: Caller, backends: Backends, trial: Trial, bot_id: str, text: str
) -> Tried:
    """Ask a bot, within its deadline. No transaction is held meanwhile.

    Raises `NotFound`, `Conflict`, `Invalid` for one that follows the stream, and for an empty or
    too long text what replies raise.
    """
    caller.require(Role.admin)
    caller.require_scope(TokenScope.bots_write)
    check_outgoing(text)
    async with backends.sessions.begin() as session:
        bot = await account_rows.find_active(session, Bot, caller.account_id, bot_id)
    if bot.mode != BotMode.webhook:
        raise Invalid("A bot that follows the stream is asked by events: text to one of its lines.")
    now = await backends.sessions.clock.now()
    turn = Turn(
        id=f"try-{uuid4()}",
        number=1,
        ends_at=now + timedelta(seconds=bot.deadline_seconds),
        seconds=bot.deadline_seconds,
        new=[sample(text, now)],
        before=[],
        is_test=True,
    )
    async with SignedPosts(trial.own_networks) as posts:
        asked = await BotAsker(posts, trial.secrets).ask(bot, turn, None, now)
    posted = asked.posted
    return Tried(
        request=asked.request,
        outcome=posted.outcome if posted else None,
        status=posted.status if posted else None,
        milliseconds=posted.milliseconds if posted else None,
        read=asked.read,
    )
