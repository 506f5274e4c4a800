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
from temporal.conversations import Thread
from tests.fixtures.centre import Centre, eventually
from workflows.conversation.commands import Close, Reply, ScheduleText
from workflows.conversation.messages import AgentAssigned


async def line(centre: Centre, line_id: str) -> Thread:
    """Add a line, and return the consumer's thread on it."""
    async with centre.sessions.begin() as session:
        first = (await session.scalars(select(Line).where(Line.id == centre.brand.line_id))).one()
        kept = {
            column: getattr(first, column)
            for column in ("account_id", "connector_id", "kind", "entry_skill_id")
        }
        address = f"+1555010{len(line_id):04}"
        session.add(Line(id=line_id, name=line_id, address=address, **kept))
    return replace(centre.thread, line_id=line_id)


async def on(centre: Centre, thread: Thread, status: str) -> Conversation:
    """Wait until a thread's conversation has this status."""

    async def stands() -> Conversation | None:
        async with centre.sessions() as session:
            query = select(Conversation).where(Conversation.line_id == thread.line_id)
            row = (await session.scalars(query)).one_or_none()
        return row if row and row.status == status else None

    row = await eventually(stands)
    assert row is not None
    return row


async def held(centre: Centre, thread: Thread) -> Conversation:
    """Have the consumer text on a line, and Ann hold the conversation."""
    await centre.text("hello", thread)
    row = await on(centre, thread, "waiting")
    ann = centre.brand.ann
    chosen = AgentAssigned(
        conversation_id=str(row.id),
        ticket=await centre.ticket(row.id),
        agent_id=ann.agent_id,
        agent_name="Ann",
    )
    await centre.conversations.assigned(thread.workflow_id, chosen)
    return await on(centre, thread, "assigned")


async def test_stop_on_one_line_ends_what_is_open_on_every_other(centre: Centre) -> None:
    ann, later = centre.brand.ann, datetime.now(UTC) + timedelta(hours=1)
    planned, rated = await line(centre, "planned"), await line(centre, "rated-now")
    row = await held(centre, planned)
    text = ScheduleText(key="1", actor=ann, text="Still there?", at=later)
    await centre.conversations.command(planned, str(row.id), text)
    row = await held(centre, rated)
    for command in (Reply(key="2", actor=ann, text="Done."), Close(key="3", actor=ann)):
        await centre.conversations.command(rated, str(row.id), command)
    await on(centre, rated, "survey")
    who = Consenting(centre.brand.account_id, UUID(centre.thread.consumer_id), centre.brand.line_id)
    async with centre.sessions.begin() as session:
        await record_keyword(session, who, Keyword.stop, text="STOP", inbound_id=uuid4())
    reviving = Reviving(centre.sessions, centre.conversations)
    await OptOuts(centre.sessions, centre.conversations, reviving, "").tell([who.consumer_id])
    one, other = await on(centre, planned, "closed"), await on(centre, rated, "closed")
    assert (one.close_reason, one.scheduled, one.survey_outcome) == ("opt_out", [], None)
    assert (other.close_reason, other.survey_outcome) == ("agent", "opted_out")
    for number in (one.id, other.id):
        said = [m.automatic for m in await centre.transcript(number) if m.automatic]
        assert not {"opted_out", "survey_thanks"} & set(said), "said once, where it was texted"


async def test_a_keyword_and_a_text_after_an_opt_out_use_up_no_first_welcome(
    centre: Centre,
) -> None:
    await centre.text("HELP", keyword=Keyword.help, provider_handled=True)
    await centre.when("closed")
    await centre.opt_out()
    await centre.text("hello?")

    async def are_over() -> bool:
        rows = await centre.all_conversations()
        return [row.close_reason for row in rows] == ["system", "opt_out"]

    await eventually(are_over)
    assert await centre.spoken() == [("consumer", "HELP"), ("consumer", "hello?")]
    await start(centre)
    await centre.text("hello!")
    row = await centre.when("waiting")
    assert [m.automatic for m in await centre.transcript(row.id)] == [None, "first_welcome"]
    rows = await centre.all_conversations()
    assert [row.closed_at_once for row in rows] == [True, True, True, False]


async def start(centre: Centre) -> None:
    """Have the consumer opt in again, as the webhook writes it."""
    who = Consenting(centre.brand.account_id, UUID(centre.thread.consumer_id), centre.brand.line_id)
    async with centre.sessions.begin() as session:
        await record_keyword(session, who, Keyword.start, text="START", inbound_id=uuid4())
    before = len(await centre.all_conversations())
    await centre.text("START", keyword=Keyword.start, provider_handled=True)

    async def is_taken() -> bool:
        rows = await centre.all_conversations()
        return len(rows) > before and rows[-1].status == "closed"

    await eventually(is_taken)
