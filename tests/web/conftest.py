"""Browsers at the pages: the API tests' server and people, by cookie instead of token."""

import re
from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from datetime import UTC, datetime, timedelta
from typing import Protocol

import httpx2
import pytest
from sqlalchemy.dialects.postgresql import insert

from api.caller import COOKIE
from database.engine import Sessions
from database.tables import Session
from providers.registry import create_providers
from security.passwords import SESSION_PREFIX, digest, new_secret
from security.secrets import Keyring, SecretBox
from services.phone_set_up import Provisioning
from settings import Settings
from tests.api.conftest import (
    Office,
    ann_with_password,
    api_url,
    as_ada,
    office,
    password_hash,
    strangers,
    task_queue,
)
from tests.fixtures.brand import ENCRYPTION_KEYS
from tests.fixtures.plain_http import PLAIN
from tracing.trace import Trace
from workflows.conversation.messages import Actor

__all__ = [
    "ann_with_password",
    "api_url",
    "as_ada",
    "office",
    "password_hash",
    "strangers",
    "task_queue",
]

PAGE = {"X-Switchboard": "1", "HX-Request": "true"}
"""What our own pages' scripts send along."""


class Browsing(Protocol):
    """Opens the pages as somebody who logged in some time ago."""

    def __call__(
        self, actor: Actor, *, hours_left: float = 1
    ) -> AbstractAsyncContextManager[httpx2.AsyncClient]: ...


@pytest.fixture
def browsing(office: Office) -> Browsing:
    @asynccontextmanager
    async def browse(actor: Actor, *, hours_left: float = 1) -> AsyncIterator[httpx2.AsyncClient]:
        secret = new_secret(SESSION_PREFIX)
        expires_at = datetime.now(UTC) + timedelta(hours=hours_left)
        row = {"token_hash": digest(secret), "agent_id": actor.agent_id, "expires_at": expires_at}
        async with office.sessions.begin() as session:
            await session.execute(insert(Session).values(row))
        cookies = {COOKIE: secret}
        async with httpx2.AsyncClient(base_url=office.url, cookies=cookies, verify=PLAIN) as client:
            yield client

    return browse


def removal(page: str) -> str:
    """Return where the last of a page's `Reset to default` leads."""
    found: list[str] = re.findall(r'action="([^"]+/remove)"', page)
    return found[-1]


@pytest.fixture
async def provisioning(
    settings: Settings, session_factory: Sessions
) -> AsyncIterator[Provisioning]:
    """What a worker asks providers for their numbers with."""
    box = SecretBox(Keyring.parse(ENCRYPTION_KEYS))
    async with httpx2.AsyncClient() as http:
        yield Provisioning(
            session_factory,
            create_providers(http),
            box,
            Trace(session_factory),
            settings.web.public_base_url,
        )
