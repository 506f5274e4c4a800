"""The reason of an erasure stays, and says no number that is erased."""

from uuid import UUID, uuid4

from sqlalchemy import select

from activities.erasing import Erasing
from database.queries import erasures
from database.queries.consumers import with_phone
from database.tables import Erasure
from domain.erasure.kinds import ErasureStatus
from domain.numbers.phone_numbers import phone_of
from media.opening import create_store
from tests.fixtures.centre import Centre

NUMBER, FIRST, SECOND = "+4917612398765", "+4917611111111", "+4917622222222"


async def test_an_erased_number_is_hidden_in_the_reasons_of_all_erasures(centre: Centre) -> None:
    over = await _asked(centre, FIRST, "They asked about +49 176 12398765")
    await _ended(centre, over)
    of_it = await _asked(centre, NUMBER, "0176 12398765 asked")
    under_way = await _asked(centre, SECOND, "Brother of +49 176 12398765, has +49 176 55555555")
    await _ended(centre, of_it)
    async with centre.sessions() as session:
        found = {one.id: one.reason for one in await session.scalars(select(Erasure))}
    assert found == {
        over: "They asked about •••",
        of_it: "••• asked",
        under_way: "Brother of •••, has +49 176 55555555",
    }


async def _asked(centre: Centre, number: str, reason: str) -> UUID:
    async with centre.sessions.begin() as session:
        consumer = await with_phone(session, centre.brand.account_id, phone_of(number))
        erasure = Erasure(
            id=uuid4(),
            account_id=centre.brand.account_id,
            consumer_id=consumer.id,
            consumer_ids=[str(consumer.id)],
            numbers=[{"key": number, "written": number}],
            reason=reason,
            status=str(ErasureStatus.histories),
        )
        session.add(erasure)
    return erasure.id


async def _ended(centre: Centre, erasure_id: UUID) -> None:
    store = create_store(centre.settings.media)
    erasing = Erasing(centre.sessions, store, centre.conversations)
    while True:
        await erasing.go_on(erasure_id)
        async with centre.sessions() as session:
            found = await erasures.find(session, centre.brand.account_id, erasure_id)
        if found.ended_at:
            return
