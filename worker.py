"""The worker process: runs conversations, sends texts, routes, sweeps, and asks providers.

Start it with `switchboard worker` or `python worker.py`. Any number of them may run.
"""

import asyncio
import signal
from collections.abc import Collection
from contextlib import AbstractAsyncContextManager
from datetime import UTC, date, datetime, timedelta
from functools import partial
from zoneinfo import ZoneInfo

import httpx2
import psycopg
import structlog
import uvloop
from temporalio.client import Client
from temporalio.service import RPCError

from activities.contract import SEND
from activities.endpoints import Deliveries
from activities.exports import Exports
from activities.maintenance import Maintenance
from database.engine import Sessions, opened
from database.queries.exports.schedules import Planned, planned
from database.queries.operating.processes import ProcessKind
from database.queries.ties import ForeignNamespace
from domain.exporting.spans import Every, moved_runs
from ingress.catching_up import connectors_in_use
from ingress.creation import create_catching_up, create_files
from ingress.missed_calls import MissedCalls
from ingress.sweeper import Sweeper
from languages.recognition import Recogniser
from measuring.meters import Meters
from media.opening import create_store
from outgoing.buckets import Buckets
from outgoing.endpoint_wakes import EndpointWakes
from outgoing.endpoints import Endpoints
from outgoing.pushes import Pushes
from outgoing.signed_posts import SignedPosts
from outgoing.standalone import Standalone
from outgoing.telling import Telling
from outgoing.waking import Waking
from providers.registry import create_providers
from reporting.following import Following
from reporting.loading import Loading
from reporting.summing import Summing
from routing.batches import BatchWatch
from routing.neglected import erasure_watch, export_watch
from routing.opt_outs import OptOuts
from routing.releases import Releases
from routing.reviving import Reviving
from routing.router import Router
from routing.waits import Waits
from routing.watches import Watches
from runtime.configuration import load_settings
from runtime.heartbeat import Heartbeat
from runtime.http import create_http
from runtime.metrics import Metrics, told_build_id
from runtime.namespace import refuse
from runtime.pauses import spare_what_stays
from runtime.schema import await_fit
from runtime.small_http import serve
from runtime.tasks import Tasks, end, error_kind, keep_running, together
from runtime.vitals import Vitals, database_vital, health_of, temporal_vital
from security.endpoint_secrets import SigningSecrets
from security.export_links import ExportLinks
from security.push_keys import PushKeys
from security.secrets import Purpose, SecretBox
from services.backends import Backends
from services.exporting.delivering import Uploads
from services.exporting.making import ExportMaking
from services.exporting.scheduled import ScheduledExports
from services.line_health import LineChecks
from services.phone_set_up import Provisioning
from services.supervising.alerts import AlertWatch
from services.supervising.working import BulkWork
from settings import Settings
from temporal.batches import BatchClient
from temporal.connection import connect
from temporal.conversations import ConversationClient
from temporal.endpoints import wake_endpoint
from temporal.erasures import ErasureClient
from temporal.exports import ExportClient
from temporal.namespaces import lacks_namespace
from temporal.ownership import tie_together
from temporal.retries import retry_now
from temporal.versions import Versions
from tracing.trace import Trace
from workers.parts import create_lookups, create_posts, create_sender, keyring_of
from workers.temporal_workers import Workers, create_workers
from workers.versions import VersionWatch
from workflows.conversation.messages import CONVERSATIONS_QUEUE
from workflows.exports.schedules import ExportPlan, keep_exporting
from workflows.maintenance.schedules import keep_catching_up, keep_scheduled
from workflows.search_attributes import register

log = structlog.get_logger()

CONNECT_PAUSE = 2.0
"""Ours: seconds between two attempts to reach Temporal."""
CONNECT_SECONDS = 20.0
"""Ours: seconds of one attempt, above the time a starting Temporal takes to answer."""


def main(settings: Settings) -> None:
    """Work until SIGTERM or SIGINT.

    Exits with 2 if the database's schema does not fit, or Temporal's namespace is not its own.
    """
    metrics = Metrics.begin(settings, "worker")
    await_fit(settings.database.url)
    try:
        uvloop.run(work(settings, metrics))
    except ForeignNamespace as error:
        refuse(error)
    metrics.end()


