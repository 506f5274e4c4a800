"""Pigeon post's side of the simulated carrier."""

import hashlib
import hmac
import json
from collections.abc import Mapping
from uuid import uuid4

from fastapi import FastAPI, Request, Response
from fastapi.responses import JSONResponse

from simulator.carrier import Carrier
from simulator.lines import Line, LineKind
from simulator.messages import Direction, Message, MessageStatus
from simulator.network import Handling, Network
from simulator.settings import SimulatorSettings
from simulator.submissions import OwnErrors, submit


class Grounded(Exception):
    """The pigeon does not fly. `wait`: seconds."""

    def __init__(self, status: int, error: int, wait: int | None = None) -> None:
        super().__init__(error)
        self.status, self.error, self.wait = status, error, wait


async def grounded(_request: Request, error: Exception) -> Response:
    assert isinstance(error, Grounded)
    wait = {} if error.wait is None else {"Retry-After": str(error.wait)}
    return JSONResponse({"error": error.error}, status_code=error.status, headers=wait)


ERRORS = OwnErrors(
    refused=lambda code: Grounded(400, code),
    too_many_requests=lambda wait: Grounded(429, 2, wait),
    suspended=lambda: Grounded(403, 4),
    unavailable=lambda: Grounded(503, 2),
    server_error=lambda: Grounded(500, 2),
)


def opened(request: Request) -> Carrier:
    """Return the carrier, if the key is of the account or of one of its lines."""
    carrier: Carrier = request.app.state.carrier
    keys = {carrier.account.auth_token, *(line.auth_token for line in carrier.lines)}
    if request.headers.get("x-pigeon-key") not in keys:
        raise Grounded(401, 4)
    return carrier


class Pigeons:
    """Takes what is to fly, and brings events."""

    def install(self, app: FastAPI) -> None:
        app.add_api_route("/pigeons/fly", self.fly, methods=["POST"], response_model=None)
        app.add_api_route("/pigeons/loft", self.loft, methods=["GET"])
        app.add_exception_handler(Grounded, grounded)

    async def fly(self, request: Request) -> dict[str, str] | Response:
        carrier, text = opened(request), await request.json()

        def draft() -> Message:
            return Message(
                sid=self.new_id(has_media=False),
                sender=text["from"],
                recipient=text["to"],
                body=text["text"],
                direction=Direction.outbound_api,
                status=MessageStatus.queued,
                provider="pigeon",
                status_callback=text["report_to"],
            )

        taken = await submit(carrier, draft, ERRORS)
        return taken if isinstance(taken, Response) else {"ring": taken.sid}

    async def loft(self, request: Request) -> None:
        opened(request)

    def new_id(self, *, has_media: bool) -> str:
        return f"ring-{uuid4().hex}"

    def text(self, message: Message, line: Line) -> bytes:
        event = {"id": message.sid, "from": message.sender, "to": line.number, "text": message.body}
        return json.dumps({"events": [event]}).encode()

    def report(self, message: Message) -> bytes:
        event = {"id": message.sid, "status": message.status, "error": message.error_code}
        return json.dumps({"events": [event]}).encode()

    def headers(self, url: str, body: bytes, token: str) -> Mapping[str, str]:
        signature = hmac.new(token.encode(), body, hashlib.sha256).hexdigest()
        return {"X-Pigeon-Signature": signature}

    def handling(self, kind: LineKind, text: str, *, is_blocked: bool) -> Handling | None:
        return None


def create(_settings: SimulatorSettings) -> Network:
    return Pigeons()
