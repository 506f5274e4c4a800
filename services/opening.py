"""Opening a conversation with a consumer: for an agent, a batch, a bot, an import."""

from dataclasses import dataclass, replace
from datetime import timedelta
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from database.queries import account_rows, accounts, consumers, conversations
from database.queries.conversations import CommandResult
from database.tables import Agent, Line, Skill
from domain.conversation.kinds import Status
from domain.errors import ConversationAlreadyOpen, Invalid, NotAllowed, NotFound
from domain.ids import SLUG
from domain.numbers.phone_numbers import Address, phone_of
from domain.origins import look_back
from domain.origins.kinds import OriginKind
from domain.origins.origin import NO_CONTEXT, Context, Origin
from domain.people.roles import Role
from domain.people.token_scopes import TokenScope
from services import bounding
from services.backends import Backends
from services.caller import Caller
from services.cards import refuse_card
from services.commanding.context import CommandContext, check_text, done_of
from services.first_texts import text_that_may_leave
from services.once import Key, Once
from services.threads import thread_with
from temporal.conversations import Thread
from workflows.conversation.commands import OpenByAgent
from workflows.conversation.messages import Actor

KINDS = (OriginKind.proactive, OriginKind.follow_up)
"""How a conversation can begin that we open."""


@dataclass(frozen=True)
class Opening:
    """A first text to a number. `skill_id`: None for the line's entry skill.

    `assign_to`: the agent who gets it, None for the one who acts. `follows`: the closed
    conversation that it continues. `waits`: if nobody acts, how long after the text a reply opens
    the conversation.
    """

    line_id: str
    number: str
    text: str
    skill_id: str | None = None
    kind: OriginKind = OriginKind.proactive
    context: Context = NO_CONTEXT
    assign_to: str | None = None
    follows: UUID | None = None
    waits: timedelta = look_back.USUAL

    def description(self, phone: Address) -> str:
        """Return the request in full, the same however the number was written."""
        plain = ("open", self.line_id, phone.key, self.skill_id or "", self.text)
        more = (self.kind, self.context.model_dump_json(), self.assign_to or "", self.follows or "")
        is_plain = self == Opening(self.line_id, self.number, self.text, self.skill_id)
        return "\n".join(plain if is_plain else (*plain, *map(str, more)))

    @property
    def origin(self) -> Origin:
        follows = str(self.follows) if self.follows else None
        return Origin(kind=self.kind, id=follows, title=self.context.reason, context=self.context)


@dataclass(frozen=True)
class Prepared:
    """A thread that may be texted. `text`: the first one as it leaves."""

    thread: Thread
    skill_id: str
    text: str


async def open_conversation(
    caller: Caller, backends: Backends, key: Key, opening: Opening
) -> CommandResult:
    """Start a conversation with a number, assigned to an agent. CommandResult once per key.

    The first text to a new consumer is completed or refused, as the account's settings say. Raises
    `NumberInvalid`, `ConversationAlreadyOpen`, `ConsumerOptedOut`, `ConsumerBlocked`, `Invalid`,
    `ConsentMissing`, `NobodyActs`, `NotAllowed`, `Unavailable`, `MayStillBeDone`, and `NotFound` or
    `Conflict` for a line, skill or agent that does not exist or is retired.
    """
    caller.require(Role.agent)
    caller.require_scope(TokenScope.conversations_write)
    async with backends.sessions.begin() as session:
        await _check_may_open(caller, session)
        actor = await _actor(caller, session, opening.assign_to)
    phone = checked_phone(opening)
    once = Once(caller, backends, key, opening.description(phone))

    async def find() -> CommandResult | None:
        async with backends.sessions.begin() as session:
            return await conversations.opened_by(
                session, caller.account_id, opening.line_id, phone.key, once.command_key
            )

    async def act() -> CommandResult:
        if done := await find():
            return done
        async with backends.sessions.begin() as session:
            prepared = await prepare(session, caller.account_id, opening, phone)
        await bounding.count(caller, backends.sessions, opening.line_id)
        command = OpenByAgent(
            key=once.command_key,
            actor=actor,
            text=prepared.text,
            skill_id=prepared.skill_id,
            origin=opening.origin,
        )
        return done_of(await backends.conversations.open(prepared.thread, command))

    return await once.do(act, look=find)


