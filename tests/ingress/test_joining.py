"""Parts of consumers' long texts: joined where the connector says so, and nothing is lost."""

import asyncio
from base64 import b64encode
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from uuid import uuid4

import pytest
from sqlalchemy import func, select, update
from sqlalchemy import text as sql

from database.engine import Sessions
from database.tables import Connector, ConsentEvent, Inbound, InboundPart, MediaFile
from domain.conversation.effects import MediaRef
from ingress.joining import settle_due
from ingress.sweeper import Sweeper
from providers.contract import InboundText, TextPart
from tests.fixtures.brand import LINE_NUMBER, Brand
from tests.ingress.carrier import ADA, IngressScenario, request, text

BOB = "+15550124"


@dataclass
class Phone:
    """Texts in parts, as a provider's adapter reads them."""

    ingress: IngressScenario
    brand: Brand
    sessions: Sessions
    database_url: str

    async def part(
        self,
        number: int,
        total: int,
        words: str,
        *,
        reference: str = "7f",
        message: str | None = None,
        sender: str = ADA,
        media: Sequence[str] = (),
    ) -> None:
        """Take a part as its webhook does, and wait until what is ready is handed over."""
        part = TextPart(reference, number, total)
        files = tuple(MediaRef(url=url, content_type="image/jpeg") for url in media)
        message = message or uuid4().hex
        read = InboundText(message, sender, LINE_NUMBER, words, media=files, part=part)
        webhooks, asked = self.ingress.webhooks, request(self.brand.line_id, text("x"))
        at, adapter = await webhooks.authenticator.admit(
            webhooks.sessions, "twilio", self.brand.line_id, asked
        )
        if stored := await webhooks.receiver.take(at, adapter, read, asked):
            self.ingress.handover.add(stored)
        await self.ingress.handover.settle()

    async def text(self, words: str) -> None:
        await self.ingress.take(self.brand.line_id, text(words))

    async def wait(self, *, window: timedelta = timedelta(seconds=61)) -> None:
        """Let time pass, and a sweeper look."""
        async with self.sessions.begin() as session:
            await session.execute(
                update(Inbound).values(
                    received_at=Inbound.received_at - window,
                    joining_until=Inbound.joining_until - window,
                )
            )
        await self.sweeper.sweep()

    @property
    def sweeper(self) -> Sweeper:
        return Sweeper(self.sessions, self.ingress.conversations, self.database_url)

    @property
    def read(self) -> list[str]:
        """What the conversation was given, each text once."""
        return self.ingress.conversations.distinct


async def set_segments(sessions: Sessions, word: str) -> None:
    async with sessions.begin() as session:
        await session.execute(update(Connector).values(segments=word))


@pytest.fixture
async def phone(
    ingress: IngressScenario, brand: Brand, session_factory: Sessions, database_url: str
) -> Phone:
    await set_segments(session_factory, "joined")
    return Phone(ingress, brand, session_factory, database_url)


async def test_parts_out_of_order_and_doubled_are_one_text(phone: Phone) -> None:
    await phone.part(3, 3, "three", message="third")
    await phone.part(1, 3, "one ")
    await phone.part(3, 3, "three", message="third")
    await phone.part(3, 3, "three", message="the same under another id")
    assert phone.read == []
    await phone.part(2, 3, "two ")
    assert phone.read == ["one two three"]
    await phone.part(2, 3, "two ", message="doubled afterwards")
    await phone.wait()
    assert phone.read == ["one two three"]


async def test_parts_that_come_at_once_are_one_text_and_are_kept(
    phone: Phone, session_factory: Sessions
) -> None:
    await asyncio.gather(*(phone.part(n, 8, f"{n} ") for n in range(1, 9) for _ in range(2)))
    assert phone.read == ["1 2 3 4 5 6 7 8 "]
    async with session_factory() as session:
        assert await session.scalar(select(func.count()).select_from(InboundPart)) == 16


