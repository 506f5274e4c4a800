"""Scripted conversations whose histories are recorded. Not collected by a test run: a recording
is made once, by hand, when a conversation can take a new course.
"""

from datetime import UTC, datetime, timedelta

from sqlalchemy import insert, update

from database.tables import Account, AutomaticTimer, Survey
from routing.reviving import Reviving
from routing.router import Router
from tests.fixtures.floor import Floor, eventually, working
from tests.histories.record import keep
from tests.routing.test_at_once import be_online
from tests.workflows.test_taking import ring
from workflows.conversation.messages import (
    AcceptOffer,
    AddNote,
    AgentAssigned,
    AgentLeft,
    CancelScheduledText,
    Close,
    DeclineOffer,
    HoldAutoClose,
    JoinConversation,
    LeaveConversation,
    OpenByAgent,
    PickUp,
    Reply,
    ReturnToQueue,
    ScheduleText,
    SetLanguage,
    SetResponseTime,
    TakeOver,
    TransferToAgent,
)
from workflows.conversation.messages import TransferToSkill as ToSkill


async def record(floor: Floor, name: str, *, run_id: str | None = None) -> None:
    handle = floor.client.get_workflow_handle(floor.thread.workflow_id, run_id=run_id)
    history = await handle.fetch_history()
    keep(name, history.to_json())


async def finished(floor: Floor) -> None:
    await floor.client.get_workflow_handle(floor.thread.workflow_id).result()


async def lapsed(floor: Floor) -> None:
    async def rings_no_more() -> bool:
        return (await floor.conversation()).offered_agent_id is None

    await eventually(rings_no_more)


async def test_rated_after_a_transfer(floor: Floor) -> None:
    brand = floor.brand
    await floor.text("hello")
    await floor.assign(brand.ann.agent_id, "Ann")
    await floor.give(Reply(key="1", actor=brand.ann, text="Hi"))
    await floor.give(AddNote(key="2", actor=brand.ann, text="A note"))
    await floor.give(ToSkill(key="3", actor=brand.ann, skill_id=brand.sales, note="Buys"))
    await floor.assign(brand.ben.agent_id, "Ben")
    await floor.give(Reply(key="4", actor=brand.ben, text="Sales here"))
    await floor.give(Close(key="5", actor=brand.ben))
    await floor.when("survey")
    await floor.text("3 or 4")
    await asked_again(floor)
    await floor.text("4 but slow")
    await floor.when("closed")
    await finished(floor)
    await record(floor, "rated_after_a_transfer")


async def test_still_open_with_an_agent(floor: Floor) -> None:
    brand = floor.brand
    done = OpenByAgent(key="1", actor=brand.ann, text="Your order", skill_id=brand.support)
    await floor.conversations.open(floor.thread, done)
    await floor.text("thanks")
    await floor.give(ReturnToQueue(key="2", actor=brand.ann, note="busy"))
    await floor.assign(brand.ben.agent_id, "Ben")
    transfer = TransferToAgent(
        key="3", actor=brand.ben, agent_id=brand.ann.agent_id, agent_name="Ann"
    )
    await floor.give(transfer)
    await floor.assign(brand.ann.agent_id, "Ann")
    await floor.give(Reply(key="4", actor=brand.ann, text="Here again"))

    async def sent() -> bool:
        return "Here again" in await floor.phone()

    await eventually(sent)
    await record(floor, "still_open_with_an_agent")


async def test_opted_out(floor: Floor) -> None:
    await floor.text("hello")
    await floor.assign(floor.brand.ann.agent_id, "Ann")
    await floor.text("STOP", keyword="stop", provider_handled=False)
    await floor.when("closed")
    await finished(floor)
    await record(floor, "opted_out")


async def test_second_conversation_within_a_run(floor: Floor) -> None:
    """The survey lets go of a new request, which opens the next conversation in place."""
    brand = floor.brand
    await floor.text("hello")
    await floor.assign(brand.ann.agent_id, "Ann")
    await floor.give(Close(key="1", actor=brand.ann))
    await floor.when("survey")
    await floor.text("where is my order?")
    await floor.when("waiting")
    await record(floor, "second_conversation_within_a_run")


async def test_carried_over_from_a_survey(floor: Floor) -> None:
    """What crossed the question and what was not read opens the next conversation."""
    brand = floor.brand
    early = datetime.now(UTC) - timedelta(minutes=1)
    await floor.text("hello")
    await floor.assign(brand.ann.agent_id, "Ann")
    await floor.give(Close(key="1", actor=brand.ann))
    await floor.when("survey")
    await floor.text("2", received_at=early)
    await floor.text("ok thanks")
    await floor.text("hm")
    await asked_again(floor)
    await floor.text("5 but where is it?")
    await floor.when("waiting")
    await floor.assign(brand.ben.agent_id, "Ben")
    await floor.give(Reply(key="2", actor=brand.ben, text="It is on its way"))
    await record(floor, "carried_over_from_a_survey")


