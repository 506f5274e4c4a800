"""The web application: the one place that builds what requests share."""

import asyncio
import hashlib
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager
from functools import partial
from typing import Any, TypedDict

from fastapi import FastAPI, Request, Response
from starlette.routing import Route
from temporalio.client import Client

from api import codec, problems
from api.app_state import AppState, LifespanState
from api.body_limit import BodyLimit
from api.caller import origin
from api.compression import Compressed
from api.live import EventHub, open_hub
from api.log_in_attempts import Attempts
from api.openapi import completed
from api.rate_limits import RequestCounts
from api.reading import Reading
from api.request_log import RequestLog
from api.told import open_told_hub
from api.webhooks.routes import create_voice_webhooks, create_webhooks
from application.routes import shared_routes
from database.engine import Sessions, opened
from database.queries.operating.processes import ProcessKind
from ingress.authentication import WebhookAuthenticator
from ingress.breaker import Breaker
from ingress.calls import Calls
from ingress.delivery_reports import DeliveryReports
from ingress.hand_over import Handover
from ingress.receiving import Receiver
from ingress.webhooks import Webhooks
from measuring.meters import Meters
from media.opening import create_store
from media.pictures import Pictures
from providers.registry import create_providers
from runtime.heartbeat import Heartbeat
from runtime.http import create_http
from runtime.metrics import Metrics
from runtime.small_http import serve
from runtime.tasks import running
from runtime.vitals import Vitals, database_vital, health_of, temporal_vital
from security.endpoint_secrets import SigningSecrets
from security.export_links import ExportLinks
from security.links import FileLinks
from security.one_time_codes import OneTimeSecrets
from security.passwords import Passwords
from security.payload_cipher import PayloadCipher
from security.push_keys import PushKeys
from security.secrets import Keyring, Purpose, SecretBox
from security.signatures import Signatures
from services.openid import OpenId
from settings import Settings
from temporal.codec import EncryptionCodec
from temporal.connection import connect
from temporal.conversations import ConversationClient
from tracing.trace import Trace
from web import site

STREAM_CONNECTIONS = 4
"""Connections for all live streams of a process together. Ours: one reader for each account."""
DESCRIPTION = """
SMS conversations for contact centres. Log in at `POST /v1/sessions`, or send an API token as
`Authorization: Bearer ...`. Errors are problem details (RFC 9457) with a stable `code`.
Requests that create or send something accept an `Idempotency-Key`. Unknown query parameters are
refused.
"""


def create_app(settings: Settings, metrics: Metrics | None = None) -> FastAPI:
    """Build the application. Nothing is opened before its lifespan begins.

    Set `app.state.stopping` when the process is asked to end: it ends live streams.
    """
    stopping, metrics = asyncio.Event(), metrics or Metrics()

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[LifespanState]:
        async with AsyncExitStack() as stack:
            state = await _open(stack, settings, stopping, metrics)
            site.hear(app, state.hub)
            if not settings.is_development:
                await asyncio.to_thread(app.openapi)
            handover = _handover(state)
            stack.push_async_callback(handover.close)
            # Webhooks are matched first: the pages alone are dozens of routes.
            app.router.routes[:0] = _webhooks(state, handover)
            yield LifespanState(app=state)

    app = FastAPI(
        title="Switchboard",
        version="1",
        description=DESCRIPTION,
        lifespan=lifespan,
        docs_url=None,
        openapi_url=None,
        redoc_url=None,
        # A redirect would use the Host header, which the caller chooses freely.
        redirect_slashes=False,
    )
    app.state.stopping = stopping
    problems.install(app)
    app.router.routes += shared_routes()
    site.install(app)
    _surround(app, settings, metrics.meters)
    _describe(app)
    return app


def _surround(app: FastAPI, settings: Settings, meters: Meters) -> None:
    """Add what every request passes through, the innermost first."""
    app.add_middleware(BodyLimit)
    app.add_middleware(Compressed)
    app.add_middleware(codec.CodecCors, ui_origin=origin(settings.temporal.temporal_ui_url))
    app.add_middleware(Reading)
    https_only = settings.web.is_public_https and not settings.is_development
    app.add_middleware(RequestLog, https_only=https_only, meters=meters)


async def _open(
    stack: AsyncExitStack, settings: Settings, stopping: asyncio.Event, metrics: Metrics
) -> AppState:
    url, pool = settings.database.url, settings.database.database_pool_size
    enter = stack.enter_async_context
    keyring = Keyring.parse(keys := settings.security.encryption_keys.get_secret_value())
    sessions = await enter(_opened(url, pool, keyring))
    cipher = keyring.payload_cipher()
    http = await enter(create_http())
    client = await connect(cipher, lazy=True)
    vitals = await _open_vitals(stack, settings, sessions, client, cipher)
    requests = RequestCounts(sessions.direct, settings.web.api_requests_per_minute)
    trace, base = Trace(sessions), settings.web.public_base_url.rstrip("/")
    await enter(
        running(trace=trace.run, requests=requests.run, beat=_beat(settings, sessions, keyring))
    )
    hub = await _open_hub(stack, settings, stopping)
    await enter(_measured(metrics, sessions, hub, vitals))
    return AppState(
        settings=settings,
        sessions=sessions,
        conversations=ConversationClient(client, meters=metrics.meters, public_url=base),
        **_secrets(keyring, base),
        openid=_open_openid(stack, settings),
        signatures=(signatures := _signatures(keyring, keys)),
        codec=EncryptionCodec(cipher),
        providers=create_providers(http),
        media=create_store(settings.media),
        pictures=Pictures(),
        passwords=await asyncio.to_thread(Passwords.create),
        attempts=Attempts(signatures, sessions.direct),
        requests=requests,
        hub=hub,
        told=await enter(open_told_hub(sessions, hub.following, settings.database.session_url)),
        vitals=vitals,
        meters=metrics.meters,
        trace=trace,
        stopping=stopping,
    )


