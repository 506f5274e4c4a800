"""Recorded webhooks, as the raw forms Twilio posts."""

from pathlib import Path
from urllib.parse import parse_qsl

from providers.contract import WebhookRequest

PAYLOADS = Path(__file__).parents[2] / "payloads" / "twilio"
URL = "https://sms.example.org/webhooks/twilio/inbound"


def form(name: str) -> list[tuple[str, str]]:
    """Return the pairs of a recorded form, blanks and duplicates included."""
    raw = (PAYLOADS / f"{name}.txt").read_text().rstrip("\n")
    return parse_qsl(raw, keep_blank_values=True, strict_parsing=True)


def recorded(name: str, **query: str) -> WebhookRequest:
    return WebhookRequest(url=URL, headers={}, form=form(name), query=query)