async def resume(
    context: CommandContext,
    text: str,
    *,
    assign_to: str | None = None,
    about: Context = NO_CONTEXT,
) -> CommandResult:
    """Continue a closed conversation in a new one, which begins with an agent's text.

    It goes to whoever acts, or to its last agent. For consent and quiet hours it is a text that
    nobody has asked for. Raises what `open_conversation` raises.
    """
    caller = context.caller
    caller.require(Role.agent)
    async with context.backends.sessions.begin() as session:
        shown = await conversations.find(session, caller.viewer, context.conversation_id)
        row = shown.conversation
        if row.status != Status.closed:
            raise ConversationAlreadyOpen
        opening = Opening(
            row.line_id,
            shown.consumer.number,
            text,
            await _still_there(session, caller.account_id, row.skill_id),
            kind=OriginKind.follow_up,
            context=about,
            assign_to=assign_to,
            follows=row.id,
        )
    if caller.person is None and assign_to is None:
        opening = replace(opening, assign_to=row.agent_id)
    return await open_conversation(caller, context.backends, context.key, opening)


def checked_phone(opening: Opening) -> Address:
    """Return the number of an opening. Raises what is unfit in it without the database."""
    check_text(opening.text)
    if not SLUG.fullmatch(opening.line_id):
        raise NotFound
    if opening.kind not in KINDS:
        raise Invalid("A conversation that you open is proactive or a follow_up.")
    return phone_of(opening.number)


async def prepare(
    session: AsyncSession, account_id: str, opening: Opening, phone: Address
) -> Prepared:
    """Check whether the text may leave, and return it as it does. Raises the refusals."""
    line = await account_rows.find_active(session, Line, account_id, opening.line_id)
    wanted = opening.skill_id or line.entry_skill_id
    skill = await account_rows.find_active(session, Skill, account_id, wanted)
    consumer = await consumers.with_phone(session, account_id, phone)
    if await conversations.open_with(session, consumer.id, line.id):
        raise ConversationAlreadyOpen
    account = await accounts.find(session, account_id)
    refuse_card(account, opening.text)
    text = await text_that_may_leave(session, account, line, consumer, opening.text)
    thread = thread_with(consumer, line.id, skill.id, line_name=line.name)
    return Prepared(thread, skill.id, text)


async def _check_may_open(caller: Caller, session: AsyncSession) -> None:
    """Raise `NotAllowed` for a person who may not begin conversations."""
    if caller.person is None:
        return
    agent = await account_rows.find(session, Agent, caller.account_id, caller.person.agent_id)
    if not agent.may_open:
        raise NotAllowed("You may not begin conversations. An admin can allow it.")


async def _actor(caller: Caller, session: AsyncSession, assign_to: str | None) -> Actor:
    """Return whose conversation it becomes. Raises `NobodyActs`, `NotAllowed`, `NotFound`."""
    if assign_to is None or (caller.person and caller.person.agent_id == assign_to):
        return caller.actor
    if not caller.has(Role.manager):
        raise NotAllowed("Only managers, and programs, assign it to somebody else.")
    caller.require_person(assign_to)
    agent = await account_rows.find_active(session, Agent, caller.account_id, assign_to)
    if not caller.has(Role(agent.role)):
        raise NotAllowed("It cannot be assigned to somebody of a higher role.")
    return Actor(agent_id=agent.id, name=agent.name, role=Role(agent.role))


async def _still_there(session: AsyncSession, account_id: str, skill_id: str | None) -> str | None:
    """Return the skill, None if it is retired: the line's entry skill then takes its place."""
    if skill_id is None:
        return None
    skill = await account_rows.find(session, Skill, account_id, skill_id)
    return None if skill.retired_at else skill.id
