"""Opening a conversation with a consumer: for an agent, a batch, a bot, an import."""

from dataclasses import dataclass

from database.queries import account_rows, accounts, consumers, conversations
from database.queries.conversations import CommandResult
from database.tables import Line, Skill
from domain.errors import ConversationAlreadyOpen, NotFound
from domain.ids import SLUG
from domain.numbers.phone_numbers import Address, phone_of
from domain.people.roles import Role
from services.backends import Backends
from services.caller import Caller
from services.commanding.context import check_text, done_of
from services.first_texts import text_that_may_leave
from services.once import Key, Once
from services.threads import thread_with
from temporal.conversations import Thread
from workflows.conversation.commands import OpenByAgent


@dataclass(frozen=True)
class Opening:
    """A first text to a number. `skill_id`: None for the line's entry skill."""

    line_id: str
    number: str
    text: str
    skill_id: str | None = None

    def description(self, phone: Address) -> str:
        """Return the request in full, the same however the number was written."""
        return "\n".join(("open", self.line_id, phone.key, self.skill_id or "", self.text))


@dataclass(frozen=True)
class _Prepared:
    """A thread that may be opened. `text`: the first one as it leaves."""

    thread: Thread
    skill_id: str
    text: str


async def open_conversation(
    caller: Caller, backends: Backends, key: Key, opening: Opening
) -> CommandResult:
    """Start a conversation with a number, assigned to the acting agent. CommandResult once per key.

    The first text to a new consumer is completed or refused, as the account's settings say. Raises
    `NumberInvalid`, `ConversationAlreadyOpen`, `ConsumerOptedOut`, `ConsumerBlocked`,
    `ConsentMissing`, `Invalid`, `NotFound` and `Conflict` for a line or skill that does not exist
    or is retired, `Unavailable` and `MayStillBeDone`.
    """
    caller.require(Role.agent)
    actor = caller.actor
    check_text(opening.text)
    if not SLUG.fullmatch(opening.line_id):
        raise NotFound
    phone = phone_of(opening.number)
    once = Once(caller, backends, key, opening.description(phone))

    async def find() -> CommandResult | None:
        async with backends.sessions.begin() as session:
            return await conversations.opened_by(
                session, caller.account_id, opening.line_id, phone.key, once.command_key
            )

    async def act() -> CommandResult:
        if done := await find():
            return done
        prepared = await _prepare(backends, caller.account_id, opening, phone)
        command = OpenByAgent(
            key=once.command_key, actor=actor, text=prepared.text, skill_id=prepared.skill_id
        )
        return done_of(await backends.conversations.open(prepared.thread, command))

    return await once.do(act, look=find)


async def _prepare(
    backends: Backends, account_id: str, opening: Opening, phone: Address
) -> _Prepared:
    async with backends.sessions.begin() as session:
        line = await account_rows.find_active(session, Line, account_id, opening.line_id)
        wanted = opening.skill_id or line.entry_skill_id
        skill = await account_rows.find_active(session, Skill, account_id, wanted)
        consumer = await consumers.with_phone(session, account_id, phone)
        if await conversations.open_with(session, consumer.id, line.id):
            raise ConversationAlreadyOpen
        account = await accounts.find(session, account_id)
        text = await text_that_may_leave(session, account, line, consumer.id, opening.text)
    thread = thread_with(consumer, line.id, skill.id, line_name=line.name)
    return _Prepared(thread, skill.id, text)
