"""The operators' status page: what is stuck is seen and freed, by operators and nobody else."""

import asyncio
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import httpx2
import pytest
from sqlalchemy import insert, select
from temporalio.api.taskqueue.v1 import TaskQueue
from temporalio.api.workflowservice.v1 import PollWorkflowTaskQueueRequest
from temporalio.client import Client

from api.codec import OPERATOR_COOKIE
from database.engine import Sessions
from database.queries.operating.processes import ProcessKind
from database.tables import (
    ConnectorPause,
    Inbound,
    Line,
    LineRefusal,
    Operator,
    OperatorAction,
    Process,
)
from runtime.heartbeat import Heartbeat
from security.passwords import OPERATOR_PREFIX, digest, new_secret
from security.secrets import Keyring
from services.operating import processes
from services.operating.processes import Complaint
from settings import Settings
from temporal import missed_runs
from temporal.standings import FAILURES, failing_since, standing_of
from tests.api.conftest import Office, served
from tests.fixtures.brand import ENCRYPTION_KEYS
from tests.fixtures.centre import Centre, eventually
from tests.fixtures.read_only import read_only
from tests.web.conftest import Browsing
from workflows.conversation.messages import WORKFLOW

SECRET_WORDS = "my order number is 4711"


@pytest.fixture
async def token(office: Office) -> str:
    """An operator's token."""
    made = new_secret(OPERATOR_PREFIX)
    async with office.sessions.begin() as session:
        await session.execute(insert(Operator).values(name="olga", token_hash=digest(made)))
    return made


@asynccontextmanager
async def operating(office: Office, token: str) -> AsyncIterator[httpx2.AsyncClient]:
    """Open the page as an operator who logged in."""
    async with office.calling(X_Switchboard="1") as browser:
        assert (await browser.post("/operator", data={"token": token})).status_code == 303
        yield browser


async def _press(browser: httpx2.AsyncClient, remedy: str, subject: str, **more: str) -> str:
    """Press a button; returns the page that it leads to."""
    form = {"remedy": remedy, "subject": subject, **more}
    answer = await browser.post("/operator/free", data=form)
    assert answer.status_code == 303, answer.text
    return str(answer.headers["Location"])


async def _seen(browser: httpx2.AsyncClient, words: str) -> str:
    """Return the page when it says something, which Temporal's lists may say late."""

    async def look() -> str | None:
        answer = await browser.get("/operator/now")
        assert answer.status_code == 200, answer.headers.get("Location")
        return answer.text if words in answer.text else None

    page = await eventually(look)
    assert page is not None
    return page


async def test_nobody_but_operators_sees_anything(
    office: Office, token: str, browsing: Browsing
) -> None:
    async with office.calling() as nobody, browsing(office.ada) as ada:
        for browser in (nobody, ada):
            page = await browser.get("/operator")
            assert ("Operator's token" in page.text, "Processes" in page.text) == (True, False)
            assert (await browser.get("/operator/now")).headers["Location"] == "/operator"
            assert (await browser.get(f"/operator/end?subject={uuid4()}")).status_code == 404
            told = await browser.get("/operator/status.json")
            assert (told.status_code, told.json()["code"]) == (401, "not_authenticated")
            form = {"remedy": "end", "subject": str(uuid4()), "is_sure": "true"}
            same_site = {"X-Switchboard": "1"}
            pressed = await browser.post("/operator/free", data=form, headers=same_site)
            assert pressed.status_code == 404
    async with office.person(office.ada) as ada, office.calling(token) as program:
        assert (await ada.get("/operator/status.json")).status_code == 401
        assert (await program.get("/operator/status.json")).json()["database"] == "up"
    async with office.calling(Cookie=f"{OPERATOR_COOKIE}={token}", Origin="https://x.test") as evil:
        form = {"remedy": "look", "subject": "sms/a/b"}
        assert (await evil.post("/operator/free", data=form)).status_code == 403


async def test_wrong_tokens_are_counted_like_wrong_passwords(office: Office, token: str) -> None:
    async with office.calling(X_Switchboard="1") as guesser:
        for _ in range(10):
            wrong = await guesser.post("/operator", data={"token": "swo_guessed"})
            assert wrong.status_code == 401
        assert (await guesser.post("/operator", data={"token": token})).status_code == 429


