"""Services called without HTTP, as a batch or a bot calls them."""

import asyncio
from uuid import UUID

import pytest
from sqlalchemy import delete, func, select
from sqlalchemy.dialects.postgresql import insert

from database.queries.conversation_filters import ConversationFilters
from database.tables import ApiToken, Idempotency
from domain.conversation.kinds import Status
from domain.errors import (
    Conflict,
    ConsumerOptedOut,
    ConversationAlreadyOpen,
    Invalid,
    NotAllowed,
    NotFound,
    NumberInvalid,
)
from domain.people.roles import Role
from security.passwords import TOKEN_PREFIX, digest, new_secret
from services import opening, opting_out
from services.backends import Backends
from services.caller import Caller, Proof
from services.commanding import closing, finding, ownership, transferring, writing
from services.commanding.context import CommandContext
from services.commanding.finding import CommandState
from services.commanding.ownership import TakeOverReason
from services.errors import NobodyActs
from services.looking import conversations, supervisor_board, transcripts
from services.looking.conversations import ConversationQuery
from services.once import Key
from services.opening import Opening
from services.proving import proven
from tests.fixtures.brand import Brand
from tests.fixtures.centre import Centre

NUMBER = "+15550123"


@pytest.fixture
def backends(centre: Centre) -> Backends:
    return Backends(centre.sessions, centre.conversations)


async def program(centre: Centre, role: Role, acts_for: str | None = None) -> Caller:
    """Return a program with a token of its own, as it proves itself."""
    secret = new_secret(TOKEN_PREFIX)
    token = {
        "id": f"token-{secret[4:10].lower()}",
        "account_id": centre.brand.account_id,
        "name": "Batch",
        "token_hash": digest(secret),
        "role": str(role),
    }
    async with centre.sessions.begin() as session:
        await session.execute(insert(ApiToken).values(token))
    proof = Proof(digest(secret), is_program=True, acts_for=acts_for)
    return await proven(centre.sessions, proof)


@pytest.fixture
async def for_ann(centre: Centre) -> Caller:
    return await program(centre, Role.manager, centre.brand.ann.agent_id)


def text_to(brand: Brand, text: str = "Ready to collect") -> Opening:
    return Opening(brand.line_id, NUMBER, text)


async def test_a_program_opens_replies_transfers_and_closes(
    centre: Centre, backends: Backends, for_ann: Caller
) -> None:
    opened = await opening.open_conversation(
        for_ann, backends, Key("batch-7"), text_to(centre.brand)
    )

    def by(caller: Caller, key: str) -> CommandContext:
        return CommandContext(caller, backends, opened.conversation_id, Key(key))

    written = await writing.reply(by(for_ann, "r"), "It is at the counter")
    await writing.add_note(by(for_ann, "n"), "Called before")
    await transferring.transfer_to_skill(by(for_ann, "t"), centre.brand.sales, "Wants another")
    for_mia = await program(centre, Role.manager, centre.brand.mia.agent_id)
    async with centre.sessions.begin() as session:
        shown = await conversations.find_conversation(for_mia, session, opened.conversation_id)
        assert (shown.conversation.status, shown.conversation.skill_id) == (
            Status.waiting,
            centre.brand.sales,
        )
    await closing.close(by(for_mia, "c"))
    async with centre.sessions.begin() as session:
        told = await transcripts.read_transcript(
            for_mia, session, opened.conversation_id, after=0, limit=50
        )
        found = await finding.find_command(for_ann, session, opened.conversation_id, "r")
    texts = [message.text for message in told.messages if message.agent_id]
    assert texts[:3] == ["Ready to collect", "It is at the counter", "Called before"]
    assert str(written.message_id) in {str(message.id) for message in told.messages}
    assert (found.state, found.done) == (CommandState.done, written)
    assert (await centre.conversation()).status in ("closed", "survey")


