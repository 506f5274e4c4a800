"""Everything about a number is erased, wherever it was, and nothing else is."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, cast
from uuid import UUID, uuid4

import pytest
from sqlalchemy import func, insert, select, update
from sqlalchemy import text as sql

from activities.erasing import Erasing
from database.engine import Sessions
from database.erasing.tables import IMPERSONAL, PERSONAL
from database.queries import erasures
from database.queries.consumers import with_phone
from database.queries.invitations import NewInvitation, invite
from database.queries.standalone import NewText
from database.tables import (
    AuditEntry,
    Batch,
    BatchRecipient,
    BulkItem,
    BulkJob,
    Consent,
    ConsentEvent,
    Consumer,
    Conversation,
    Draft,
    Erasure,
    Export,
    ExportSchedule,
    Idempotency,
    MediaFile,
    Message,
    NamedView,
    PhoneCall,
)
from database.tables.base import Table
from domain.erasure.kinds import ErasureStatus
from domain.errors import Unavailable
from domain.numbers.phone_numbers import phone_of
from domain.origins.kinds import OriginKind
from domain.people.roles import Role
from media.keys import key_of
from media.opening import create_store
from reporting import recounting
from reporting.following import Following
from routing.neglected import erasure_watch
from services.backends import Backends
from services.caller import Caller
from services.erasing import erasures as service
from services.erasing.erasures import WhoseNumber
from temporal.conversations import Thread
from temporal.erasures import ErasureClient
from tests.erasing.mortal import Died, Mortal
from tests.erasing.remains import histories, in_store, in_tables
from tests.fixtures.centre import Centre, eventually
from tests.ingress.carrier import create_intake, text
from tests.services.callers import person
from workflows.conversation.commands import AddNote, Close, Reply

NUMBER = "+4917612345678"
SHOWN, NATIONAL = "+49 176 12345678", "0176 12345678"
"""As our pages show it, and as it is dialled in its country."""
DIGITS = "17612345678"
BY_NAME = {"name": "kookaburra", "label": ["refund"]}
ANOTHERS = {"name": "Joe Other", "label": ["refund"]}
DAILY = {
    **{"name": "Daily", "kind": "messages", "format": "csv", "every": "day", "hour": 5},
    **{"split_by": "day"},
}
WORDS = ("zebrafinch", "quokka", "axolotl", "pangolin", "narwhal", "kookaburra", "bandicoot")


def test_every_table_is_erased_from_or_holds_nothing_personal() -> None:
    tables = set(Table.metadata.tables)
    assert tables - PERSONAL.keys() - IMPERSONAL.keys() == set(), (
        "add a table that holds something about a consumer to PERSONAL, any other to IMPERSONAL"
    )
    assert not PERSONAL.keys() & IMPERSONAL.keys()
    assert (PERSONAL.keys() | IMPERSONAL.keys()) - tables == set()


@dataclass
class Story:
    """A consumer of the centre about whom there is something everywhere."""

    centre: Centre
    consumer_id: UUID
    file_id: UUID

    @property
    def admin(self) -> Caller:
        mia = self.centre.brand.mia.model_copy(update={"role": Role.admin})
        return person(self.centre.brand.account_id, mia)

    @property
    def backends(self) -> Backends:
        return Backends(self.centre.sessions, self.centre.conversations)

    async def ask(self, reason: str = f"Asked from {NUMBER}, {SHOWN}, {NATIONAL}") -> Erasure:
        return await service.ask(self.admin, self.backends, WhoseNumber(number=NUMBER), reason)

    async def when_over(self, erasure_id: UUID) -> Erasure:
        async def ended() -> Erasure | None:
            async with self.centre.sessions() as session:
                found = await erasures.find(session, self.admin.account_id, erasure_id)
                return found if found.ended_at else None

        found = await eventually(ended)
        assert found is not None
        return found

    async def row(self) -> Consumer:
        async with self.centre.sessions() as session:
            return (
                await session.scalars(select(Consumer).where(Consumer.id == self.consumer_id))
            ).one()


async def receive(centre: Centre, body: str, *, sender: str = NUMBER, **more: str) -> UUID:
    """Let a text arrive as a webhook brings it, and be handed over."""
    stored = await create_intake(centre.sessions).write(
        centre.brand.line_id, text(body, sender=sender, **more)
    )
    assert stored is not None
    at = stored.thread
    thread = Thread(at.account_id, at.line_id, str(at.consumer_id), f"{sender} on Support")
    await centre.conversations.hand_over(thread, [stored.text])
    async with centre.sessions.begin() as session:
        await session.execute(sql("UPDATE inbound SET handed_over_at = now()"))
    return at.consumer_id


async def told(centre: Centre) -> Story:
    """Return a consumer with a rated conversation, and an open one with a file and a note."""
    brand = centre.brand
    await _notified(centre)
    consumer_id = await receive(centre, "a zebrafinch please")
    thread = Thread(brand.account_id, brand.line_id, str(consumer_id), f"{NUMBER} on Support")
    theirs = centre.on(thread)
    await theirs.assign(brand.ann.agent_id, "Ann")
    await theirs.give(Reply(key="r1", actor=brand.ann, text="No quokka here"))
    await theirs.give(Close(key="c1", actor=brand.ann))
    await theirs.when("survey")
    await receive(centre, "5 but the axolotl was slow")
    rated = await theirs.when("closed")
    assert (rated.survey_score, rated.survey_comment) != (None, None)
    media = {"NumMedia": "1", "MediaUrl0": "https://x.test/a", "MediaContentType0": "image/png"}
    await receive(centre, "pangolin", **media)
    await theirs.assign(brand.ann.agent_id, "Ann")
    await theirs.give(AddNote(key="n1", actor=brand.ann, text="a narwhal, I think"))
    story = Story(theirs, consumer_id, await _file(centre))
    await _fill(story, await theirs.conversation())
    return story


async def _notified(centre: Centre) -> None:
    """Have a program's text sent, whose title is about the consumer."""
    brand, id_, at = centre.brand, uuid4(), datetime.now(UTC) - timedelta(minutes=5)
    async with centre.sessions.begin() as session:
        consumer = await with_phone(session, brand.account_id, phone_of(NUMBER))
        text = NewText(id_, brand.account_id, brand.line_id, consumer.id, "It is ready.", at)
        new = NewInvitation(
            text=text,
            kind=OriginKind.notification,
            origin_id=str(id_),
            title="Appointment of Mrs Bandicoot",
            skill_id=brand.support,
            look_back=timedelta(hours=1),
        )
        await invite(session, new)
        left = update(Message).where(Message.id == id_)
        await session.execute(left.values(status="sent", attempted_at=at, look_up_at=None))


