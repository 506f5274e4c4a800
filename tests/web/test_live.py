"""The workspace's live stream: what it brings, where it goes on, and when it ends."""

from collections.abc import Collection, Mapping
from uuid import UUID

import pytest
from sqlalchemy import delete
from sqlalchemy.ext.asyncio import AsyncSession

from api.schemas.shared import Answer
from database.queries.conversations import ListedConversation
from database.tables import Session
from services.looking import conversations as looking
from tests.api.conftest import Office
from tests.fixtures.centre import Centre, eventually
from tests.web.at_the_workspace import entries, following, held, listing, said
from tests.web.conftest import Browsing
from web.own import Own
from web.streams import ReloadMessage
from web.transcripts import wire as transcripts
from web.workspace import presenting, wire
from workflows.conversation.commands import Close


def texts(came: list[Answer]) -> list[str]:
    """Return the texts among the entries that came."""
    parts = (message for message in came if isinstance(message, transcripts.Entries))
    return [entry.message.text for part in parts for entry in part.entries if entry.message]


def rows(came: list[Answer]) -> list[wire.Row]:
    return [
        message.conversation for message in came if isinstance(message, wire.ConversationMessage)
    ]


@pytest.fixture
async def conversation(centre: Centre) -> UUID:
    """A conversation that Ann holds."""
    return await held(centre, "first words")


async def test_a_text_comes_into_list_and_transcript(
    browsing: Browsing, office: Office, centre: Centre, conversation: UUID
) -> None:
    async with browsing(office.brand.ann) as ann:
        before = await listing(ann, "mine")
        place = f"view=mine&conversation={conversation}&after={before.as_of}"
        async with following(ann, place) as stream:
            await stream.begins()
            await centre.text("<i>second</i> words")
            came = await stream.until(lambda message: isinstance(message, wire.Counts))
    assert texts(came) == ["<i>second</i> words"]
    [row] = rows(came)
    assert (row.last_text, row.as_of > before.as_of) == ("<i>second</i> words", True)
    assert came[-1] == wire.Counts(mine=1, unanswered=1, snoozed=0, waiting=0)


async def test_a_page_that_has_another_conversation_open_gets_the_row_and_no_entries(
    browsing: Browsing, office: Office, centre: Centre, conversation: UUID
) -> None:
    async with browsing(office.brand.ann) as ann, following(ann) as stream:
        await stream.begins()
        await centre.text("second words")
        came = await stream.until(lambda message: isinstance(message, wire.Counts))
    assert texts(came) == []
    assert [(row.id, row.last_text) for row in rows(came)] == [(conversation, "second words")]


async def test_a_stream_that_reconnects_gets_each_text_once(
    browsing: Browsing, office: Office, centre: Centre, conversation: UUID
) -> None:
    place = f"view=mine&conversation={conversation}&after=0"
    async with browsing(office.brand.ann) as ann:
        async with following(ann, place) as stream:
            before = await stream.words("Assigned to Ann")
            before += await stream.caught_up()
        await centre.text("while nobody listened")
        async with following(ann, place, Last_Event_ID=stream.last_id) as again:
            after = await again.words("while nobody listened")
            after += await again.caught_up()
    assert texts(before).count("first words") == 1
    assert "first words" not in texts(after)
    assert texts(after).count("while nobody listened") == 1


async def test_a_page_that_shows_more_than_a_restored_database_has_loads_all_again(
    browsing: Browsing, office: Office
) -> None:
    async with browsing(office.brand.mia) as mia, following(mia, "after=4711") as stream:
        came = await stream.words("as_of")
    assert isinstance(came[-1], ReloadMessage)


async def test_an_event_changes_what_the_open_conversation_allows(
    browsing: Browsing, office: Office, centre: Centre, conversation: UUID
) -> None:
    place = f"view=mine&conversation={conversation}"
    async with browsing(office.brand.ann) as ann, following(ann, place) as stream:
        await stream.begins()
        await centre.give(Close(key="c1", actor=office.brand.ann))
        closing = await stream.words("It cannot be changed until that is over.")
        closing += await stream.words("Closed by Ann")
        await centre.when("survey")
        await centre.text("5")
        rated = await stream.until(lambda message: isinstance(message, wire.NoticeMessage))
    [opened] = [
        message.opened
        for message in closing
        if isinstance(message, wire.ConversationMessage) and message.opened
    ][-1:]
    assert not opened.rights.may_reply
    [own] = [message for message in rated if isinstance(message, Own)]
    assert own.ratings.percent == 100
    notice = rated[-1]
    assert isinstance(notice, wire.NoticeMessage)
    assert notice.rating.words == "Rated 5 of 5"


async def test_an_agent_reads_no_more_once_a_waiting_conversation_went_to_another(
    browsing: Browsing, office: Office, centre: Centre
) -> None:
    await centre.text("hello")
    conversation = await centre.when("waiting")
    place = f"view=waiting&conversation={conversation.id}"
    async with browsing(office.brand.ben) as ben, following(ben, place) as stream:
        await stream.begins()
        await centre.assign(office.brand.ann.agent_id, "Ann")
        came = await stream.until(lambda message: isinstance(message, wire.GoneMessage))
    assert came[-1] == wire.GoneMessage(conversation_id=conversation.id)
    assert "talking to Ann" not in str(texts(came))


async def test_what_another_agent_got_while_it_was_read_is_not_told(
    browsing: Browsing, office: Office, centre: Centre, monkeypatch: pytest.MonkeyPatch
) -> None:
    read = looking.read_changed

    async def slowly(
        session: AsyncSession, account_id: str, ids: Collection[UUID]
    ) -> Mapping[UUID, ListedConversation]:
        monkeypatch.undo()
        await centre.assign(office.brand.ann.agent_id, "Ann")
        await centre.text("only for Ann")
        await eventually(said_to_ann)
        return await read(session, account_id, ids)

    async def said_to_ann() -> bool:
        return "only for Ann" in [text.text for text in await centre.transcript()]

    await centre.text("hello")
    conversation = await centre.when("waiting")
    place = f"view=waiting&conversation={conversation.id}"
    async with browsing(office.brand.ben) as ben, following(ben, place) as stream:
        await stream.begins()
        monkeypatch.setattr(presenting, "read_changed", slowly)
        await centre.text("anybody there?")
        came = await stream.until(lambda message: isinstance(message, wire.GoneMessage))
    assert "Ann" not in str(texts(came)) + str(rows(came))


async def test_a_stream_ends_with_its_log_in(
    browsing: Browsing, office: Office, centre: Centre, conversation: UUID
) -> None:
    place = f"view=mine&conversation={conversation}"
    async with browsing(office.brand.ann) as ann, following(ann, place) as stream:
        await stream.begins()
        async with office.sessions.begin() as session:
            await session.execute(delete(Session))
        await centre.text("not for them any more")
        came = await stream.words("nothing of the kind")
    assert "not for them any more" not in texts(came)


async def test_what_is_read_and_what_comes_agree(
    browsing: Browsing, office: Office, conversation: UUID
) -> None:
    place = f"view=mine&conversation={conversation}&after=0"
    async with browsing(office.brand.ann) as ann:
        read = (await entries(ann, conversation)).entries
        async with following(ann, place) as stream:
            came = await stream.words("Assigned to Ann")
            came += await stream.caught_up()
    by_id = {
        entry.id: entry
        for message in came
        if isinstance(message, transcripts.Entries)
        for entry in message.entries
    }
    assert [said(entry) for entry in read] == [said(by_id[entry.id]) for entry in read]
