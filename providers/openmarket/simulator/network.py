"""OpenMarket's side of the simulated carrier."""

import base64
import itertools
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from fastapi import FastAPI

from providers.openmarket.simulator import router
from providers.openmarket.simulator.errors import OpenMarketError, error_answer
from providers.openmarket.simulator.parts import header, parts_of
from providers.openmarket.simulator.receipts import FINAL, REASONS, receipt
from providers.openmarket.simulator.texts import Content, form_of, written
from simulator.faults import FaultKind
from simulator.lines import Line, LineKind
from simulator.messages import Message
from simulator.network import Handling, Network
from simulator.settings import SimulatorSettings

RECEIPT = b'{"deliveryReceipt"'


@dataclass(frozen=True)
class OpenMarketNetwork:
    """One simulated account. Its ID is also the user name in webhooks."""

    account_id: str
    references: Iterator[int] = field(default_factory=lambda: itertools.count(1))

    def install(self, app: FastAPI) -> None:
        app.add_exception_handler(OpenMarketError, error_answer)
        app.router.routes += router.router.routes

    def new_id(self, *, has_media: bool) -> str:  # noqa: ARG002 - OpenMarket's texts have none
        return router.new_ticket()

    def text(self, message: Message, line: Line) -> bytes:
        """Return the webhook for a text that fits into one part."""
        return written(_content(message, message.sid, message.body), line, self.account_id)

    def text_parts(self, message: Message, line: Line) -> Sequence[bytes]:
        """Return a webhook for each part, with a ticket of its own."""
        parts = parts_of(message.body)
        if len(parts) == 1:
            return [self.text(message, line)]
        reference, has_16_bits = next(self.references), form_of(line).has_16_bits
        return [
            written(
                _content(
                    message,
                    router.new_ticket(),
                    part,
                    header(reference, number, len(parts), has_16_bits=has_16_bits),
                ),
                line,
                self.account_id,
            )
            for number, part in enumerate(parts, start=1)
        ]

    def report(self, message: Message) -> bytes:
        """Return the receipt of a text that fits into one part."""
        return json.dumps(receipt(message, 1)).encode()

    def report_parts(self, message: Message) -> Sequence[bytes]:
        """Return a receipt for each part; only final ones are sent."""
        if message.status not in FINAL:
            return []
        numbers = range(1, message.segments + 1)
        return [json.dumps(receipt(message, number)).encode() for number in numbers]

    def reason(self, kind: FaultKind) -> int | None:
        return REASONS.get(kind)

    def headers(self, url: str, body: bytes, token: str) -> Mapping[str, str]:  # noqa: ARG002
        """Log in with Basic authentication, but not for receipts, as documented."""
        if body.startswith(b"xml="):
            kind = {"Content-Type": "application/x-www-form-urlencoded"}
        else:
            form = "xml" if body.startswith(b"<") else "json"
            kind = {"Content-Type": f"application/{form}; charset=UTF-8", "X-API-Version": "4"}
        log_in = base64.b64encode(f"{self.account_id}:{token}".encode()).decode()
        known = {} if body.startswith(RECEIPT) else {"Authorization": f"Basic {log_in}"}
        return {"User-Agent": "OpenMarket"} | kind | known

    def handling(self, kind: LineKind, text: str, *, is_blocked: bool) -> Handling | None:  # noqa: ARG002
        return None


def create(settings: SimulatorSettings) -> Network:
    """Return the network for the configured account."""
    return OpenMarketNetwork(settings.account_sid)


def _content(message: Message, ticket: str, text: str, part_header: bytes = b"") -> Content:
    at = message.created_at.isoformat(timespec="milliseconds")
    return Content(ticket, message.sender or "", text, at, part_header)
