"""A line is retired while things happen to it."""

from dataclasses import replace
from uuid import UUID

import httpx2
from fastapi import Request, Response
from sqlalchemy import update
from starlette.middleware.base import RequestResponseEndpoint

from api.clock import utc_now
from database.tables import Conversation
from simulator.app import create_simulator
from simulator.settings import SimulatorSettings
from tests.api.conftest import Office
from tests.database.transcripts import new_conversation
from tests.simulator.serving import Stage
from tests.web.conftest import Browsing
from tests.web.test_connecting import (
    FREE,
    SID,
    TOKEN,
    connected,
    goes_to,
    line_of,
    picked,
    sent,
    theatre,
)

__all__ = ["theatre"]


async def test_a_line_that_gets_a_conversation_while_it_is_retired_stays_with_its_texts(
    office: Office, browsing: Browsing, theatre: Stage
) -> None:
    simulator = create_simulator(
        SimulatorSettings(account_sid=SID, auth_token=TOKEN, numbers=[FREE])
    )
    opened: list[UUID] = []

    @simulator.middleware("http")
    async def somebody_texts(request: Request, call_next: RequestResponseEndpoint) -> Response:
        if retiring and request.method == "POST" and not opened:
            line = replace(office.brand, line_id=retiring[0])
            opened.append(await new_conversation(office.sessions, line))
        return await call_next(request)

    retiring: list[str] = []
    async with (
        theatre.playing(simulator),
        httpx2.AsyncClient(base_url=theatre.url) as twilio,
        browsing(office.ada) as ada,
    ):
        path = await connected(ada, twilio)
        await picked(ada, path, office.brand.support, FREE)
        line = await line_of(office, FREE)
        ours = await goes_to(twilio, FREE)
        assert line.id in ours
        retiring.append(line.id)
        refused = await sent(ada, f"/admin/lines/{line.id}/retire")
        assert refused.status_code == 409, refused.text
        assert await goes_to(twilio, FREE) == ours
        assert (await line_of(office, FREE)).retired_at is None
        async with office.sessions.begin() as session:
            closed = update(Conversation).where(Conversation.id.in_(opened))
            await session.execute(closed.values(status="closed", closed_at=utc_now()))
        assert (await sent(ada, f"/admin/lines/{line.id}/retire")).status_code == 200
        assert line.id not in await goes_to(twilio, FREE)
