"""Opening a conversation from the brand's side."""

from dataclasses import dataclass

from fastapi import APIRouter

from api.app_state import AppState, AppStateDep
from api.caller import CallerDep
from api.idempotent import OnceDep
from api.problems import documented
from api.schemas.conversations import CommandAnswer, NewConversation
from database.queries import account_rows, consumers, conversations
from database.queries.consent import Consenting, is_opted_out
from database.tables import Line, Skill
from domain.errors import (
    Conflict,
    ConsumerOptedOut,
    ConversationAlreadyOpen,
    MayStillBeDone,
    MessageEmpty,
    MessageTooLong,
    NotFound,
    NumberInvalid,
    Unavailable,
)
from domain.numbers.phone_numbers import Address, phone_of
from domain.text.limits import check_outgoing
from services.errors import NobodyActs
from temporal.conversations import LineConsumer
from workflows.conversation.messages import OpenByAgent

router = APIRouter(prefix="/conversations", tags=["conversations"])


@dataclass(frozen=True)
class _Prepared:
    """A thread that may be opened."""

    thread: LineConsumer
    skill_id: str


@router.post(
    "",
    status_code=201,
    responses=documented(
        NotFound,
        NobodyActs,
        ConversationAlreadyOpen,
        ConsumerOptedOut,
        Conflict,
        NumberInvalid,
        MessageTooLong,
        MessageEmpty,
        Unavailable,
        MayStillBeDone,
    ),
)
async def open_conversation(
    new: NewConversation, parts: AppStateDep, caller: CallerDep, once: OnceDep
) -> CommandAnswer:
    """Text a number first; whoever acts holds the conversation."""
    check_outgoing(new.text)
    phone, actor, key = phone_of(new.number), caller.actor, once.command_key

    async def find() -> CommandAnswer | None:
        async with parts.sessions.begin() as session:
            done = await conversations.opened_by(
                session, caller.account_id, new.line, phone.key, key
            )
        return CommandAnswer.model_validate(vars(done)) if done else None

    async def act() -> CommandAnswer:
        if done := await find():
            return done
        prepared = await _prepare(parts, caller.account_id, new, phone)
        command = OpenByAgent(key=key, actor=actor, text=new.text, skill_id=prepared.skill_id)
        opened = await parts.conversations.open(prepared.thread, command)
        return CommandAnswer.model_validate(opened.model_dump())

    return await once.act(parts, CommandAnswer, act, look=find)


async def _prepare(
    parts: AppState, account_id: str, new: NewConversation, phone: Address
) -> _Prepared:
    async with parts.sessions.begin() as session:
        line = await account_rows.find_active(session, Line, account_id, new.line)
        wanted = new.skill or line.entry_skill_id
        skill = await account_rows.find_active(session, Skill, account_id, wanted)
        consumer = await consumers.with_phone(session, account_id, phone)
        if await conversations.open_with(session, consumer.id, line.id):
            raise ConversationAlreadyOpen
        if await is_opted_out(session, Consenting(account_id, consumer.id, line.id)):
            raise ConsumerOptedOut
    summary = f"{consumer.number} on {line.name}"
    thread = LineConsumer(account_id, line.id, str(consumer.id), summary)
    return _Prepared(thread, skill.id)