async def _file(centre: Centre) -> UUID:
    async with centre.sessions() as session:
        file_id = (await session.scalars(select(MediaFile.id))).one()
    store = create_store(centre.settings.media)
    await store.put(key_of(centre.brand.account_id, file_id), b"a picture of a quokka")
    return file_id


def _export(status: str) -> dict[str, Any]:
    wanted: dict[str, Any] = {
        "kind": "conversations",
        "format": "csv",
        "filters": {"number": SHOWN},
    }
    return {"id": uuid4(), "status": status, **wanted}


async def _fill(story: Story, row: Conversation) -> None:
    """Write what other parts of the product would, wherever a number or a word may stand."""
    centre, brand = story.centre, story.centre.brand
    now, of_account = datetime.now(UTC), {"account_id": brand.account_id}
    who = {"name": "Jo Kookaburra", "email": "jo@kookaburra.test"}
    batch, line = uuid4(), {"line_id": brand.line_id, "skill_id": brand.support}
    async with centre.sessions.begin() as session:
        await session.execute(
            update(Consumer).where(Consumer.id == story.consumer_id).values(**who)
        )
        for table, values in (
            (
                Draft,
                {
                    "agent_id": brand.ann.agent_id,
                    "conversation_id": row.id,
                    "surface": "reply",
                    "text": "dear quokka",
                    "revision": 1,
                },
            ),
            (NamedView, {"name": "One number", "filters": {"number": NUMBER}}),
            (NamedView, {"name": f"From {SHOWN}", "filters": {"number": SHOWN}}),
            (NamedView, {"name": "Jo", "of_history": True, "filters": {"filters": BY_NAME}}),
            (NamedView, {"name": "Joe", "of_history": True, "filters": {"filters": ANOTHERS}}),
            (ExportSchedule, {"id": uuid4(), "filters": BY_NAME, **DAILY}),
            (ExportSchedule, {"id": uuid4(), "filters": ANOTHERS, **DAILY}),
            (
                AuditEntry,
                {
                    "action": "changed",
                    "subject": "label",
                    "subject_id": "x",
                    "name": NUMBER,
                    "before": {"a": f"of {NUMBER}"},
                    "after": {},
                },
            ),
            (
                Idempotency,
                {
                    "caller": "x",
                    "key": "k",
                    "fingerprint": "f",
                    "status": 200,
                    "body": {"id": str(row.id), "text": "No quokka here"},
                },
            ),
            (
                PhoneCall,
                {"caller": f"tel:{NUMBER}", "language": "en", "look_back_seconds": 60, **line},
            ),
            (
                Batch,
                {
                    "id": batch,
                    "title": "Spring",
                    "text": "{word}",
                    "look_back_seconds": 3600,
                    "status": "paused",
                    **line,
                },
            ),
        ):
            await session.execute(insert(table).values(**of_account, **values))
        for status in ("expired", "failed", "cancelled"):
            await session.execute(insert(Export).values(**of_account, **_export(status)))
        recipient = {"batch_id": batch, "place": 1, "phone": NUMBER, "number": NUMBER}
        more = {"text": "pangolin", "segments": 1, "forced_by": "", "zone": "", "status": "waiting"}
        await session.execute(insert(BatchRecipient).values(**recipient, **more))
        job = {"id": uuid4(), "kind": "transfer", "status": "done", "total": 1, "ended_at": now}
        given = {"kind": "transfer", "skill": brand.sales, "note": "wants a narwhal"}
        by = {"agent_id": brand.mia.agent_id, "input": given}
        await session.execute(insert(BulkJob).values(**of_account, **job, **by))
        item = {"job_id": job["id"], "position": 1, "conversation_id": row.id, "state": "done"}
        await session.execute(insert(BulkItem).values(**item))
        evidence = {"kind": "opted_out", "source": "api", "scope": "line:elsewhere"}
        await session.execute(
            insert(ConsentEvent).values(
                consumer_id=story.consumer_id, **of_account, **evidence, evidence="quokka form"
            )
        )
        await session.execute(
            insert(Consent).values(
                consumer_id=story.consumer_id, scope="account", is_opted_out=True, changed_at=now
            )
        )


