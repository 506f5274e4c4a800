"""Scripted conversations whose histories are recorded. Not collected by a test run: a recording
is made once, by hand, when a conversation can take a new course.
"""

from datetime import UTC, datetime, timedelta

from sqlalchemy import insert, update

from database.tables import Account, AutomaticTimer, Survey
from routing.reviving import Reviving
from routing.router import Router
from tests.fixtures.centre import Centre, eventually, working
from tests.histories.record import keep
from tests.routing.test_at_once import be_online
from tests.workflows.test_taking import ring
from workflows.conversation.commands import (
    AcceptOffer,
    AddNote,
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
from workflows.conversation.commands import TransferToSkill as ToSkill
from workflows.conversation.messages import AgentAssigned, AgentLeft


async def record(centre: Centre, name: str, *, run_id: str | None = None) -> None:
    handle = centre.client.get_workflow_handle(centre.thread.workflow_id, run_id=run_id)
    history = await handle.fetch_history()
    keep(name, history.to_json())


async def finished(centre: Centre) -> None:
    await centre.client.get_workflow_handle(centre.thread.workflow_id).result()


async def lapsed(centre: Centre) -> None:
    async def rings_no_more() -> bool:
        return (await centre.conversation()).offered_agent_id is None

    await eventually(rings_no_more)


async def test_rated_after_a_transfer(centre: Centre) -> None:
    brand = centre.brand
    await centre.text("hello")
    await centre.assign(brand.ann.agent_id, "Ann")
    await centre.give(Reply(key="1", actor=brand.ann, text="Hi"))
    await centre.give(AddNote(key="2", actor=brand.ann, text="A note"))
    await centre.give(ToSkill(key="3", actor=brand.ann, skill_id=brand.sales, note="Buys"))
    await centre.assign(brand.ben.agent_id, "Ben")
    await centre.give(Reply(key="4", actor=brand.ben, text="Sales here"))
    await centre.give(Close(key="5", actor=brand.ben))
    await centre.when("survey")
    await centre.text("3 or 4")
    await asked_again(centre)
    await centre.text("4 but slow")
    await centre.when("closed")
    await finished(centre)
    await record(centre, "rated_after_a_transfer")


async def test_still_open_with_an_agent(centre: Centre) -> None:
    brand = centre.brand
    done = OpenByAgent(key="1", actor=brand.ann, text="Your order", skill_id=brand.support)
    await centre.conversations.open(centre.thread, done)
    await centre.text("thanks")
    await centre.give(ReturnToQueue(key="2", actor=brand.ann, note="busy"))
    await centre.assign(brand.ben.agent_id, "Ben")
    transfer = TransferToAgent(
        key="3", actor=brand.ben, agent_id=brand.ann.agent_id, agent_name="Ann"
    )
    await centre.give(transfer)
    await centre.assign(brand.ann.agent_id, "Ann")
    await centre.give(Reply(key="4", actor=brand.ann, text="Here again"))

    async def sent() -> bool:
        return "Here again" in await centre.phone()

    await eventually(sent)
    await record(centre, "still_open_with_an_agent")


async def test_opted_out(centre: Centre) -> None:
    await centre.text("hello")
    await centre.assign(centre.brand.ann.agent_id, "Ann")
    await centre.text("STOP", keyword="stop", provider_handled=False)
    await centre.when("closed")
    await finished(centre)
    await record(centre, "opted_out")


async def test_second_conversation_within_a_run(centre: Centre) -> None:
    """The survey lets go of a new request, which opens the next conversation in place."""
    brand = centre.brand
    await centre.text("hello")
    await centre.assign(brand.ann.agent_id, "Ann")
    await centre.give(Close(key="1", actor=brand.ann))
    await centre.when("survey")
    await centre.text("where is my order?")
    await centre.when("waiting")
    await record(centre, "second_conversation_within_a_run")


async def test_carried_over_from_a_survey(centre: Centre) -> None:
    """What crossed the question and what was not read opens the next conversation."""
    brand = centre.brand
    early = datetime.now(UTC) - timedelta(minutes=1)
    await centre.text("hello")
    await centre.assign(brand.ann.agent_id, "Ann")
    await centre.give(Close(key="1", actor=brand.ann))
    await centre.when("survey")
    await centre.text("2", received_at=early)
    await centre.text("ok thanks")
    await centre.text("hm")
    await asked_again(centre)
    await centre.text("5 but where is it?")
    await centre.when("waiting")
    await centre.assign(brand.ben.agent_id, "Ben")
    await centre.give(Reply(key="2", actor=brand.ben, text="It is on its way"))
    await record(centre, "carried_over_from_a_survey")


async def asked_again(centre: Centre) -> None:
    async def stands() -> bool:
        return any(said == "survey_retry" for _, said in await centre.spoken())

    await eventually(stands)
    await centre.when("survey")


async def test_rolled_over(centre: Centre) -> None:
    await centre.text("first")
    await centre.assign(centre.brand.ann.agent_id, "Ann")
    handle = centre.client.get_workflow_handle(centre.thread.workflow_id)
    first = (await handle.describe()).run_id
    for number in range(16):
        await centre.text(f"text {number}")
        await centre.give(Reply(key=f"r{number}", actor=centre.brand.ann, text=f"reply {number}"))

    async def rolled() -> bool:
        return (await handle.describe()).run_id != first

    await eventually(rolled)
    await record(centre, "rolled_over_first_run", run_id=first)
    await centre.text("one more")
    await centre.give(Reply(key="1", actor=centre.brand.ann, text="Yes"))
    await record(centre, "rolled_over_second_run")


async def test_rang_lapsed_and_taken(centre: Centre) -> None:
    """Declined, let pass, accepted, lost, picked up: the offer's timer is a short one."""
    brand = centre.brand
    async with centre.sessions.begin() as session:
        quick = update(Account).where(Account.id == brand.account_id)
        await session.execute(quick.values(ring_timeout_seconds=2))
    await centre.text("hello")
    await ring(centre, brand.ann)
    await centre.give(DeclineOffer(key="1", actor=brand.ann))
    await ring(centre, brand.ben)
    await lapsed(centre)
    await ring(centre, brand.ann)
    await centre.give(AcceptOffer(key="2", actor=brand.ann))
    held = await centre.when("assigned")
    left = AgentLeft(agent_id=brand.ann.agent_id, conversation_id=str(held.id))
    await centre.conversations.agent_left(centre.thread.workflow_id, left)
    await centre.when("waiting")
    await centre.give(PickUp(key="3", actor=brand.ben))
    await centre.give(Reply(key="4", actor=brand.ben, text="Hi"))
    await centre.give(Close(key="5", actor=brand.ben))
    await centre.when("survey")
    await centre.text("5")
    await centre.when("closed")
    await finished(centre)
    await record(centre, "rang_lapsed_and_taken")


async def test_taken_over_by_a_manager(centre: Centre) -> None:
    """With response times and silence watched: a nudge, a text, and a new agent."""
    brand = centre.brand
    async with centre.sessions.begin() as session:
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
    await centre.text("hello")
    await centre.assign(brand.ann.agent_id, "Ann")
    await centre.when("waiting")
    await centre.assign(brand.ann.agent_id, "Ann")
    await centre.give(SetResponseTime(key="1", actor=brand.ann, seconds=7200))
    await centre.give(JoinConversation(key="2", actor=manager))
    await centre.give(LeaveConversation(key="3", actor=manager))
    await centre.give(TakeOver(key="4", actor=manager))
    await centre.give(Reply(key="5", actor=manager, text="I see to it."))
    await record(centre, "taken_over_by_a_manager")


async def timers(centre: Centre, **seconds: int) -> None:
    """Let timed messages come after so many seconds, twice."""
    async with centre.sessions.begin() as session:
        session.add_all(
            AutomaticTimer(
                account_id=centre.brand.account_id, event=event, delay_seconds=delay, repeats=2
            )
            for event, delay in seconds.items()
        )


async def told(centre: Centre, event: str, times: int) -> None:
    async def stands() -> bool:
        return [one for _, one in await centre.spoken()].count(event) == times

    await eventually(stands)


async def test_reminded_by_timers(centre: Centre) -> None:
    """In the queue, by a silent agent, to a silent consumer; with a transfer in between."""
    brand = centre.brand
    await timers(centre, waiting_in_queue=1, agent_silent=1, consumer_silent=2)
    await centre.text("hello")
    await told(centre, "waiting_in_queue", 2)
    await centre.assign(brand.ann.agent_id, "Ann")
    await told(centre, "agent_silent", 2)
    await centre.give(Reply(key="1", actor=brand.ann, text="Hi"))
    await centre.give(ToSkill(key="2", actor=brand.ann, skill_id=brand.sales))
    await centre.assign(brand.ben.agent_id, "Ben")
    await told(centre, "consumer_silent", 2)
    await record(centre, "reminded_by_timers")


async def test_held_and_sent_later(centre: Centre) -> None:
    brand = centre.brand
    await centre.text("hello")
    await centre.assign(brand.ann.agent_id, "Ann")
    await centre.give(Reply(key="1", actor=brand.ann, text="Hi"))
    await centre.give(HoldAutoClose(key="2", actor=brand.ann))
    later = [datetime.now(UTC) + timedelta(seconds=61), datetime.now(UTC) + timedelta(days=2)]
    for number, at in enumerate(later):
        text = ScheduleText(key=f"later {number}", actor=brand.ann, text="As promised", at=at)
        done = await centre.give(text)
    cancel = CancelScheduledText(key="3", actor=brand.ann, text_id=done.message_id or "")
    await centre.give(cancel)
    await centre.give(SetLanguage(key="4", actor=brand.ann, language="fr"))
    await centre.give(HoldAutoClose(key="5", actor=brand.ann, held=False))

    async def sent() -> bool:
        return "As promised" in await centre.phone()

    await eventually(sent, seconds=90)
    await record(centre, "held_and_sent_later")


async def test_opened_again_while_an_answer_may_come(centre: Centre) -> None:
    """The survey is ignored; an agent opens the next conversation while an answer may come."""
    brand = centre.brand
    async with centre.sessions.begin() as session:
        quick = Survey(account_id=brand.account_id, definition={"timeout": 60})
        session.add(quick)
    await centre.text("hello")
    await centre.assign(brand.ann.agent_id, "Ann")
    await centre.give(Close(key="1", actor=brand.ann))
    await expired(centre)
    again = OpenByAgent(key="2", actor=brand.ann, text="One more", skill_id=brand.support)
    await centre.conversations.open(centre.thread, again)
    await centre.text("thanks")
    await centre.give(Reply(key="3", actor=brand.ann, text="Bye"))
    await centre.give(Close(key="4", actor=brand.ann))
    await centre.when("survey")
    await centre.text("four")
    await finished(centre)
    await record(centre, "opened_again_while_an_answer_may_come")


async def test_held_in_quiet_hours(centre: Centre) -> None:
    """An agent opens at eleven in the evening: the text waits, and the consumer texts first."""
    brand = centre.brand
    zone = f"Etc/GMT{(datetime.now(UTC).hour - 23 + 12) % 24 - 12:+}"
    async with centre.sessions.begin() as session:
        quiet = update(Account).where(Account.id == brand.account_id)
        await session.execute(quiet.values(holds_quiet_hours=True, time_zone=zone))
    first = OpenByAgent(key="1", actor=brand.ann, text="Your order left", skill_id=brand.support)
    await centre.conversations.open(centre.thread, first)
    await centre.text("hello")
    await centre.give(Reply(key="2", actor=brand.ann, text="Hi"))
    await centre.give(Close(key="3", actor=brand.ann))
    await centre.when("survey")
    await centre.text("4")
    await finished(centre)
    await record(centre, "held_in_quiet_hours")


async def expired(centre: Centre) -> None:
    async def is_over() -> bool:
        return (await centre.conversation()).status == "closed"

    await eventually(is_over, seconds=100)


async def test_chosen_at_once(idle_centre: Centre, database_url: str) -> None:
    """Choices that came with the journal's answers, and texts that came together."""
    centre, brand = idle_centre, idle_centre.brand
    reviving = Reviving(centre.sessions, centre.conversations)
    router = Router(centre.sessions, centre.conversations, reviving, database_url)
    async with working(centre, router):
        await be_online(centre, brand.ann.agent_id, brand.ben.agent_id)
        await centre.texts("hello", "are you there?", "my order is late")
        held = await centre.when("assigned")
        actor = brand.ann if held.agent_id == brand.ann.agent_id else brand.ben
        await centre.give(Reply(key="1", actor=actor, text="Hi"))
        await centre.give(ToSkill(key="2", actor=actor, skill_id=brand.sales))
        await centre.texts("well", "all right")
        row = await centre.when("assigned")
        actor = brand.ann if row.agent_id == brand.ann.agent_id else brand.ben
        await centre.give(Close(key="3", actor=actor))
        await centre.when("survey")
        await centre.text("5")
        await centre.when("closed")
        await finished(centre)
        await record(centre, "chosen_at_once")


async def test_gone_on_after_a_termination(centre: Centre) -> None:
    """A new workflow adopts what stands, and a router's choice that fits nothing makes it look."""
    brand = centre.brand
    await centre.text("hello")
    await centre.assign(brand.ann.agent_id, "Ann")
    await centre.give(Reply(key="1", actor=brand.ann, text="Hi"))
    await centre.client.get_workflow_handle(centre.thread.workflow_id).terminate()
    await centre.text("still there?")
    row = await centre.conversation()
    late = AgentAssigned(
        conversation_id=str(row.id), ticket=1, agent_id=brand.ben.agent_id, agent_name="Ben"
    )
    await centre.conversations.assigned(centre.thread.workflow_id, late)
    await centre.give(Reply(key="2", actor=brand.ann, text="Yes"))
    await centre.give(Close(key="3", actor=brand.ann))
    await centre.when("survey")
    await centre.text("4")
    await finished(centre)
    await record(centre, "gone_on_after_a_termination")