async def test_a_terminated_workflow_is_seen_and_started_again_by_a_button(
    office: Office, centre: Centre, token: str
) -> None:
    await centre.text(SECRET_WORDS)
    row = await centre.when("waiting")
    await centre.client.get_workflow_handle(centre.thread.workflow_id).terminate()
    async with operating(office, token) as browser, office.calling(token) as program:
        page = await _seen(browser, str(row.id))
        assert "Open conversations without a workflow" in page
        told = (await program.get("/operator/status.json")).json()
        [one] = [one for one in told["stuck"]["found"] if one["subject"] == str(row.id)]
        assert (one["trouble"], list(one["remedies"])) == ("no_workflow", ["revive", "end"])
        for words in (page, (await program.get("/operator/status.json")).text):
            assert SECRET_WORDS not in words
            assert "+15550123" not in words
        for _ in range(2):
            assert await _press(browser, "revive", str(row.id)) == "/operator?done=revive-done"
        assert await centre.conversations.is_running(centre.thread.workflow_id)
        page = (await browser.get("/operator?done=revive-done")).text
        assert page.count("Started its workflow again") == 3  # the result, and both in the list
        assert "olga" in page
        # By now it works, so that an old page can no longer end it.
        asked = await _press(browser, "end", str(row.id))
        assert "cannot be taken back" in (await browser.get(asked)).text
        sure = await _press(browser, "end", str(row.id), is_sure="true")
        assert sure == "/operator?done=end-needless"
        await centre.client.get_workflow_handle(centre.thread.workflow_id).terminate()
        sure = await _press(browser, "end", str(row.id), is_sure="true")
        assert sure == "/operator?done=end-done"
        assert (await centre.when("closed")).close_reason == "system"
        assert (await browser.post("/operator/free", data={"remedy": "dance"})).status_code == 422
        for odd in ("no-id", "maintenance/watches", str(uuid4())):
            form = {"remedy": "revive" if "/" not in odd else "look", "subject": odd}
            assert (await browser.post("/operator/free", data=form)).status_code == 404
    async with office.sessions() as session:
        done = (await session.scalars(select(OperatorAction).order_by(OperatorAction.id))).all()
    assert [(one.operator, one.remedy, one.outcome) for one in done] == [
        ("olga", "revive", "done"),
        ("olga", "revive", "done"),
        ("olga", "end", "needless"),
        ("olga", "end", "done"),
    ]
    assert {one.account_id for one in done} == {office.brand.account_id}


