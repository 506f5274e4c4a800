"""A conversation whose workflow or database stands elsewhere than people saw it goes on."""

from pathlib import Path
from uuid import uuid4

from psycopg import sql
from temporalio.api.common.v1 import WorkflowExecution
from temporalio.api.enums.v1 import EventType
from temporalio.api.workflowservice.v1 import ResetWorkflowExecutionRequest

from routing.reconciling import Reconciling
from routing.reviving import Reviving
from routing.watches import Watches
from temporal.conversations import ConversationClient
from tests.faults.consumer import Consumer
from tests.faults.installation import Installation
from tests.faults.kinds import ANSWER, HELLO
from tests.faults.patience import eventually
from tests.fixtures.moments import beside_the_product, connected, moment_of, put_back

LATER_ANSWER = "It leaves our house today."
THANKS = "Thank you, that is very kind of you."


async def test_a_workflow_reset_to_its_beginning_goes_on_from_where_the_conversation_stands(
    installation: Installation,
) -> None:
    consumer = await _in_a_conversation(installation, "reset")
    await _reset(installation, (await consumer.found()).newest.workflow_id)
    await consumer.reply(LATER_ANSWER)
    await consumer.text(THANKS)
    await _is_well(consumer)


async def test_a_text_brings_a_terminated_workflow_back(installation: Installation) -> None:
    consumer = await _in_a_conversation(installation, "terminated, text")
    await _terminate(consumer)
    await consumer.text(THANKS)
    await consumer.heard()
    await consumer.reply(LATER_ANSWER)
    await _is_well(consumer)


async def test_a_reply_brings_a_terminated_workflow_back(installation: Installation) -> None:
    consumer = await _in_a_conversation(installation, "terminated, reply")
    await _terminate(consumer)
    await consumer.reply(LATER_ANSWER)
    await consumer.text(THANKS)
    await _is_well(consumer)


async def test_a_watch_brings_a_terminated_workflow_back(installation: Installation) -> None:
    consumer = await _in_a_conversation(installation, "terminated, watched")
    await _terminate(consumer)
    conversations = ConversationClient(installation.client)
    reviving = Reviving(installation.sessions, conversations)

    async def runs() -> bool:
        await Watches(installation.sessions, conversations, reviving).sweep()
        found = (await consumer.found()).newest
        handle = installation.client.get_workflow_handle(found.workflow_id)
        status = (await handle.describe()).status
        return status is not None and status.name == "RUNNING"

    await eventually(runs)
    await consumer.reply(LATER_ANSWER)
    await consumer.text(THANKS)
    await _is_well(consumer)


async def test_conversations_go_on_when_temporal_is_restored_to_an_earlier_time(
    installation: Installation, tmp_path: Path
) -> None:
    known = await _in_a_conversation(installation, "Temporal restored")
    kept = tmp_path / "temporal.db"
    await installation.restart_temporal(keeping=kept)
    await known.text("Is it far away?")
    await known.heard()
    await known.reply(LATER_ANSWER)
    new = await _in_a_conversation(installation, "Temporal restored, new")

    await installation.restart_temporal(with_state=kept)

    await known.reply("Can I do anything else for you?")
    for consumer in (known, new):
        await consumer.text(THANKS)
        await consumer.heard()
    await new.reply("Can I do anything else for you?")
    await _is_well(known)
    await _is_well(new)


async def test_a_database_restored_to_an_earlier_time_gets_a_gap_and_mixes_nobody_up(
    installation: Installation,
) -> None:
    known = await _in_a_conversation(installation, "PostgreSQL restored")
    kept = await moment_of(_url(installation))
    said, replied = list(known.said), list(known.replies)
    await known.text("Is it far away?")
    await known.heard()
    await known.reply(LATER_ANSWER)
    gone = await _in_a_conversation(installation, "PostgreSQL restored, new")
    await put_back(_url(installation), kept)

    await known.text(THANKS)
    await gone.text("Where is my tent?")

    async def has_gap() -> bool:
        return (await known.found()).happened("history_missing") == 1

    await eventually(has_gap)
    await gone.when("assigned")
    await known.reply("You are welcome.")
    await gone.reply("Your tent comes on Friday.")
    found, other = await known.found(), await gone.found()
    assert found.said_by("consumer") == [*said, THANKS]
    assert found.said_by("agent") == [*replied, "You are welcome."]
    assert other.said_by("consumer") == ["Where is my tent?"]
    assert other.said_by("agent") == ["Your tent comes on Friday."]

    async def have_arrived() -> bool:
        phones = (await known.found()).phone, (await gone.found()).phone
        return phones[0][-1] == "You are welcome." and phones[1][-1] == "Your tent comes on Friday."

    await eventually(have_arrived)
    phones = (await known.found()).phone, (await gone.found()).phone
    assert [phone.count("You are welcome.") for phone in phones] == [1, 0]
    assert [phone.count("Your tent comes on Friday.") for phone in phones] == [0, 1]


async def test_a_refused_reply_tells_a_restored_database_that_the_conversation_was_closed(
    installation: Installation,
) -> None:
    """Else the agent would read for hours that it is closed, and see it open."""
    known = await _in_a_conversation(installation, "PostgreSQL restored, closed")
    kept = await moment_of(_url(installation))
    await known.command("POST", "close")
    await known.when("survey", "closed")
    await put_back(_url(installation), kept)
    assert (await known.rows())[-1].status == "assigned"
    path = f"/v1/conversations/{(await known.rows())[-1].id}/replies"
    holder = (await known.rows())[-1].agent_id
    assert holder
    done = await installation.insist(
        holder, "POST", path, {"text": LATER_ANSWER}, unless="conversation_in_survey"
    )
    assert not done
    await known.when("survey", "closed")


