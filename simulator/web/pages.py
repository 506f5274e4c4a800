"""The phone page and its assets."""

import random
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import jinja2
from fastapi import APIRouter, FastAPI, Query, Request, Response
from fastapi.responses import HTMLResponse
from fastapi.staticfiles import StaticFiles
from starlette.types import Scope

from simulator.carrier import Carrier
from simulator.dependencies import PHONE, CarrierDep
from simulator.faults import FaultKind
from simulator.phones import PhoneText

HERE = Path(__file__).parent
FIRST_PHONE = "+15550123456"
HEADERS = {
    "Content-Security-Policy": "default-src 'self'; base-uri 'none'; form-action 'self'; "
    "frame-ancestors 'none'; object-src 'none'",
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "Cache-Control": "no-cache",
}
FAULTS = {
    FaultKind.slow_answer: "Answer slowly",
    FaultKind.answer_lost: "Lose the answer",
    FaultKind.suspended: "Refuse: the account is suspended",
    FaultKind.too_many_requests: "Refuse: too many requests (429)",
    FaultKind.server_error: "Fail with 500",
    FaultKind.unavailable: "Be unavailable (503)",
    FaultKind.refused: "Refuse, for the provider's reason below",
    FaultKind.failed_at_once: "Take the text and fail it at once, for the reason below",
    FaultKind.undelivered: "Never deliver to the phone, for the reason below",
    FaultKind.duplicate_callbacks: "Report deliveries twice",
    FaultKind.reordered_callbacks: "Report deliveries out of order",
    FaultKind.lost_webhooks: "Lose the webhook of the consumer's text",
    FaultKind.webhook_three_times: "Send the consumer's text three times",
    FaultKind.reordered_parts: "Send the parts of the consumer's text in the wrong order",
    FaultKind.lost_part: "Lose the last part of the consumer's text",
}

router = APIRouter(include_in_schema=False)


@dataclass(frozen=True)
class PhoneThread:
    """One phone's texts with one of the brand's lines. `last_id`: the id of its newest text."""

    phone: str
    line: str | None
    texts: list[PhoneText]
    last_id: int


class Assets(StaticFiles):
    """Static files with the page's headers."""

    async def get_response(self, path: str, scope: Scope) -> Response:
        response = await super().get_response(path, scope)
        response.headers.update(HEADERS)
        return response


def install(app: FastAPI) -> None:
    """Add the phone page to the simulator, at `/`."""
    app.state.templates = jinja2.Environment(
        loader=jinja2.FileSystemLoader(HERE / "templates"),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    app.router.routes += router.routes
    app.mount("/static", Assets(directory=HERE / "static"), name="static")


@router.get("/")
async def show_phone(
    request: Request,
    carrier: CarrierDep,
    phone: Annotated[str, Query(max_length=40)] = FIRST_PHONE,
    line: Annotated[str | None, Query(max_length=40)] = None,
) -> HTMLResponse:
    """Show a phone and its texts with one of the brand's lines."""
    number = _e164(phone)
    template = request.app.state.templates.get_template("phone.html")
    page = template.render(
        thread=_thread(carrier, number or FIRST_PHONE, line),
        lines=list(carrier.lines),
        refused=None if number else phone,
        new_phone=f"+1555{random.randint(2_000_000, 9_999_999)}",
        faults=FAULTS,
    )
    return HTMLResponse(page, status_code=200 if number else 400, headers=HEADERS)


def _e164(typed: str) -> str | None:
    """Return the typed number in E.164 form, None when it is not a number."""
    # A plus sign that was not encoded in an address arrives as a space.
    digits = re.sub(r"[\s().+-]", "", typed)
    number = f"+{digits}"
    return number if re.fullmatch(PHONE, number) else None


def _thread(carrier: Carrier, phone: str, wanted: str | None) -> PhoneThread:
    """Return the texts with a line: the requested one, the last one texted, or the first."""
    numbers = [line.number for line in carrier.lines]
    first = numbers[0] if numbers else None
    line = wanted if wanted in numbers else carrier.phones.last_line(phone) or first
    texts = carrier.phones.texts(phone)
    return PhoneThread(
        phone=phone,
        line=line,
        texts=[text for text in texts if text.line == line],
        last_id=texts[-1].id if texts else 0,
    )