async def test_the_page_shows_the_rest_and_says_that_schedules_could_not_be_asked(
    office: Office, centre: Centre, token: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(missed_runs, "QUERY", "no question that Temporal understands")
    await centre.text(SECRET_WORDS)
    row = await centre.when("waiting")
    await centre.client.get_workflow_handle(centre.thread.workflow_id).terminate()
    async with operating(office, token) as browser, office.calling(token) as program:
        page = await _seen(browser, str(row.id))
        assert "Open conversations without a workflow" in page
        assert "Only 0 schedules with a failed run could be asked" in page
        told = (await program.get("/operator/status.json")).json()
    assert (told["temporal"], told["is_well"]) == ("up", False)
    assert told["stuck"]["all_schedules_asked"] is False


async def test_the_page_says_that_an_older_temporal_does_not_know_which_workflows_fail(
    office: Office, centre: Centre, token: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("temporal.conversations.STUCK", 'TemporalUnknown IN ("anything")')
    async with operating(office, token) as browser, office.calling(token) as program:
        page = await _seen(browser, "1.30 or later does")
        assert "Temporal does not answer" not in page
        told = (await program.get("/operator/status.json")).json()
    assert (told["temporal"], told["is_well"]) == ("up", False)
    assert told["stuck"]["failing_known"] is False


async def test_a_workflow_whose_tasks_fail_is_started_again_from_the_database(
    office: Office, centre: Centre, token: str
) -> None:
    await centre.text("hello")
    await centre.when("waiting")
    workflow = centre.thread.workflow_id
    await _broken(centre.client, workflow, centre.conversations.task_queue)

    async def fails() -> bool:
        standing = await standing_of(centre.client, workflow)
        return standing.is_failing

    await eventually(fails)
    async with operating(office, token) as browser:
        assert await _press(browser, "move", workflow) == "/operator?done=move-needless"
        assert await _press(browser, "restart", workflow) == "/operator?done=restart-done"

    async def works() -> bool:
        standing = await standing_of(centre.client, workflow)
        return standing.is_running and standing.tries == 0

    await eventually(works)
    await centre.text("still there?")

    async def is_told() -> bool:
        return len([one for one in await centre.transcript() if one.author == "consumer"]) == 2

    await eventually(is_told)


async def test_a_starved_workflow_fails_since_its_first_loss_whatever_is_signalled_meanwhile(
    centre: Centre,
) -> None:
    client, workflow, queue = centre.client, f"starved/{uuid4()}", f"starved-{uuid4()}"
    second = timedelta(seconds=1)
    its = await client.start_workflow(WORKFLOW, id=workflow, task_queue=queue, task_timeout=second)
    request = PollWorkflowTaskQueueRequest(
        namespace=client.namespace, task_queue=TaskQueue(name=queue)
    )

    async def losses() -> list[datetime]:
        lost = [one async for one in its.fetch_history_events() if one.event_type in FAILURES]
        return [one.event_time.ToDatetime(UTC) for one in lost]

    for _ in range(3):  # a worker that takes a task and has no time for it, while a text comes
        await client.workflow_service.poll_workflow_task_queue(request)
        await eventually(losses)
        await asyncio.sleep(1.2)
        await its.signal("anything")
    await client.workflow_service.poll_workflow_task_queue(request)
    standings = {workflow: await standing_of(client, workflow)}
    assert (await failing_since(client, standings))[workflow] == (await losses())[0]
    await its.terminate()


async def _broken(client: Client, workflow: str, queue: str) -> None:
    """Put a workflow in the place of another that cannot read what it was started with."""
    await client.get_workflow_handle(workflow).terminate()
    await client.start_workflow(WORKFLOW, "nonsense", id=workflow, task_queue=queue)


async def test_a_text_in_no_transcript_is_handed_over_again_by_a_button(
    office: Office, centre: Centre, token: str
) -> None:
    text = uuid4()
    async with office.sessions.begin() as session:
        line = await session.get_one(Line, office.brand.line_id)
        session.add(
            Inbound(
                id=text,
                account_id=office.brand.account_id,
                connector_id=line.connector_id,
                line_id=line.id,
                consumer_id=UUID(centre.thread.consumer_id),
                provider_message_id="SM1",
                text=SECRET_WORDS,
                received_at=datetime.now(UTC) - timedelta(minutes=7),
                handed_over_at=datetime.now(UTC) - timedelta(seconds=90),
                hand_overs=2,
            )
        )
    async with operating(office, token) as browser:
        page = await _seen(browser, str(text))
        assert "Consumers’ texts in no transcript" in page
        assert "7 min" in page, "since it came, and not since it was last handed over"
        assert SECRET_WORDS not in page
        assert await _press(browser, "hand_over", str(text)) == "/operator?done=hand_over-done"
        again = await _press(browser, "hand_over", str(text))
        assert again == "/operator?done=hand_over-needless"
    async with office.sessions() as session:
        query = select(Inbound.handed_over_at).where(Inbound.id == text)
        assert (await session.scalars(query)).one() is None


async def test_what_is_paused_or_refused_is_said_with_its_account(
    office: Office, token: str
) -> None:
    now = datetime.now(UTC)
    async with office.sessions.begin() as session:
        line = await session.get_one(Line, office.brand.line_id)
        why = {"code": "account_suspended", "sentence": "+15550123 is suspended", "tries": 2}
        pause = {"connector_id": line.connector_id, "account_id": line.account_id, **why}
        session.add(ConnectorPause(**pause, paused_at=now, try_at=now))
        session.add(LineRefusal(line_id=line.id, reason="unknown_number", last_at=now, times=3))
    async with operating(office, token) as browser:
        page = await _seen(browser, "Paused connectors")
        assert "account_suspended" in page
        assert "+15550123" not in page
        assert "Texts for an unknown number" in page


async def test_processes_beat_and_those_that_do_not_fit_are_complained_of(
    office: Office, token: str
) -> None:
    sessions, keyring = office.sessions, Keyring.parse(ENCRYPTION_KEYS)
    heart = Heartbeat.create(sessions, ProcessKind.worker, "blue", keyring)
    beating = asyncio.create_task(heart.run())
    async with operating(office, token) as browser:
        page = await _seen(browser, "blue")
        assert "No worker runs" not in page
        async with sessions.begin() as session:
            now = datetime.now(UTC)
            odd = {"schema_revision": "older", "version": "0.0.1", "clock_seconds": 300.0}
            named = {"kind": "worker", "name": "green", "identity": "1@green", "started_at": now}
            keys = {"key_marks": ["other/0123"]}
            session.add(Process(id=uuid4(), **odd, **named, **keys, seen_at=now))
            long_ago = now - timedelta(minutes=2)
            right = {"schema_revision": "older", "version": "0.0.1", "clock_seconds": 0.0}
            lost = {"kind": "api", "name": "grey", "identity": "1@grey", "started_at": long_ago}
            session.add(Process(id=uuid4(), **right, **lost, seen_at=long_ago))
        page = await _seen(browser, "green")
        for words in ("Wrong clock", "Other schema", "Does not answer", "side by side", "+300.0 s"):
            assert words in page
        assert page.count("Lacks a key") >= 2  # each lacks the other's
    beating.cancel()
    with pytest.raises(asyncio.CancelledError):
        await beating
    found = await processes.look(sessions, None, datetime.now(UTC))
    names = [one.process.name for one in found.seen if one.process.kind == "worker"]
    assert names == ["green"]
    assert Complaint.versions in found.complaints


@pytest.mark.parametrize("ahead", [timedelta(minutes=-5), timedelta(minutes=5)])
async def test_a_worker_that_asks_for_work_is_not_complained_of_when_the_servers_clocks_differ(
    session_factory: Sessions, ahead: timedelta
) -> None:
    """`ahead`: Temporal's clock before PostgreSQL's."""
    now = datetime.now(UTC)
    async with session_factory.begin() as session:
        for name in ("busy", "hung", "gone"):
            row = {"kind": "worker", "name": name, "identity": f"1@{name}", "version": "0.0.1"}
            at = {"started_at": now - timedelta(days=1), "seen_at": now}
            more = {"schema_revision": "x", "clock_seconds": 0.0, "key_marks": []}
            session.add(Process(id=uuid4(), **row, **at, **more))
    asked = {"1@busy": now + ahead, "1@hung": now + ahead - timedelta(minutes=4)}
    found = await processes.look(session_factory, asked, now)
    idle = {one.process.name for one in found.seen if Complaint.not_polling in one.complaints}
    assert idle == {"hung", "gone"}


async def test_ages_and_clocks_are_told_as_they_are_for_the_database(
    office: Office, token: str
) -> None:
    started = {"green": timedelta(hours=2, minutes=5, seconds=30), "blue": timedelta(days=3)}
    async with office.sessions.begin() as session:
        now = datetime.now(UTC)
        for name, clock in (("green", -12.34), ("blue", 0.04)):
            row = {"kind": "worker", "name": name, "identity": f"1@{name}", "version": "0.0.1"}
            at = {"started_at": now - started[name], "seen_at": now - timedelta(seconds=90)}
            more = {"schema_revision": "x", "clock_seconds": clock, "key_marks": []}
            session.add(Process(id=uuid4(), **row, **at, **more))
    async with operating(office, token) as browser:
        page = await _seen(browser, "blue")
    rows = {name: _row_of(page, name) for name in started}
    assert "-12.3 s" in rows["green"]
    assert "(2 h 5 min ago)" in rows["green"]
    assert re.search(r"\(1 min (3|4|5)\d s ago\)|\([2-9] min[ \d s]* ago\)", rows["green"])
    assert "0 s" in rows["blue"]
    assert "(3 days ago)" in rows["blue"]
    assert re.search(r"As of \d\d:\d\d:\d\d UTC", page)


def _row_of(page: str, name: str) -> str:
    """Return the row of a process, as it is read."""
    [row] = [one for one in page.split("<tr ") if f"<bdi>{name}</bdi>" in one]
    return re.sub(r"<[^>]+>", " ", row.partition("</tr>")[0])


async def test_the_page_says_that_the_database_takes_no_writes(
    settings: Settings, token: str, database_url: str
) -> None:
    shown = {"Authorization": f"Bearer {token}", "Cookie": f"{OPERATOR_COOKIE}={token}"}
    with read_only(database_url):
        async with served(settings) as url, httpx2.AsyncClient(base_url=url, headers=shown) as ours:
            page = (await ours.get("/operator")).text
            told = (await ours.get("/operator/status.json")).json()
    assert "Database takes no writes" in page
    assert "No worker runs" not in page
    assert (told["database"], told["is_well"]) == ("down", False)
