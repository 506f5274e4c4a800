"""Webhooks of OpenMarket as files, and the account that receives them."""

import base64
from pathlib import Path
from urllib.parse import urlencode

import httpx2

from domain.numbers.kinds import LineKind
from providers.contract import OutgoingText, Received, WebhookRequest
from providers.openmarket.adapter import OpenMarket
from providers.openmarket.description import OpenMarketCredentials

PAYLOADS = Path(__file__).parents[2] / "payloads" / "openmarket"
FILES = sorted(path for path in PAYLOADS.iterdir() if path.name != "error_codes.txt")
URL = "https://sms.example.org/webhooks/openmarket/acme-support"
TICKET = "0112C-0402H-14019-14Y7K"
CREDENTIALS = OpenMarketCredentials(
    account_id="123-456-789-12345",
    password="password-of-the-api",
    webhook_user="switchboard",
    webhook_password="password-of-webhooks",
    previous_webhook_password="password-of-last-year",
)
TEXT = OutgoingText(
    message_id="7f1c8f0e-0000-4000-8000-000000000001",
    sender="222111",
    sender_kind=LineKind.short_code,
    recipient="+12515550145",
    text="Hello 🙂",
    callback_url=f"{URL}/receipt?mid=7f1c8f0e-0000-4000-8000-000000000001",
)
TYPES = {
    ".json": "application/json; charset=UTF-8",
    ".xml": "application/xml; charset=UTF-8",
    ".txt": "application/x-www-form-urlencoded",
}


def log_in(user: str = "switchboard", password: str = "password-of-webhooks") -> str:
    return "Basic " + base64.b64encode(f"{user}:{password}".encode()).decode()


def recorded(name: str, **query: str) -> WebhookRequest:
    """Return a webhook with the content of a file, with a query if its address has one."""
    path = PAYLOADS / name
    webhook = "receipt" if name.startswith("receipt") else "inbound"
    return posted(path.read_bytes(), TYPES[path.suffix], webhook, **query)


def posted(
    body: bytes,
    content_type: str = TYPES[".json"],
    webhook: str = "inbound",
    authorization: str | None = None,
    **query: str,
) -> WebhookRequest:
    """Return a webhook. Without an authorization, it has the right one."""
    url = f"{URL}/{webhook}" + (f"?{urlencode(query)}" if query else "")
    known = log_in() if authorization is None else authorization
    headers = {"Content-Type": content_type, "Authorization": known, "X-API-Version": "4"}
    return WebhookRequest(url, headers, body, webhook)


def openmarket(transport: httpx2.AsyncBaseTransport | None = None) -> OpenMarket:
    return OpenMarket(httpx2.AsyncClient(transport=transport))


def read(request: WebhookRequest) -> Received:
    return openmarket().read(request)
