"""What agents read about failed texts, and what managers and admins read besides."""

from datetime import UTC, datetime
from uuid import UUID

from database.direct import in_session
from database.engine import Sessions
from database.queries.delivery import DeliveryFailure, report
from domain.conversation.kinds import Status
from domain.delivery.message_status import MessageStatus
from tests.api.conftest import Office
from tests.database.transcripts import new_conversation
from tests.web.conftest import Browsing
from tests.web.test_live import Stream
from tests.web.test_waiting_texts import write

CONGESTED = "The carrier was congested. It was not delivered. Send it again later."
CODE = "Provider code: 30022."


async def failed(sessions: Sessions, text: UUID) -> None:
    failure = DeliveryFailure("congested", CONGESTED, "30022")
    async with sessions.begin() as session:
        at, word = datetime.now(UTC), MessageStatus.undelivered
        assert await report(in_session(session), text, word, failure=failure, at=at)


async def test_agents_read_what_to_do_and_managers_the_providers_code_too(
    office: Office, browsing: Browsing
) -> None:
    brand, sessions = office.brand, office.sessions
    held = await new_conversation(sessions, brand, Status.assigned, agent_id=brand.ann.agent_id)
    [text] = await write(sessions, brand, held, "Hello")
    await failed(sessions, text)
    pages = {}
    for reader in (brand.ann, brand.mia, office.ada):
        async with browsing(reader) as browser:
            pages[reader.name] = (await browser.get(f"/workspace/{held}?view=all")).text
            path = f"/v1/conversations/{held}/transcript"
            [shown] = (await browser.get(path)).json()["items"]
            told = (shown["failure_code"], shown["failure_sentence"], shown["provider_code"])
            assert told == ("congested", CONGESTED, "30022")
            events = (await browser.get(f"/v1/conversations/{held}/events")).json()["items"]
            assert events[-1]["data"]["failure_sentence"] == CONGESTED
            assert events[-1]["data"]["provider_code"] == "30022"
    assert all(CONGESTED in page for page in pages.values())
    assert [CODE in page.replace("&#39;", "'") for page in pages.values()] == [False, True, True]


async def test_a_managers_open_page_is_told_the_code_when_a_text_fails(
    office: Office, browsing: Browsing
) -> None:
    brand, sessions = office.brand, office.sessions
    held = await new_conversation(sessions, brand, Status.assigned, agent_id=brand.ann.agent_id)
    [text] = await write(sessions, brand, held, "Hello")
    live = f"/workspace/live?view=all&conversation={held}"
    async with browsing(brand.mia) as mia, mia.stream("GET", live) as answer:
        stream = Stream(answer)
        await stream.until("")
        await failed(sessions, text)
        came = await stream.until("data-position")
    assert CONGESTED in came
    assert CODE in came.replace("&#39;", "'")