async def work(settings: Settings, metrics: Metrics | None = None) -> None:
    """Run everything a worker process does: conversations, sends, router, sweepers."""
    url, metrics = settings.database.session_url, metrics or Metrics()
    meters = metrics.meters
    async with (
        _opened(settings) as sessions,
        create_http() as http,
        create_posts(settings) as posts,
    ):
        client = await _connected(settings, sessions)
        recogniser, conversations = Recogniser(), _client(settings, client, meters)
        reviving, trace = Reviving(sessions, conversations), Trace(sessions)
        router = Router(sessions, conversations, reviving, url, meters)
        wakes = EndpointWakes(sessions, url, partial(wake_endpoint, client, CONVERSATIONS_QUEUE))
        workers = create_workers(
            *(settings, client, sessions, http),
            recogniser=recogniser,
            router=router,
            maintenance=_maintenance(settings, sessions, http, reviving, trace),
            exports=_exports(settings, sessions, posts),
            deliveries=_deliveries(settings, sessions, posts, wakes, meters),
            posts=posts,
            trace=trace,
            meters=meters,
        )
        preparing = asyncio.create_task(_prepare(recogniser))
        tasks = together(
            {"router": router.run, "endpoints": wakes.run},
            _of_conversations(sessions, conversations, reviving, url),
            _of_providers(settings, sessions, http, conversations, trace, meters),
            _of_people(settings, sessions, posts),
            _schedules(client, sessions, http),
            _versions(settings, client),
            _watched(settings, sessions, client, workers, metrics),
        )
        log.info("worker_started")
        await _until_stopped(workers, tasks)
        preparing.cancel()
        log.info("worker_stopped")


def _client(settings: Settings, client: Client, meters: Meters) -> ConversationClient:
    public_url = settings.web.public_base_url.rstrip("/")
    return ConversationClient(client, meters=meters, public_url=public_url)


def _opened(settings: Settings) -> AbstractAsyncContextManager[Sessions]:
    url, pool = settings.database.url, settings.database.database_pool_size
    hashing = keyring_of(settings).suppression_setting()
    return opened(url, pool_size=pool, name="switchboard-worker", suppression_keys=hashing)


def _provisioning(
    settings: Settings, sessions: Sessions, http: httpx2.AsyncClient, trace: Trace
) -> Provisioning:
    """Return what asking providers for their numbers needs."""
    box, public_url = SecretBox(keyring_of(settings)), settings.web.public_base_url.rstrip("/")
    return Provisioning(sessions, create_providers(http), box, trace, public_url)


def _of_conversations(
    sessions: Sessions, conversations: ConversationClient, reviving: Reviving, url: str
) -> Tasks:
    """Return the tasks that tell conversations what happened, and record what happens to them."""
    return {
        "alerts": AlertWatch(sessions).run,
        "bulk": BulkWork(Backends(sessions, conversations)).run,
        "records": Following(sessions, url).run,
        "figures": Summing(sessions).run,
        "load": Loading(sessions).run,
        "waits": Waits(sessions).run,
        "releases": Releases(sessions, conversations, reviving).run,
        "opt_outs": OptOuts(sessions, conversations, reviving, url).run,
        "sweeper": Sweeper(sessions, conversations, url).run,
    }


def _of_providers(
    settings: Settings,
    sessions: Sessions,
    http: httpx2.AsyncClient,
    conversations: ConversationClient,
    trace: Trace,
    meters: Meters,
) -> Tasks:
    """Return the tasks that call providers, or write texts for one."""
    sender = create_sender(settings, sessions, http, trace=trace, meters=meters)
    store, secrets = create_store(settings.media), SecretBox(keyring_of(settings))
    return {
        "trace": trace.run,
        "lines": LineChecks(_provisioning(settings, sessions, http, trace)).run,
        "standalone": Standalone(sessions, sender).run,
        "missed_calls": MissedCalls(sessions).run,
        "lookups": create_lookups(settings, sessions, http, conversations, trace=trace).run,
        "files": create_files(sessions, http, secrets, store, trace).run,
    }


def _of_people(settings: Settings, sessions: Sessions, posts: SignedPosts) -> Tasks:
    """Return the tasks that tell people what happened."""
    keys, contact = PushKeys(keyring_of(settings)), settings.web.contact_of_pushes
    return {
        "notices": Telling(sessions, settings.database.session_url).run,
        "pushes": Pushes(sessions, posts, keys, contact).run,
    }


def _maintenance(
    settings: Settings,
    sessions: Sessions,
    http: httpx2.AsyncClient,
    reviving: Reviving,
    trace: Trace,
) -> Maintenance:
    return Maintenance(
        sessions,
        Watches(sessions, reviving.conversations, reviving),
        create_store(settings.media),
        create_catching_up(sessions, http, SecretBox(keyring_of(settings)), trace),
        timedelta(days=settings.trace.trace_days),
    )


def _exports(settings: Settings, sessions: Sessions, posts: SignedPosts) -> Exports:
    store, box = create_store(settings.media), SecretBox(keyring_of(settings))
    uploads = Uploads(sessions, store, Buckets(posts), box)
    return Exports(ExportMaking(sessions, store), ScheduledExports(sessions, uploads))


async def _planned_exports(sessions: Sessions) -> Collection[ExportPlan]:
    async with sessions() as session:
        found = await planned(session)
    return [_export_plan(one, datetime.now(UTC).date()) for one in found]