async def asked_again(floor: Floor) -> None:
    async def stands() -> bool:
        return any(said == "survey_retry" for _, said in await floor.spoken())

    await eventually(stands)
    await floor.when("survey")


async def test_rolled_over(floor: Floor) -> None:
    await floor.text("first")
    await floor.assign(floor.brand.ann.agent_id, "Ann")
    handle = floor.client.get_workflow_handle(floor.thread.workflow_id)
    first = (await handle.describe()).run_id
    for number in range(16):
        await floor.text(f"text {number}")
        await floor.give(Reply(key=f"r{number}", actor=floor.brand.ann, text=f"reply {number}"))

    async def rolled() -> bool:
        return (await handle.describe()).run_id != first

    await eventually(rolled)
    await record(floor, "rolled_over_first_run", run_id=first)
    await floor.text("one more")
    await floor.give(Reply(key="1", actor=floor.brand.ann, text="Yes"))
    await record(floor, "rolled_over_second_run")


async def test_rang_lapsed_and_taken(floor: Floor) -> None:
    """Declined, let pass, accepted, lost, picked up: the offer's timer is a short one."""
    brand = floor.brand
    async with floor.sessions.begin() as session:
        quick = update(Account).where(Account.id == brand.account_id)
        await session.execute(quick.values(ring_timeout_seconds=2))
    await floor.text("hello")
    await ring(floor, brand.ann)
    await floor.give(DeclineOffer(key="1", actor=brand.ann))
    await ring(floor, brand.ben)
    await lapsed(floor)
    await ring(floor, brand.ann)
    await floor.give(AcceptOffer(key="2", actor=brand.ann))
    left = AgentLeft(agent_id=brand.ann.agent_id)
    await floor.conversations.agent_left(floor.thread.workflow_id, left)
    await floor.when("waiting")
    await floor.give(PickUp(key="3", actor=brand.ben))
    await floor.give(Reply(key="4", actor=brand.ben, text="Hi"))
    await floor.give(Close(key="5", actor=brand.ben))
    await floor.when("survey")
    await floor.text("5")
    await floor.when("closed")
    await finished(floor)
    await record(floor, "rang_lapsed_and_taken")


async def test_taken_over_by_a_manager(floor: Floor) -> None:
    """With response times and silence watched: a nudge, a text, and a new agent."""
    brand = floor.brand
    async with floor.sessions.begin() as session:
        told = insert(AutomaticTimer).values(account_id=brand.account_id, event="agent_silent")
        await session.execute(told.values(delay_seconds=2))
        watched = update(Account).where(Account.id == brand.account_id)
        await session.execute(
            watched.values(
                response_seconds=3600,
                agent_silent_nudge_seconds=1,
                agent_silent_reroute_seconds=3,
            )
        )
    manager = brand.ben.model_copy(update={"role": "manager"})
    await floor.text("hello")
    await floor.assign(brand.ann.agent_id, "Ann")
    await floor.when("waiting")
    await floor.assign(brand.ann.agent_id, "Ann")
    await floor.give(SetResponseTime(key="1", actor=brand.ann, seconds=7200))
    await floor.give(JoinConversation(key="2", actor=manager))
    await floor.give(LeaveConversation(key="3", actor=manager))
    await floor.give(TakeOver(key="4", actor=manager))
    await floor.give(Reply(key="5", actor=manager, text="I see to it."))
    await record(floor, "taken_over_by_a_manager")


async def timers(floor: Floor, **seconds: int) -> None:
    """Let timed messages come after so many seconds, twice."""
    async with floor.sessions.begin() as session:
        session.add_all(
            AutomaticTimer(
                account_id=floor.brand.account_id, event=event, delay_seconds=delay, repeats=2
            )
            for event, delay in seconds.items()
        )


async def told(floor: Floor, event: str, times: int) -> None:
    async def stands() -> bool:
        return [one for _, one in await floor.spoken()].count(event) == times

    await eventually(stands)


async def test_reminded_by_timers(floor: Floor) -> None:
    """In the queue, by a silent agent, to a silent consumer; with a transfer in between."""
    brand = floor.brand
    await timers(floor, waiting_in_queue=1, agent_silent=1, consumer_silent=2)
    await floor.text("hello")
    await told(floor, "waiting_in_queue", 2)
    await floor.assign(brand.ann.agent_id, "Ann")
    await told(floor, "agent_silent", 2)
    await floor.give(Reply(key="1", actor=brand.ann, text="Hi"))
    await floor.give(ToSkill(key="2", actor=brand.ann, skill_id=brand.sales))
    await floor.assign(brand.ben.agent_id, "Ben")
    await told(floor, "consumer_silent", 2)
    await record(floor, "reminded_by_timers")