async def test_a_text_stands_where_its_first_part_arrived(phone: Phone) -> None:
    await phone.part(2, 2, "behind")
    await phone.text("a text of its own")
    assert phone.read == [], "it waits behind the long one"
    await phone.part(1, 2, "before and ")
    assert phone.read == ["before and behind", "a text of its own"]


async def test_a_part_that_never_comes_is_marked_when_the_window_ends(phone: Phone) -> None:
    await phone.part(1, 3, "one", sender=BOB)
    await phone.part(3, 3, "three", sender=BOB)
    await phone.sweeper.sweep()
    assert phone.read == []
    await phone.wait()
    assert phone.read == ["one [part 2 of 3 is missing] three"]


async def test_later_texts_wait_no_longer_than_the_window(phone: Phone) -> None:
    await phone.part(1, 2, "half of it")
    await phone.text("Are you there?")
    await phone.wait()
    assert phone.read == ["half of it [part 2 of 2 is missing]", "Are you there?"]


async def test_a_late_part_is_a_text_that_says_what_it_belongs_to(
    phone: Phone, session_factory: Sessions
) -> None:
    await phone.part(1, 2, "first half,")
    await phone.wait()
    await phone.part(2, 2, "second half", message="late")
    await phone.part(2, 2, "second half", message="late")
    assert phone.read[1:] == ["[late: part 2 of 2] second half"]
    async with session_factory() as session:
        late = (await session.scalars(select(InboundPart).where(InboundPart.number == 2))).one()
        own = (await session.scalars(select(Inbound).where(Inbound.id == late.late_id))).one()
        long = (await session.scalars(select(Inbound).where(Inbound.id == late.inbound_id))).one()
    assert own.text == "[late: part 2 of 2] second half"
    assert long.text.startswith("first half,")


async def test_two_texts_with_the_same_reference_stay_two(phone: Phone) -> None:
    for number, words in ((1, "red "), (1, "blue "), (2, "apple"), (2, "sky")):
        await phone.part(number, 2, words)
    await phone.part(1, 3, "another total")
    await phone.part(1, 2, "another phone", sender=BOB)
    assert phone.read == ["red apple", "blue sky"]


async def test_a_thousand_parts_with_one_reference_are_bounded_and_kept(
    phone: Phone, session_factory: Sessions
) -> None:
    for number in range(30):
        await phone.part(1, 255, f"number {number} ", reference="00")
    async with session_factory() as session:
        waiting = select(func.count()).where(Inbound.joining_until.is_not(None))
        assert await session.scalar(waiting) == 10
    await phone.wait()
    assert [words.split(" [")[0].strip() for words in phone.read] == [
        f"number {number}" for number in range(30)
    ]


@pytest.mark.parametrize("place", [(5, 3), (0, 2), (1, 999), (2, -1)])
async def test_a_part_that_cannot_be_is_a_text_of_its_own(
    phone: Phone, place: tuple[int, int]
) -> None:
    await phone.part(*place, "STOP")
    assert phone.read == ["STOP"]
    assert await consents(phone.sessions) == []


async def test_stop_waits_for_nothing(phone: Phone) -> None:
    await phone.part(1, 2, "I have had enough")
    await phone.text("STOP")
    assert await consents(phone.sessions) == ["opted_out"]
    assert phone.read == ["I have had enough [part 2 of 2 is missing]", "STOP"]


async def test_a_part_that_reads_stop_does_not_opt_out_and_the_whole_is_read_as_any_text(
    phone: Phone,
) -> None:
    await phone.part(1, 2, "STOP")
    await phone.part(2, 2, " sending the blue ones")
    assert phone.read == ["STOP sending the blue ones"]
    assert await consents(phone.sessions) == []
    await phone.part(2, 2, "OP")
    await phone.part(1, 2, "ST")
    assert phone.read[1:] == ["STOP"]
    assert await consents(phone.sessions) == ["opted_out"]


