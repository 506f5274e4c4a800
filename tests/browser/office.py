"""What happens behind the pages: sets the scene of a story, and clears what the last one left."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

import httpx2

from api.schemas.conversations import ConversationOut
from api.schemas.notices import UnreadOut
from api.schemas.people import AgentOut, LoggedIn
from api.schemas.shared import Page
from cli.demo import LOG_INS
from tests.fixtures.centre import eventually

PATIENCE_SECONDS = 60.0
"""Ours: how long anything in a story may take on a busy machine. It ends only what fails."""
ADMIN = "ada"
USUAL = {"accept_mode": "auto_accept", "response_seconds": None, "ring_timeout_seconds": 300}
"""Settings that stories change. An offer rings for as long as a busy machine needs."""
OPEN = ("waiting", "assigned")
CLOSED_OR_CLOSING = (200, 404, 409)
"""A conversation may have ended by itself meanwhile."""


@dataclass
class Office:
    """The centre's API as an admin uses it, and its carrier."""

    api: httpx2.AsyncClient
    carrier: httpx2.AsyncClient
    _tokens: dict[str, str] = field(default_factory=dict)

    async def token(self, name: str) -> str:
        """Log somebody of the demo brand in, once for all stories."""
        if name not in self._tokens:
            person = next(each for each in LOG_INS if each.id == f"acme-{name}")
            given = {"email": person.email, "password": person.password}
            answer = await self.api.post("/sessions", json=given)
            self._tokens[name] = LoggedIn.model_validate_json(answer.content).token
        return self._tokens[name]

    async def be(self, name: str, state: str) -> None:
        """Have somebody set their own state, of which nobody needs to be told."""
        path = f"/agents/acme-{name}/state"
        answer = await self._ask("PUT", path, body={"state": state}, by=name)
        answer.raise_for_status()

    async def held_by(self, name: str, number: str) -> str:
        """Return the id of the conversation with a number, once somebody has it."""

        async def look() -> Sequence[ConversationOut]:
            return await self._conversations(["assigned"], agent=f"acme-{name}", number=number)

        return str((await eventually(look, seconds=PATIENCE_SECONDS))[0].id)

    async def mention(self, name: str, by: str, number: str) -> None:
        """Have whoever holds the conversation with a number mention a colleague in a note."""
        path = f"/conversations/{await self.held_by(by, number)}/notes"
        body = {"text": f"@{name.title()}, have a look", "mentions": [f"acme-{name}"]}
        (await self._ask("POST", path, body=body, by=by)).raise_for_status()

    async def told(self, name: str, number: str) -> None:
        """Wait until somebody has a notice of their conversation with a number."""
        conversation = await self.held_by(name, number)

        async def look() -> bool:
            answer = await self._ask("GET", "/me/notices", by=name)
            answer.raise_for_status()
            return any(one["conversation_id"] == conversation for one in answer.json()["items"])

        await eventually(look, seconds=PATIENCE_SECONDS)

    async def seen(self, name: str) -> None:
        """Wait until somebody has no unread notice any more."""

        async def look() -> bool:
            answer = await self._ask("GET", "/me/notices/unread", by=name)
            answer.raise_for_status()
            return UnreadOut.model_validate_json(answer.content).unread == 0

        await eventually(look, seconds=PATIENCE_SECONDS)

    async def ask_of_closing(self, asks: bool) -> None:
        """Have people close with a reason and allow them to ask for no rating, or neither."""
        body = {"needs_closing_reason": asks, "may_skip_rating": asks}
        (await self._ask("PATCH", "/skills/acme-support", body=body)).raise_for_status()

    async def clear(self) -> None:
        """Bring everybody offline, with nothing unread, and end every conversation; fail if that
        cannot be done.
        """
        (await self.carrier.delete("/faults")).raise_for_status()
        (await self._ask("PATCH", "/account", body=USUAL)).raise_for_status()
        await self.ask_of_closing(False)
        for person in LOG_INS:
            await self.be(person.name.lower(), "offline")
        await eventually(self._close_all, seconds=PATIENCE_SECONDS)
        for person in LOG_INS:
            read = await self._ask("PUT", "/me/notices/read", body={}, by=person.name.lower())
            read.raise_for_status()
        agents = Page[AgentOut].model_validate_json((await self._ask("GET", "/agents")).content)
        assert {one.state for one in agents.items} == {"offline"}, agents

    async def _close_all(self) -> bool:
        """Close what is open, and say whether nothing was."""
        still_open = await self._conversations(OPEN)
        for one in still_open:
            answer = await self._ask("POST", f"/conversations/{one.id}/close")
            assert answer.status_code in CLOSED_OR_CLOSING, answer.text
        return not still_open

    async def _conversations(
        self, statuses: Sequence[str], **wanted: str
    ) -> Sequence[ConversationOut]:
        query = {"status": [*statuses]} | {name: [value] for name, value in wanted.items()}
        answer = (await self._ask("GET", "/conversations", query=query)).raise_for_status()
        return Page[ConversationOut].model_validate_json(answer.content).items

    async def _ask(
        self,
        method: str,
        path: str,
        *,
        body: object = None,
        query: dict[str, list[str]] | None = None,
        by: str = ADMIN,
    ) -> httpx2.Response:
        headers = {"Authorization": f"Bearer {await self.token(by)}"}
        return await self.api.request(method, path, json=body, params=query, headers=headers)


@asynccontextmanager
async def opened(api_url: str, carrier_url: str) -> AsyncIterator[Office]:
    """Open an office for the length of a block."""
    async with (
        httpx2.AsyncClient(base_url=f"{api_url}/v1", timeout=PATIENCE_SECONDS) as api,
        httpx2.AsyncClient(base_url=carrier_url, timeout=PATIENCE_SECONDS) as carrier,
    ):
        yield Office(api, carrier)