async def test_conversations_go_on_when_temporals_namespace_is_lost(
    installation: Installation, tmp_path: Path
) -> None:
    """What was said stands in the database; what Temporal alone knew is handed over again."""
    known = await _in_a_conversation(installation, "namespace lost")
    idle = await _in_a_conversation(installation, "namespace lost, idle")
    installation.end_workers()
    installation.at_work = None
    await known.text("Is it far away?")  # taken: it waits in Temporal, which is lost
    await installation.restart_temporal(with_state=tmp_path / "nothing")
    installation.at_work = installation.start_work()
    reconciling = Reconciling(installation.sessions, ConversationClient(installation.client))
    assert (await reconciling.heal()).told >= 2

    await idle.text(THANKS)
    await idle.reply(LATER_ANSWER)
    await _hand_over_again(installation)
    await known.heard()
    await known.reply(LATER_ANSWER)
    await _is_well(known)
    await _is_well(idle)


async def test_a_conversation_deleted_from_the_database_is_written_again_with_a_gap(
    installation: Installation,
) -> None:
    known = await _in_a_conversation(installation, "row deleted")
    said, replied = list(known.said), list(known.replies)
    await _delete(installation, (await known.found()).newest.id)
    assert (await known.found()).conversations == []
    reconciling = Reconciling(installation.sessions, ConversationClient(installation.client))

    async def is_repaired() -> bool:
        differences = await reconciling.compare()
        await reconciling.repair(differences)
        return bool((await known.found()).conversations)

    async def is_heard() -> bool:
        """Texts of then are handed over again, so they may stand behind the new one."""
        heard = (await known.found()).said_by("consumer")
        return set(heard) <= {*said, THANKS} and THANKS in heard

    await known.text(THANKS)
    await eventually(is_repaired)
    await eventually(is_heard)
    await known.reply("You are welcome.")
    found = await known.found()
    assert found.happened("history_missing") == 1
    assert set(found.said_by("agent")) <= {*replied, "You are welcome."}
    assert found.said_by("agent")[-1] == "You are welcome."


async def _hand_over_again(installation: Installation) -> None:
    """Do what a watch does some minutes later with texts that are in no transcript."""
    await beside_the_product(lambda: _handed_over_again(installation))


async def _handed_over_again(installation: Installation) -> None:
    async with await connected(_url(installation)) as connection:
        await connection.execute(
            "UPDATE inbound SET handed_over_at = NULL "
            "WHERE NOT EXISTS (SELECT FROM message WHERE message.id = inbound.id)"
        )


async def _delete(installation: Installation, conversation_id: str) -> None:
    """Delete a conversation and all that is about it, as somebody at a SQL prompt does."""
    await beside_the_product(lambda: _deleted(installation, conversation_id))


async def _deleted(installation: Installation, conversation_id: str) -> None:
    async with await connected(_url(installation)) as connection:
        await connection.execute("SET session_replication_role = replica")
        rows = await connection.execute(
            "SELECT DISTINCT table_name FROM information_schema.columns JOIN pg_tables "
            "ON tablename = table_name AND schemaname = 'public' "
            "WHERE column_name = 'conversation_id' AND table_schema = 'public'"
        )
        for (name,) in await rows.fetchall():
            of = sql.SQL("DELETE FROM {} WHERE conversation_id = %s").format(sql.Identifier(name))
            await connection.execute(of, [conversation_id])
        await connection.execute("DELETE FROM conversation WHERE id = %s", [conversation_id])


async def _in_a_conversation(installation: Installation, name: str) -> Consumer:
    """Return a consumer who has been answered."""
    installation.at_work = installation.at_work or installation.start_work()
    consumer = Consumer(installation, name)
    await consumer.text(HELLO)
    await consumer.when("assigned")
    await consumer.reply(ANSWER)
    await _is_well(consumer)
    return consumer


async def _is_well(consumer: Consumer) -> None:
    async def is_well() -> bool:
        return not await consumer.wrong()

    try:
        await eventually(is_well)
    except TimeoutError:
        assert await consumer.wrong() == []


async def _terminate(consumer: Consumer) -> None:
    found = (await consumer.found()).newest
    await consumer.installation.client.get_workflow_handle(found.workflow_id).terminate()


async def _reset(installation: Installation, workflow_id: str) -> None:
    handle = installation.client.get_workflow_handle(workflow_id)
    completed = EventType.EVENT_TYPE_WORKFLOW_TASK_COMPLETED
    first = next(
        event.event_id
        for event in (await handle.fetch_history()).events
        if event.event_type == completed
    )
    await installation.client.workflow_service.reset_workflow_execution(
        ResetWorkflowExecutionRequest(
            namespace=installation.client.namespace,
            workflow_execution=WorkflowExecution(workflow_id=workflow_id),
            reason="test",
            workflow_task_finish_event_id=first,
            request_id=uuid4().hex,
        )
    )


def _url(installation: Installation) -> str:
    return str(installation.settings.database.database_url)