async def test_a_text_of_one_part_is_a_lone_text(phone: Phone) -> None:
    await phone.part(1, 1, "STOP")
    assert phone.read == ["STOP"]
    assert await consents(phone.sessions) == ["opted_out"]


async def test_parts_stay_apart_unless_the_connector_joins_them_and_are_known_either_way(
    phone: Phone,
) -> None:
    await set_segments(phone.sessions, "separate")
    phone.ingress.webhooks.authenticator._known.clear()
    await phone.part(2, 2, "two", message="second")
    await phone.part(1, 2, "one", message="first")
    assert phone.read == ["two", "one"]
    await set_segments(phone.sessions, "joined")
    phone.ingress.webhooks.authenticator._known.clear()
    await phone.part(2, 2, "two", message="second")
    await phone.part(1, 2, "one", message="first")
    await phone.wait()
    assert phone.read == ["two", "one"]


async def test_many_sweepers_end_a_window_once(phone: Phone, session_factory: Sessions) -> None:
    for sender in (ADA, BOB):
        await phone.part(1, 2, f"from {sender}", sender=sender)
    await phone.wait(window=timedelta(0))
    async with session_factory.begin() as session:
        await session.execute(sql("UPDATE inbound SET joining_until = now()"))
    await asyncio.gather(*(settle_due(session_factory) for _ in range(4)))
    await phone.wait()
    await phone.sweeper.sweep()
    assert sorted(phone.ingress.conversations.texts) == [
        f"from {sender} [part 2 of 2 is missing]" for sender in (ADA, BOB)
    ]


async def test_words_in_base64_are_unwrapped_whether_they_come_whole_or_in_parts(
    phone: Phone,
) -> None:
    words = "I ordered two lamps last week, and only one of them has arrived."
    wrapped = b64encode(words.encode()).decode()
    await phone.text(wrapped)
    await phone.part(2, 2, wrapped[50:])
    await phone.part(1, 2, wrapped[:50])
    assert phone.read == [words, words]
    await set_segments(phone.sessions, "separate")
    phone.ingress.webhooks.authenticator._known.clear()
    await phone.part(1, 2, wrapped, reference="80")
    assert phone.read == [words, words, words]


async def test_a_clock_that_is_set_back_makes_nobody_wait(
    phone: Phone, session_factory: Sessions
) -> None:
    await phone.part(1, 2, "from the future")
    await phone.wait(window=timedelta(hours=-1))
    async with session_factory() as session:
        assert (await session.scalars(select(Inbound.joining_until))).one() is None


async def test_a_very_long_text_is_cut_and_marked_as_any_other(
    phone: Phone, session_factory: Sessions
) -> None:
    for number in range(1, 41):
        await phone.part(number, 40, "x" * 153)
    async with session_factory() as session:
        row = (await session.scalars(select(Inbound))).one()
    assert (len(row.text), row.is_truncated) == (5000, True)


async def consents(sessions: Sessions) -> list[str]:
    async with sessions() as session:
        return list(await session.scalars(select(ConsentEvent.kind).order_by(ConsentEvent.id)))


@pytest.mark.parametrize("comes", [True, False])
async def test_files_of_parts_are_fetched_when_the_text_is_whole_or_no_longer_waited_for(
    phone: Phone, session_factory: Sessions, comes: bool
) -> None:
    await phone.part(1, 2, "see ", media=["https://media.test/1", "https://media.test/2"])
    if comes:
        await phone.part(2, 2, "this", media=["https://media.test/3"])
    await phone.wait()
    async with session_factory() as session:
        files = (await session.scalars(select(MediaFile).order_by(MediaFile.url))).all()
        text_id = await session.scalar(select(Inbound.id))
    assert [file.url[-1:] for file in files if file.url] == (
        ["1", "2", "3"] if comes else ["1", "2"]
    )
    assert {(file.message_id, file.state) for file in files} == {(text_id, "pending")}