async def test_held_and_sent_later(floor: Floor) -> None:
    brand = floor.brand
    await floor.text("hello")
    await floor.assign(brand.ann.agent_id, "Ann")
    await floor.give(Reply(key="1", actor=brand.ann, text="Hi"))
    await floor.give(HoldAutoClose(key="2", actor=brand.ann))
    later = [datetime.now(UTC) + timedelta(seconds=61), datetime.now(UTC) + timedelta(days=2)]
    for number, at in enumerate(later):
        text = ScheduleText(key=f"later {number}", actor=brand.ann, text="As promised", at=at)
        done = await floor.give(text)
    cancel = CancelScheduledText(key="3", actor=brand.ann, text_id=done.message_id or "")
    await floor.give(cancel)
    await floor.give(SetLanguage(key="4", actor=brand.ann, language="fr"))
    await floor.give(HoldAutoClose(key="5", actor=brand.ann, held=False))

    async def sent() -> bool:
        return "As promised" in await floor.phone()

    await eventually(sent, seconds=90)
    await record(floor, "held_and_sent_later")


async def test_opened_again_while_an_answer_may_come(floor: Floor) -> None:
    """The survey is ignored; an agent opens the next conversation while an answer may come."""
    brand = floor.brand
    async with floor.sessions.begin() as session:
        quick = Survey(account_id=brand.account_id, definition={"timeout": 60})
        session.add(quick)
    await floor.text("hello")
    await floor.assign(brand.ann.agent_id, "Ann")
    await floor.give(Close(key="1", actor=brand.ann))
    await expired(floor)
    again = OpenByAgent(key="2", actor=brand.ann, text="One more", skill_id=brand.support)
    await floor.conversations.open(floor.thread, again)
    await floor.text("thanks")
    await floor.give(Reply(key="3", actor=brand.ann, text="Bye"))
    await floor.give(Close(key="4", actor=brand.ann))
    await floor.when("survey")
    await floor.text("four")
    await finished(floor)
    await record(floor, "opened_again_while_an_answer_may_come")


async def expired(floor: Floor) -> None:
    async def is_over() -> bool:
        return (await floor.conversation()).status == "closed"

    await eventually(is_over, seconds=100)


async def test_chosen_at_once(idle_floor: Floor, database_url: str) -> None:
    """Choices that came with the journal's answers, and texts that came together."""
    floor, brand = idle_floor, idle_floor.brand
    reviving = Reviving(floor.sessions, floor.conversations)
    router = Router(floor.sessions, floor.conversations, reviving, database_url)
    async with working(floor, router):
        await be_online(floor, brand.ann.agent_id, brand.ben.agent_id)
        await floor.texts("hello", "are you there?", "my order is late")
        held = await floor.when("assigned")
        actor = brand.ann if held.agent_id == brand.ann.agent_id else brand.ben
        await floor.give(Reply(key="1", actor=actor, text="Hi"))
        await floor.give(ToSkill(key="2", actor=actor, skill_id=brand.sales))
        await floor.texts("well", "all right")
        row = await floor.when("assigned")
        actor = brand.ann if row.agent_id == brand.ann.agent_id else brand.ben
        await floor.give(Close(key="3", actor=actor))
        await floor.when("survey")
        await floor.text("5")
        await floor.when("closed")
        await finished(floor)
        await record(floor, "chosen_at_once")


async def test_gone_on_after_a_termination(floor: Floor) -> None:
    """A new workflow adopts what stands, and a router's choice that fits nothing makes it look."""
    brand = floor.brand
    await floor.text("hello")
    await floor.assign(brand.ann.agent_id, "Ann")
    await floor.give(Reply(key="1", actor=brand.ann, text="Hi"))
    await floor.client.get_workflow_handle(floor.thread.workflow_id).terminate()
    await floor.text("still there?")
    row = await floor.conversation()
    late = AgentAssigned(
        conversation_id=str(row.id), ticket=1, agent_id=brand.ben.agent_id, agent_name="Ben"
    )
    await floor.conversations.assigned(floor.thread.workflow_id, late)
    await floor.give(Reply(key="2", actor=brand.ann, text="Yes"))
    await floor.give(Close(key="3", actor=brand.ann))
    await floor.when("survey")
    await floor.text("4")
    await finished(floor)
    await record(floor, "gone_on_after_a_termination")
