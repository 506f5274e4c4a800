"""A webhook as it arrived: bounded, and with the address the provider called."""

from urllib.parse import parse_qsl

from fastapi import Request

from ingress.errors import NotUnderstood, TooLarge
from providers.contract import WebhookRequest

LARGEST_BODY = 64 * 1024
MOST_FIELDS = 500


async def webhook_request(request: Request, public_base_url: str) -> WebhookRequest:
    """Read a webhook whose form is not trusted yet. Raises `TooLarge`, `NotUnderstood`.

    Its address is the configured public one, never the Host header's: whoever may choose that
    header must not choose what the signature is checked against.
    """
    query = request.scope["query_string"].decode("latin-1")
    path = request.scope["path"]
    return WebhookRequest(
        url=public_base_url.rstrip("/") + path + (f"?{query}" if query else ""),
        headers=dict(request.headers),
        form=_pairs((await _body(request)).decode("utf-8", "replace")),
        query=dict(_pairs(query)),
    )


async def _body(request: Request) -> bytes:
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > LARGEST_BODY:
            raise TooLarge
    return bytes(body)


def _pairs(encoded: str) -> list[tuple[str, str]]:
    """Return every pair in order: blanks and duplicates are signed too."""
    try:
        return parse_qsl(encoded, keep_blank_values=True, max_num_fields=MOST_FIELDS)
    except ValueError as error:
        raise NotUnderstood from error
