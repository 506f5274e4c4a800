"""What requests share: built once by `create_app`, handed to routes as dependencies."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from typing import Annotated, TypedDict, cast

from fastapi import Depends, Request
from sqlalchemy.ext.asyncio import AsyncSession

from api.attempts import Attempts
from api.live import EventHub
from api.passwords import Passwords
from database.engine import Sessions
from providers.contract import Provider
from providers.secrets import SecretBox
from settings import Settings
from vitals import Vitals
from workflows.codec import EncryptionCodec
from workflows.conversations import Conversations


@dataclass(frozen=True)
class Parts:
    """Everything the API is made of. `stopping` is set when the process is asked to end."""

    settings: Settings
    sessions: Sessions
    conversations: Conversations
    secret_box: SecretBox
    fingerprint_key: bytes
    """Tells requests from one another in a way that does not give their content away."""
    codec: EncryptionCodec
    providers: Mapping[str, Provider]
    passwords: Passwords
    attempts: Attempts
    hub: EventHub
    vitals: Vitals
    stopping: asyncio.Event


class State(TypedDict):
    """What the lifespan hands to every request."""

    parts: Parts


def get_parts(request: Request) -> Parts:
    return cast(Parts, request.state.parts)


PartsDep = Annotated[Parts, Depends(get_parts)]


async def get_session(parts: PartsDep) -> AsyncIterator[AsyncSession]:
    """One transaction, committed before the answer leaves."""
    async with parts.sessions.begin() as session:
        yield session


SessionDep = Annotated[AsyncSession, Depends(get_session, scope="function")]
