"""Webhooks of providers: one route for each address that an adapter describes.

These are plain routes, without the API's description and authentication: the framework would read
nothing of a webhook, and every text would pay for it.
"""

from collections.abc import Awaitable, Callable, Collection, Iterable, Iterator
from functools import partial
from http import HTTPStatus
from time import perf_counter

from fastapi import Request, Response
from starlette.routing import Route

from domain.errors import DomainError
from ingress.calls import Calls
from ingress.errors import LineUnknown, WebhookTooLarge
from ingress.webhooks import Webhooks
from measuring.meters import Meters
from providers.contract import (
    Description,
    Provider,
    Webhook,
    WebhookAnswer,
    WebhookRequest,
    webhook_path,
)
from providers.voice import VOICE_WEBHOOKS, Stage

LARGEST_BODY = 64 * 1024

Endpoint = Callable[[Request], Awaitable[Response]]


def create_webhooks(
    webhooks: Webhooks,
    providers: Iterable[Provider],
    public_base_url: str,
    meters: Meters | None = None,
) -> list[Route]:
    """Return the routes of every provider's webhooks."""
    base, meters = public_base_url.rstrip("/"), meters or Meters()
    known = [one.description for one in providers]
    routes = [route for one in known for route in _routes(one, webhooks, base, meters)]
    return [*routes, *_others({one.name for one in known}, webhooks, base)]


def create_voice_webhooks(
    calls: Calls, providers: Iterable[Provider], public_base_url: str
) -> list[Route]:
    """Return the routes of phone calls. They come before those of `create_webhooks`."""
    base = public_base_url.rstrip("/")
    known = [one.description for one in providers]
    return [route for one in known for route in _voice_routes(one, calls, base)]


def _routes(
    description: Description, webhooks: Webhooks, base: str, meters: Meters
) -> Iterator[Route]:
    for webhook in description.webhooks:
        endpoint = _endpoint(partial(webhooks.take, description.name), webhook, base)
        yield from _at(description, webhook, _timed(endpoint, description.name, meters))


def _timed(endpoint: Endpoint, provider: str, meters: Meters) -> Endpoint:
    async def timed(request: Request) -> Response:
        began, status = perf_counter(), int(HTTPStatus.INTERNAL_SERVER_ERROR)
        try:
            answer = await endpoint(request)
            status = answer.status_code
        except DomainError as error:
            status = error.status
            raise
        finally:
            meters.webhook(provider, status, perf_counter() - began)
        return answer

    return timed


def _voice_routes(description: Description, calls: Calls, base: str) -> Iterator[Route]:
    """Return the routes of the phone calls of a provider that tells us of them."""
    if not description.capabilities.takes_calls:
        return
    for stage, webhook in zip(Stage, VOICE_WEBHOOKS, strict=True):
        take = partial(calls.take, description.name, stage)
        yield from _at(description, webhook, _endpoint(take, webhook, base))


def _at(description: Description, webhook: Webhook, endpoint: Endpoint) -> Iterator[Route]:
    path = webhook_path(description, "{line_id}", webhook)
    for slash in ("", "/"):  # as it was typed at the provider, which signs it as it was typed
        route = Route(path + slash, endpoint, methods=list(webhook.methods))
        route.methods = set(webhook.methods)  # without the HEAD that Starlette adds
        yield route


def _others(known: Collection[str], webhooks: Webhooks, base: str) -> Iterator[Route]:
    """Return the routes of providers that only a newer version knows: they must try again."""

    async def refuse(request: Request) -> Response:
        provider, webhook = request.path_params["provider"], request.path_params["webhook"]
        if provider in known:
            raise LineUnknown
        endpoint = _endpoint(partial(webhooks.take, provider), Webhook(webhook), base)
        return await endpoint(request)

    for slash in ("", "/"):
        yield Route(
            f"/webhooks/{{provider}}/{{line_id}}/{{webhook}}{slash}", refuse, methods=["POST"]
        )


def _endpoint(
    take: Callable[[str, WebhookRequest], Awaitable[WebhookAnswer]], webhook: Webhook, base: str
) -> Endpoint:
    async def answer(request: Request) -> Response:
        raw = await webhook_request(request, webhook, base)
        answer = await take(request.path_params["line_id"], raw)
        return Response(answer.body, answer.status, media_type=answer.media_type)

    return answer


async def webhook_request(request: Request, webhook: Webhook, base: str) -> WebhookRequest:
    """Return a request in the raw form that its signature is about. Raises `WebhookTooLarge`.

    Its address is the configured public one, never the Host header's: a caller who chooses
    that header must not choose what the signature is checked against.
    """
    query = request.scope["query_string"].decode("latin-1")
    return WebhookRequest(
        url=base + request.scope["path"] + (f"?{query}" if query else ""),
        headers=dict(request.headers),
        body=await _body(request),
        webhook=webhook.path,
        method=request.method,
    )


async def _body(request: Request) -> bytes:
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > LARGEST_BODY:
            raise WebhookTooLarge
    return bytes(body)
