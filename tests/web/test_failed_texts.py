"""What agents read about failed texts; managers read the provider's code besides."""

from datetime import UTC, datetime
from uuid import UUID

from database.direct import in_session
from database.engine import Sessions
from database.queries.delivery import DeliveryFailure, report
from domain.conversation.kinds import Status
from domain.delivery.message_status import MessageStatus
from tests.api.conftest import Office
from tests.database.transcripts import new_conversation
from tests.web.at_the_workspace import entries, following
from tests.web.conftest import Browsing
from tests.web.test_waiting_texts import write
from web.transcripts import wire as transcripts

CONGESTED = "The carrier was congested. It was not delivered. Send it again later."


async def failed(sessions: Sessions, text: UUID) -> None:
    failure = DeliveryFailure("congested", CONGESTED, "30022")
    async with sessions.begin() as session:
        at, word = datetime.now(UTC), MessageStatus.undelivered
        assert await report(in_session(session), text, word, failure=failure, at=at)


async def test_agents_read_what_to_do(office: Office, browsing: Browsing) -> None:
    brand, sessions = office.brand, office.sessions
    held = await new_conversation(sessions, brand, Status.assigned, agent_id=brand.ann.agent_id)
    [text] = await write(sessions, brand, held, "Hello")
    await failed(sessions, text)
    for reader in (brand.ann, brand.mia, office.ada):
        async with browsing(reader) as browser:
            [entry] = (await entries(browser, held)).entries
            assert entry.message
            assert (entry.delivery, entry.message.failure_sentence) == ("Not delivered", CONGESTED)
            path = f"/v1/conversations/{held}/transcript"
            [shown] = (await browser.get(path)).json()["items"]
            told = (shown["failure_code"], shown["failure_sentence"], shown["provider_code"])
            assert told == ("congested", CONGESTED, "30022")
            events = (await browser.get(f"/v1/conversations/{held}/events")).json()["items"]
            assert events[-1]["data"]["failure_sentence"] == CONGESTED
            assert events[-1]["data"]["provider_code"] == "30022"


async def test_an_open_page_is_told_when_a_text_fails(office: Office, browsing: Browsing) -> None:
    brand, sessions = office.brand, office.sessions
    held = await new_conversation(sessions, brand, Status.assigned, agent_id=brand.ann.agent_id)
    [text] = await write(sessions, brand, held, "Hello")
    place = f"view=all&conversation={held}"
    async with browsing(brand.mia) as mia, following(mia, place) as stream:
        await stream.begins()
        await failed(sessions, text)
        came = (await stream.words(CONGESTED))[-1]
    assert isinstance(came, transcripts.Entries)
    assert [one.message and one.message.provider_code for one in came.entries] == ["30022"]
