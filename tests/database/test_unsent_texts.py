"""Texts that no worker handles are counted; texts that wait for earlier ones are not."""

from datetime import datetime, timedelta

import pytest

from database.queries.unsent_texts import count_left_alone
from tests.outgoing.conftest import out, way_outs_stage
from tests.outgoing.way_out import WayOut

__all__ = ["out", "way_outs_stage"]

HOUR = timedelta(hours=1)


async def count(out: WayOut, at: datetime) -> int:
    async with out.sessions() as session:
        return await count_left_alone(session, at)


async def test_a_queued_text_without_an_attempt_for_a_minute_is_left_alone(out: WayOut) -> None:
    text = await out.text()
    written_at = (await out.row(text)).written_at
    assert await count(out, written_at + timedelta(seconds=50)) == 0
    assert await count(out, written_at + timedelta(seconds=70)) == 1


async def test_texts_that_wait_for_one_before_them_are_not_counted(out: WayOut) -> None:
    first, _ = await out.text(age=HOUR), await out.text(age=HOUR)
    now = (await out.row(first)).written_at + HOUR
    assert await count(out, now) == 1
    await out.change(first, status="unknown", look_up_at=now)
    assert await count(out, now) == 0
    await out.change(first, look_up_at=None)
    assert await count(out, now) == 1


@pytest.mark.parametrize("status", ["queued", "sending"])
async def test_a_text_for_which_something_is_arranged_is_not_left_alone(
    out: WayOut, status: str
) -> None:
    text = await out.text(age=HOUR)
    now = (await out.row(text)).written_at + HOUR
    await out.change(text, status=status, attempts=1, look_up_at=now)
    assert await count(out, now) == 0
    assert await count(out, now + timedelta(seconds=70)) == 1


async def test_a_text_that_waits_for_room_on_its_line_is_not_left_alone(out: WayOut) -> None:
    text = await out.text(age=HOUR)
    now = (await out.row(text)).written_at + HOUR
    await out.change(text, leaves_at=now + HOUR)
    assert await count(out, now) == 0


@pytest.mark.parametrize("status", ["sent", "delivered", "failed", "received", "unknown"])
async def test_sent_and_given_up_texts_are_not_counted(out: WayOut, status: str) -> None:
    text = await out.text(age=HOUR)
    await out.change(text, status=status)
    assert await count(out, (await out.row(text)).written_at + HOUR) == 0