async def test_an_erased_number_is_found_nowhere_and_stays_opted_out(centre: Centre) -> None:
    story = await told(centre)
    await _recorded(centre)
    before = await _shape(centre)
    sought = [DIGITS, SHOWN, NATIONAL, *WORDS]
    assert {
        "conversation_record",
        "message",
        "inbound",
        "latest_step",
        "invitation",
        "bulk_job",
        "consumer",
        "named_view",
        "audit_entry",
    } <= set(await in_tables(centre.sessions, sought))
    async with centre.sessions() as session:
        held = await service.held(story.admin, session, WhoseNumber(number=NUMBER))
    assert (held.counts["conversations"], held.counts["files"]) == (2, 1)
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(ErasureClient, "start", away)
        asked = await story.ask()
        assert (await story.ask()).id == asked.id
    await dies_everywhere(story, asked.id)
    await go_on_by_itself(centre)
    over = await story.when_over(asked.id)
    assert over.counts["conversations"] == 2
    assert await in_tables(centre.sessions, sought) == {}
    await _recorded(centre)
    await recounting.recount(centre.sessions, centre.brand.account_id)
    assert await in_tables(centre.sessions, sought) == {}, "nothing is made anew of it"
    store = create_store(centre.settings.media)
    assert await in_store(store, [key_of(centre.brand.account_id, story.file_id)]) == []
    workflow = story.centre.thread.workflow_id
    assert [raw async for raw in histories(centre.client, workflow)] == []
    assert await _shape(centre) == before
    assert (await story.row()).erased_at is not None
    await _others_stay(centre)
    await _comes_back(story)


async def _others_stay(centre: Centre) -> None:
    """What asks for somebody else goes on; what asked for the consumer stops without their name."""
    async with centre.sessions() as session:
        views = select(NamedView.name).where(NamedView.of_history)
        assert list(await session.scalars(views)) == ["Joe"]
        rows = {
            str(one.filters): one.paused_at for one in await session.scalars(select(ExportSchedule))
        }
    assert rows[str(ANOTHERS)] is None
    assert rows[str({"label": ["refund"]})] is not None


async def _recorded(centre: Centre) -> None:
    url = str(centre.settings.database.database_url)
    await Following(centre.sessions, url).read([centre.brand.account_id])


async def away(*_: object) -> None:
    raise Unavailable


async def dies_everywhere(story: Story, erasure_id: UUID) -> None:
    """Erase with workers that die a little later each time, until all rows are gone."""
    centre, lives = story.centre, 0
    store = create_store(centre.settings.media)
    while True:
        lives += 1
        mortal = cast(Sessions, Mortal(centre.sessions, lives))
        try:
            done = await Erasing(mortal, store, centre.conversations).go_on(erasure_id)
        except Died:
            continue
        if done.status == ErasureStatus.histories:
            return


async def go_on_by_itself(centre: Centre) -> None:
    """Let the time pass after which a lost erasure is started again."""
    async with centre.sessions.begin() as session:
        await session.execute(update(Erasure).values(due_at=datetime.now(UTC)))
    client = ErasureClient(centre.client, centre.conversations.task_queue)
    await erasure_watch(centre.sessions, client).start_neglected()


async def _shape(centre: Centre) -> list[object]:
    """Return what figures are made of."""
    async with centre.sessions() as session:
        rows = await session.execute(
            select(Conversation.id, Conversation.survey_score, Conversation.opened_at)
        )
        texts = select(Message.author, func.count()).where(Message.author.in_(("consumer", "note")))
        return [
            sorted(map(str, rows)),
            sorted(map(str, await session.execute(texts.group_by(Message.author)))),
        ]


async def _comes_back(story: Story) -> None:
    """The number texts again: it is a new consumer's, who has opted out as before."""
    new = await receive(story.centre, "hello again")
    assert new != story.consumer_id
    async with story.centre.sessions() as session:
        kept = select(Consent.scope).where(Consent.consumer_id == new, Consent.is_opted_out)
        assert list(await session.scalars(kept)) == ["account"]
        source = select(ConsentEvent.source).where(ConsentEvent.consumer_id == new)
        assert list(await session.scalars(source)) == ["erasure"]
