"""STOP on one line, with conversations open on others: real workflows, a real sweep."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

from sqlalchemy import select

from database.queries.consent import Consenting, record_keyword
from database.tables import Conversation, Line
from domain.consent.keyword import Keyword
from routing.opt_outs import OptOuts
from routing.reviving import Reviving
from temporal.conversations import LineConsumer
from tests.fixtures.floor import Floor, eventually
from workflows.conversation.messages import AgentAssigned, Close, Reply, ScheduleText


async def line(floor: Floor, line_id: str) -> LineConsumer:
    """Add a line, and return the consumer's thread on it."""
    async with floor.sessions.begin() as session:
        first = (await session.scalars(select(Line).where(Line.id == floor.brand.line_id))).one()
        kept = {
            column: getattr(first, column)
            for column in ("account_id", "connector_id", "kind", "entry_skill_id")
        }
        address = f"+1555010{len(line_id):04}"
        session.add(Line(id=line_id, name=line_id, address=address, **kept))
    return replace(floor.thread, line_id=line_id)


async def on(floor: Floor, thread: LineConsumer, status: str) -> Conversation:
    """Wait until a thread's conversation stands like this."""

    async def stands() -> Conversation | None:
        async with floor.sessions() as session:
            query = select(Conversation).where(Conversation.line_id == thread.line_id)
            row = (await session.scalars(query)).one_or_none()
        return row if row and row.status == status else None

    row = await eventually(stands)
    assert row is not None
    return row


async def held(floor: Floor, thread: LineConsumer) -> Conversation:
    """Let the consumer text on a line, and Ann hold the conversation."""
    await floor.text("hello", thread)
    row = await on(floor, thread, "waiting")
    ann = floor.brand.ann
    chosen = AgentAssigned(
        conversation_id=str(row.id),
        ticket=await floor.ticket(row.id),
        agent_id=ann.agent_id,
        agent_name="Ann",
    )
    await floor.conversations.assigned(thread.workflow_id, chosen)
    return await on(floor, thread, "assigned")


async def test_stop_on_one_line_ends_what_is_open_on_every_other(floor: Floor) -> None:
    ann, later = floor.brand.ann, datetime.now(UTC) + timedelta(hours=1)
    planned, rated = await line(floor, "planned"), await line(floor, "rated-now")
    row = await held(floor, planned)
    text = ScheduleText(key="1", actor=ann, text="Still there?", at=later)
    await floor.conversations.command(planned, str(row.id), text)
    row = await held(floor, rated)
    for command in (Reply(key="2", actor=ann, text="Done."), Close(key="3", actor=ann)):
        await floor.conversations.command(rated, str(row.id), command)
    await on(floor, rated, "survey")
    who = Consenting(floor.brand.account_id, UUID(floor.thread.consumer_id), floor.brand.line_id)
    async with floor.sessions.begin() as session:
        await record_keyword(session, who, Keyword.stop, text="STOP", inbound_id=uuid4())
    reviving = Reviving(floor.sessions, floor.conversations)
    await OptOuts(floor.sessions, floor.conversations, reviving, "").tell([who.consumer_id])
    one, other = await on(floor, planned, "closed"), await on(floor, rated, "closed")
    assert (one.close_reason, one.scheduled, one.survey_outcome) == ("opt_out", [], None)
    assert (other.close_reason, other.survey_outcome) == ("agent", "opted_out")
    for number in (one.id, other.id):
        said = [m.automatic for m in await floor.transcript(number) if m.automatic]
        assert not {"opted_out", "survey_thanks"} & set(said), "said once, where it was texted"


async def test_a_keyword_and_a_text_of_who_opted_out_use_up_no_first_welcome(floor: Floor) -> None:
    await floor.text("HELP", keyword=Keyword.help, provider_handled=True)
    await floor.when("closed")
    await floor.opt_out()
    await floor.text("hello?")

    async def are_over() -> bool:
        rows = await floor.all_conversations()
        return [row.close_reason for row in rows] == ["system", "opt_out"]

    await eventually(are_over)
    assert await floor.spoken() == [("consumer", "HELP"), ("consumer", "hello?")]
    await start(floor)
    await floor.text("hello!")
    row = await floor.when("waiting")
    assert [m.automatic for m in await floor.transcript(row.id)] == [None, "first_welcome"]
    rows = await floor.all_conversations()
    assert [row.reached_nobody for row in rows] == [True, True, True, False]


async def start(floor: Floor) -> None:
    """Let the consumer opt in again, as the door writes it."""
    who = Consenting(floor.brand.account_id, UUID(floor.thread.consumer_id), floor.brand.line_id)
    async with floor.sessions.begin() as session:
        await record_keyword(session, who, Keyword.start, text="START", inbound_id=uuid4())
    before = len(await floor.all_conversations())
    await floor.text("START", keyword=Keyword.start, provider_handled=True)

    async def is_taken() -> bool:
        rows = await floor.all_conversations()
        return len(rows) > before and rows[-1].status == "closed"

    await eventually(is_taken)