class _Secrets(TypedDict):
    secret_box: SecretBox
    signing_secrets: SigningSecrets
    push_keys: PushKeys
    one_time_secrets: OneTimeSecrets
    file_links: FileLinks
    export_links: ExportLinks


def _secrets(keyring: Keyring, base: str) -> _Secrets:
    """Return what the installation's keys are used for."""
    return _Secrets(
        secret_box=SecretBox(keyring),
        signing_secrets=SigningSecrets(keyring),
        push_keys=PushKeys(keyring),
        one_time_secrets=OneTimeSecrets(keyring),
        file_links=FileLinks(base, keyring.signing_keys(Purpose.file_links)),
        export_links=ExportLinks(base, keyring.signing_keys(Purpose.file_links)),
    )


def _signatures(keyring: Keyring, setting: str) -> Signatures:
    # Up to version 0.1, a hash of the whole setting signed: what it signed counts until it expires.
    whole = hashlib.sha256(f"fingerprints/{setting}".encode()).digest()
    return Signatures((*keyring.signing_keys(Purpose.fingerprints), whole))


def _measured(
    metrics: Metrics, sessions: Sessions, hub: EventHub, vitals: Vitals
) -> AbstractAsyncContextManager[None]:
    metrics.meters.count_streams(lambda: hub.open_streams)
    pools = {"requests": sessions, "streams": hub.following.sessions}
    return running(**metrics.tasks(pools, vitals))


def _beat(
    settings: Settings, sessions: Sessions, keyring: Keyring
) -> Callable[[], Awaitable[None]]:
    return Heartbeat.create(sessions, ProcessKind.api, settings.process_name, keyring).run


def _opened(url: str, pool: int, keyring: Keyring) -> AbstractAsyncContextManager[Sessions]:
    hashing = keyring.suppression_setting()
    return opened(url, pool_size=pool, name="switchboard api", suppression_keys=hashing)


async def _open_vitals(
    stack: AsyncExitStack,
    settings: Settings,
    sessions: Sessions,
    client: Client,
    cipher: PayloadCipher,
) -> Vitals:
    """Open what watches whether the process can still reach its servers, and what tells it."""
    of_database = database_vital(sessions, settings.database.url)
    vitals = Vitals([of_database, temporal_vital(client, partial(connect, cipher))])
    tasks = {"vitals": vitals.watch}
    if port := settings.web.api_health_port:
        tasks["health"] = partial(serve, health_of(vitals, lambda: True), "127.0.0.1", port)
    await stack.enter_async_context(running(**tasks))
    return vitals


def _open_openid(stack: AsyncExitStack, settings: Settings) -> OpenId:
    """Open what asks identity providers."""
    openid = OpenId(settings.posts.own_networks or ())
    stack.push_async_callback(openid.close)
    return openid


async def _open_hub(stack: AsyncExitStack, settings: Settings, stopping: asyncio.Event) -> EventHub:
    """Open the hub of live streams, with connections of its own: what happens must reach pages
    while all others wait for one.
    """
    name, size = "switchboard api streams", STREAM_CONNECTIONS
    sessions = await stack.enter_async_context(
        opened(settings.database.url, pool_size=size, name=name, has_transactions=False)
    )
    return await stack.enter_async_context(
        open_hub(sessions, settings.database.session_url, stopping)
    )


def _handover(app: AppState) -> Handover:
    at_once = app.settings.temporal.handovers_at_once
    return Handover(app.sessions, app.conversations, Breaker(), at_once=at_once)


def _webhooks(app: AppState, handover: Handover) -> list[Route]:
    sessions, authenticator = app.sessions, WebhookAuthenticator(app.providers, app.secret_box)
    webhooks = Webhooks(
        sessions,
        authenticator,
        Receiver(sessions, authenticator),
        DeliveryReports(sessions, app.conversations),
        handover,
        app.trace,
        app.meters.spans,
    )
    calls = Calls(sessions, authenticator, app.trace, app.public_url)
    providers, base = list(app.providers.values()), app.public_url
    return [
        *create_voice_webhooks(calls, providers, base),
        *create_webhooks(webhooks, providers, base, app.meters),
    ]


def _describe(app: FastAPI) -> None:
    """Serve the OpenAPI document, which says `application/problem+json` where errors are described.

    It is made once, in a thread: it takes a second, and anybody may ask for it.
    """
    generated = app.openapi
    written: list[bytes] = []

    def openapi() -> dict[str, Any]:
        if app.openapi_schema is None:
            app.openapi_schema = completed(generated(), app.router.routes)
        return app.openapi_schema

    def write() -> bytes:
        if not written:
            written.append(json.dumps(openapi()).encode())
        return written[0]

    async def show_document(_: Request) -> Response:
        return Response(await asyncio.to_thread(write), media_type="application/json")

    app.openapi = openapi  # type: ignore[method-assign] # the way FastAPI documents
    app.router.routes.append(Route("/openapi.json", show_document))
