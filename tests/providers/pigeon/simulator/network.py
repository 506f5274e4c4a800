"""Pigeon post's side of the simulated carrier."""

import hashlib
import hmac
import json
from collections.abc import Mapping
from uuid import uuid4

from fastapi import FastAPI, Request

from simulator.lines import Line, LineKind
from simulator.messages import Direction, Message, MessageStatus
from simulator.network import Handling, Network
from simulator.settings import SimulatorSettings


class Pigeons:
    """Takes what is to fly, and brings events."""

    def install(self, app: FastAPI) -> None:
        app.add_api_route("/pigeons/fly", self.fly, methods=["POST"])

    async def fly(self, request: Request) -> dict[str, str]:
        text = await request.json()
        message = Message(
            sid=self.new_id(has_media=False),
            sender=text["from"],
            recipient=text["to"],
            body=text["text"],
            direction=Direction.outbound_api,
            status=MessageStatus.queued,
            provider="pigeon",
            status_callback=text["report_to"],
        )
        return {"ring": request.app.state.carrier.accept(message).sid}

    def new_id(self, *, has_media: bool) -> str:
        return f"ring-{uuid4().hex}"

    def text(self, message: Message, line: Line) -> bytes:
        event = {"id": message.sid, "from": message.sender, "to": line.number, "text": message.body}
        return json.dumps({"events": [event]}).encode()

    def report(self, message: Message) -> bytes:
        return json.dumps({"events": [{"id": message.sid, "status": message.status}]}).encode()

    def headers(self, url: str, body: bytes, token: str) -> Mapping[str, str]:
        signature = hmac.new(token.encode(), body, hashlib.sha256).hexdigest()
        return {"X-Pigeon-Signature": signature}

    def handling(self, kind: LineKind, text: str, *, is_blocked: bool) -> Handling | None:
        return None


def create(_settings: SimulatorSettings) -> Network:
    return Pigeons()
