"""Asks a bot about one turn by a signed post, and reads its answer.

docs/bots.md describes the request and the answer.
"""

import asyncio
import json
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from database.queries.bots import Surroundings
from database.tables import Bot, Message
from domain.bots.answers import LONGEST_ANSWER, MOST_TEXTS, BotAnswer, BotFailure, read_answer
from domain.bots.answers import wrong as wrong_answer
from domain.bots.kinds import BotAction, BotProblem
from domain.bots.masking import without_cards
from domain.conversation.kinds import Author
from domain.origins.kinds import OriginKind
from domain.text.limits import OUTGOING
from outgoing.signed_posts import PostOutcome, PostResult, SignedPost, SignedPosts
from security.endpoint_secrets import SigningSecrets
from security.secrets import SecretUnreadable

VERSION = 1
NEW_ENTRIES = 100
"""New entries of a request. Ours: nobody writes more during one turn."""
ENTRIES_BEFORE = 30
"""Earlier entries of a request. Ours: what a reader would scroll back."""
PAUSES = (0.5, 1.0)
"""Seconds before the second and the third attempt. Ours: two hiccups fit into ten seconds."""
AGAIN = (*(PostOutcome.failed, PostOutcome.throttled, PostOutcome.broken, PostOutcome.unreachable),)
"""Outcomes after which another attempt may succeed."""
LATE = "The bot did not answer within {seconds} s."
REFUSALS = {
    PostOutcome.gone: "The bot's address answered that it is gone (410).",
    PostOutcome.throttled: "The bot's address answered that it is asked too often (429).",
    PostOutcome.refused: "The bot's address answered with status {status}.",
    PostOutcome.failed: "The bot's address answered with status {status}.",
    PostOutcome.redirected: "The bot's address redirects, which is not followed.",
    PostOutcome.broken: "The connection to the bot ended before its answer.",
    PostOutcome.unreachable: "Nothing answers at the bot's address.",
    PostOutcome.no_tls: "No secure connection to the bot's address was possible.",
    PostOutcome.address_refused: "The bot's address may not be posted to.",
}
UNREADABLE = "The bot's secret cannot be decrypted. Tell an administrator."


@dataclass(frozen=True)
class Turn:
    """A turn to ask: what the bot is told. `id`: the same at each attempt."""

    id: str
    number: int
    ends_at: datetime
    seconds: int
    """The bot's whole deadline, for people."""
    new: Sequence[dict[str, Any]]
    before: Sequence[dict[str, Any]]
    is_test: bool = False
    masks_cards: bool = False


@dataclass(frozen=True)
class Asked:
    """The result of asking: what was posted, what came back, and how it was read."""

    request: bytes
    posted: PostResult | None
    read: BotAnswer | BotFailure


@dataclass(frozen=True)
class BotAsker:
    """Asks bots. `posts`: entered before use."""

    posts: SignedPosts
    secrets: SigningSecrets

    async def ask(self, bot: Bot, turn: Turn, around: Surroundings | None, now: datetime) -> Asked:
        """Ask about a turn, in several attempts before it ends if need be.

        `now`: the time of all processes, from which what is left is measured.
        """
        request = json.dumps(_request(bot, turn, around), ensure_ascii=False).encode()
        try:
            held = [self.secrets.unseal(one) for one in _sealed(bot, now)]
        except SecretUnreadable:
            why = BotFailure(problem=BotProblem.unreachable, why=UNREADABLE)
            return Asked(request, None, why)
        post = SignedPost(url=bot.url or "", id=turn.id, body=request, secrets=held)
        posted = await self._post(post, (turn.ends_at - now).total_seconds(), now)
        return Asked(request, posted, _read(posted, turn))

    async def _post(self, post: SignedPost, seconds: float, now: datetime) -> PostResult | None:
        result, began = None, time.monotonic()
        for pause in (0.0, *PAUSES):
            left = seconds - (time.monotonic() - began) - pause
            if left <= 0:
                break
            await asyncio.sleep(pause)
            result = await self.posts.post(post, at=now, seconds=left, keep=LONGEST_ANSWER + 1)
            if result.outcome not in AGAIN:
                break
        return result


def _sealed(bot: Bot, now: datetime) -> list[bytes]:
    until = bot.previous_until
    if bot.previous_secret and until and until > now:
        return [bot.secret, bot.previous_secret]
    return [bot.secret]


def _read(posted: PostResult | None, turn: Turn) -> BotAnswer | BotFailure:
    if posted is None or posted.outcome is PostOutcome.too_slow:
        late = LATE.format(seconds=turn.seconds)
        return BotFailure(problem=BotProblem.late, why=late)
    if posted.outcome is PostOutcome.taken:
        clean = without_cards if turn.masks_cards else None
        return read_answer(posted.body, turn.number, clean)
    why = REFUSALS[posted.outcome].format(status=posted.status)
    if posted.outcome is PostOutcome.redirected:
        return wrong_answer(why)
    return BotFailure(problem=BotProblem.unreachable, why=why)


def _request(bot: Bot, turn: Turn, around: Surroundings | None) -> dict[str, Any]:
    conversation = around.conversation if around else None
    skill = around.skill if around else None
    targets = around.targets if around else ()
    return {
        "version": VERSION,
        "is_test": turn.is_test,
        "bot_id": bot.id,
        "conversation_id": str(conversation.id) if conversation else None,
        "turn": turn.number,
        "deadline": turn.ends_at.isoformat(),
        "skill": {"id": skill.id, "name": skill.name} if skill else None,
        "line_id": conversation.line_id if conversation else None,
        "language": conversation.language if conversation else None,
        "consumer": _consumer(bot, around),
        "origin": conversation.origin if conversation else OriginKind.text.value,
        "new": list(turn.new),
        "before": list(turn.before),
        "allowed": {
            "actions": [action.value for action in BotAction],
            "skills": [{"id": one.id, "name": one.name} for one in targets],
            "texts": MOST_TEXTS,
            "characters": OUTGOING,
        },
    }


def _consumer(bot: Bot, around: Surroundings | None) -> dict[str, str | None] | None:
    if around is None:
        return None
    number = around.consumer.number if bot.tells_number else None
    return {"id": str(around.consumer.id), "number": number}


def told(message: Message) -> dict[str, Any]:
    """Return an entry of the transcript as a bot learns of it."""
    return {
        "at": message.written_at.isoformat(),
        "author": message.author,
        "text": message.text,
        "files": [str(one.get("content_type") or "") for one in message.media],
    }


def sample(text: str, at: datetime) -> dict[str, Any]:
    """Return a consumer's text that nobody wrote, to try a bot with."""
    return {"at": at.isoformat(), "author": Author.consumer.value, "text": text, "files": []}