async def test_what_is_asked_for_twice_with_one_key_is_done_once(
    centre: Centre, backends: Backends, for_ann: Caller
) -> None:
    wanted, key = text_to(centre.brand), Key("batch-7:1")
    opened = await asyncio.gather(
        *(opening.open_conversation(for_ann, backends, key, wanted) for _ in range(3))
    )
    assert len(set(opened)) == 1
    with pytest.raises(Conflict):
        await opening.open_conversation(for_ann, backends, key, text_to(centre.brand, "Other"))
    context = CommandContext(for_ann, backends, opened[0].conversation_id, Key("r"))
    first = await writing.reply(context, "Once")
    async with centre.sessions.begin() as session:
        await session.execute(delete(Idempotency))
    assert await writing.reply(context, "Once") == first
    assert (await centre.spoken()).count(("agent", "Once")) == 1
    with pytest.raises(Conflict):
        await writing.reply(context, "Something else")


async def test_a_key_of_one_caller_is_none_of_anothers(
    centre: Centre, backends: Backends, for_ann: Caller
) -> None:
    opened = await opening.open_conversation(for_ann, backends, Key("k"), text_to(centre.brand))
    other = await program(centre, Role.manager, centre.brand.ann.agent_id)
    for caller in (for_ann, other):
        context = CommandContext(caller, backends, opened.conversation_id, Key("same"))
        await writing.reply(context, "Hello")
    assert (await centre.spoken()).count(("agent", "Hello")) == 2


async def test_opening_refuses_what_an_import_may_hold(
    centre: Centre, backends: Backends, for_ann: Caller
) -> None:
    brand = centre.brand
    odd = [
        (Opening(brand.line_id, "call me", "Hi"), NumberInvalid),
        (Opening(brand.line_id, NUMBER, "nul\0"), Invalid),
        (Opening("line\0", NUMBER, "Hi"), NotFound),
        (Opening("of-somebody-else", NUMBER, "Hi"), NotFound),
        (Opening(brand.line_id, NUMBER, "Hi", "no-skill"), NotFound),
    ]
    for count, (wanted, refusal) in enumerate(odd):
        with pytest.raises(refusal):
            await opening.open_conversation(for_ann, backends, Key(f"row-{count}"), wanted)
    assert await centre.all_conversations() == []
    await opening.open_conversation(for_ann, backends, Key.fresh(), text_to(brand))
    with pytest.raises(ConversationAlreadyOpen):
        await opening.open_conversation(for_ann, backends, Key("again"), text_to(brand, "Hi"))


async def test_nobody_is_texted_who_opted_out(
    centre: Centre, backends: Backends, for_ann: Caller
) -> None:
    opened = await opening.open_conversation(for_ann, backends, Key("k"), text_to(centre.brand))
    consumer_id = UUID(centre.thread.consumer_id)
    recorded = await opting_out.opt_out(for_ann, backends, consumer_id)
    assert recorded.is_opted_out
    await centre.when("closed")
    with pytest.raises(ConsumerOptedOut):
        await opening.open_conversation(for_ann, backends, Key("l"), text_to(centre.brand, "Hi"))
    again = await opening.open_conversation(for_ann, backends, Key("k"), text_to(centre.brand))
    assert again == opened, "what was done is not refused for what has changed since"


async def test_every_service_checks_its_caller_itself(
    centre: Centre, backends: Backends, for_ann: Caller
) -> None:
    opened = await opening.open_conversation(for_ann, backends, Key("k"), text_to(centre.brand))
    alone = await program(centre, Role.admin)
    context = CommandContext(alone, backends, opened.conversation_id, Key.fresh())
    with pytest.raises(NobodyActs):
        await closing.close(context)
    with pytest.raises(NobodyActs):
        await opening.open_conversation(alone, backends, Key.fresh(), text_to(centre.brand))
    by_ann = CommandContext(for_ann, backends, opened.conversation_id, Key.fresh())
    with pytest.raises(NotAllowed):
        await ownership.take_over(by_ann, TakeOverReason())
    for_ben = await program(centre, Role.manager, centre.brand.ben.agent_id)
    async with centre.sessions.begin() as session:
        with pytest.raises(NotAllowed):
            await supervisor_board.read_board(for_ann, session)
        with pytest.raises(NotFound):
            await conversations.find_conversation(for_ben, session, opened.conversation_id)
        of_line = ConversationQuery(filters=ConversationFilters(line_id=centre.brand.line_id))
        seen = [
            len(
                await conversations.list_conversations(
                    caller, session, of_line, after=None, limit=10
                )
            )
            for caller in (for_ann, for_ben)
        ]
        assert seen == [1, 0]
        assert await session.scalar(select(func.count()).select_from(Idempotency)) == 1
