"""Recorded webhooks: the raw forms that Twilio posts."""

from collections.abc import Sequence
from pathlib import Path
from urllib.parse import parse_qsl, urlencode

from providers.contract import WebhookRequest

PAYLOADS = Path(__file__).parents[2] / "payloads" / "twilio"
URL = "https://sms.example.org/webhooks/twilio/inbound"


def form(name: str) -> list[tuple[str, str]]:
    """Return the pairs of a recorded form, blanks and duplicates included."""
    raw = (PAYLOADS / f"{name}.txt").read_text().rstrip("\n")
    return parse_qsl(raw, keep_blank_values=True, strict_parsing=True)


def recorded(name: str, **query: str) -> WebhookRequest:
    """Return a recorded webhook, with a query if its address has one."""
    return posted(form(name), url=URL + (f"?{urlencode(query)}" if query else ""))


def posted(pairs: Sequence[tuple[str, str]], *, url: str = URL) -> WebhookRequest:
    """Return a webhook with a form."""
    return WebhookRequest(url, {}, urlencode(pairs).encode())