def _export_plan(found: Planned, today: date) -> ExportPlan:
    every = Every(found.every)
    moved = moved_runs(every, found.hour, ZoneInfo(found.zone), today)
    return ExportPlan(found.id, every, found.hour, found.zone, moved)


def _deliveries(
    settings: Settings,
    sessions: Sessions,
    posts: SignedPosts,
    wakes: EndpointWakes,
    meters: Meters,
) -> Deliveries:
    keyring, base = keyring_of(settings), settings.web.public_base_url.rstrip("/")
    links = ExportLinks(base, keyring.signing_keys(Purpose.file_links))
    of = (sessions, posts, SigningSecrets(keyring), wakes.here)
    return Deliveries(Endpoints(*of, links=links, meters=meters))


def _schedules(client: Client, sessions: Sessions, http: httpx2.AsyncClient) -> Tasks:
    """Return the tasks that keep Temporal's schedules, and wake batches and sends."""
    in_use = partial(connectors_in_use, sessions, create_providers(http))
    return {
        "waking": Waking(sessions, partial(retry_now, client, SEND)).run,
        "batches": BatchWatch(sessions, BatchClient(client)).run,
        "erasures": erasure_watch(sessions, ErasureClient(client)).run,
        "exports": export_watch(sessions, ExportClient(client)).run,
        "export_schedules": partial(
            keep_exporting, client, CONVERSATIONS_QUEUE, partial(_planned_exports, sessions)
        ),
        "schedules": partial(keep_scheduled, client, CONVERSATIONS_QUEUE),
        "catch_up_schedules": partial(keep_catching_up, client, CONVERSATIONS_QUEUE, in_use),
    }


async def _prepare(recogniser: Recogniser) -> None:
    """Load what the first texts need, then exclude all lasting objects from garbage collection."""
    await recogniser.prepare()
    spare_what_stays()


def _versions(settings: Settings, client: Client) -> Tasks:
    """Return the task that sees to it that this version is given work, if it has one."""
    build = settings.build_id
    return {"version": VersionWatch(Versions(client), build).run} if build else {}


def _vitals(settings: Settings, sessions: Sessions, client: Client) -> Vitals:
    url = settings.database.url

    async def new_client() -> Client:
        return await connect(keyring_of(settings).payload_cipher())

    return Vitals([database_vital(sessions, url), temporal_vital(client, new_client)])


def _watched(
    settings: Settings, sessions: Sessions, client: Client, workers: Workers, metrics: Metrics
) -> Tasks:
    """Return the tasks that watch this process, and tell its health and figures where ports are."""
    vitals, web = _vitals(settings, sessions, client), settings.worker_health
    named, build_id = settings.process_name, told_build_id(settings)
    keyring = keyring_of(settings)
    beat = Heartbeat.create(sessions, ProcessKind.worker, named, keyring, build_id).run
    measured = metrics.tasks({"worker": sessions}, vitals)
    tasks = together({"vitals": vitals.watch, "heartbeat": beat}, measured)
    if web.worker_health_port is None:
        return tasks
    port, look = web.worker_health_port, health_of(vitals, lambda: workers.are_polling)
    return together(tasks, {"health": lambda: serve(look, web.worker_health_host, port)})


async def _connected(settings: Settings, sessions: Sessions) -> Client:
    """Connect to Temporal, waiting until it is up, and register its search attributes.

    Raises `ForeignNamespace` before anything there is touched.
    """
    while True:
        try:
            async with asyncio.timeout(CONNECT_SECONDS):
                client: Client = await connect(keyring_of(settings).payload_cipher())
                await tie_together(sessions.direct, client)
                await register(client)
        except (RPCError, RuntimeError, TimeoutError) as error:
            lacks = lacks_namespace(error)
            log.warning("temporal_not_ready", error=type(error).__name__, lacks_namespace=lacks)
            await asyncio.sleep(CONNECT_PAUSE)
        except psycopg.OperationalError:
            log.warning("namespace_not_checked")
            await asyncio.sleep(CONNECT_PAUSE)
        else:
            return client


async def _until_stopped(workers: Workers, tasks: Tasks) -> None:
    """Run everything until a signal asks to stop. A failing Temporal worker ends the process."""
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stop.set)
    working = asyncio.create_task(workers.run())
    beside = [asyncio.create_task(keep_running(name, run)) for name, run in tasks.items()]
    stopping = asyncio.create_task(stop.wait())
    await asyncio.wait([working, stopping], return_when=asyncio.FIRST_COMPLETED)
    if not working.done():
        await workers.stop()
    stopping.cancel()
    await end(*beside)
    (ended,) = await asyncio.gather(working, return_exceptions=True)
    if isinstance(ended, Exception):
        log.error("worker_failed", error=error_kind(ended))
        raise ended


if __name__ == "__main__":
    main(load_settings())
