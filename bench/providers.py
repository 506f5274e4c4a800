"""Measures how fast texts of each provider come in, parts are joined, and pictures are stored.

`adapter_`: verifying and reading alone. `door_`: from the webhook to its answer, when the text is
stored; conversations take the texts meanwhile, on the same cores. The ceiling of the door is a
plain FastAPI application that inserts each body (`bench.plain`), in alternate rounds. `receiver_`:
parts verified, read and stored without HTTP, beside bare inserts on the same connections.
"""

import random
import time
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from functools import partial

import httpx2

from bench import media, usage
from bench.figures import Figure
from bench.forms import LONG, Form, Webhook, connected
from bench.ingest import IN_TRANSCRIPTS, PATIENCE
from bench.installation import MeasuredInstallation
from bench.loops import Job, as_fast_as_possible, until
from bench.percentiles import median
from bench.plain import bare, insert, plain_door
from bench.progress import ProgressSteps
from bench.sizes import Sizes
from bench.texting import new_number
from bench.wire import Wire
from ingress.authentication import WebhookAuthenticator
from ingress.receiving import Receiver, StoredText
from ingress.webhooks import read
from providers.contract import WebhookRequest
from providers.registry import create_providers
from security.secrets import Keyring, SecretBox

PARTS_A_SECOND = 1000
"""The target for parts that are joined, on two cores."""
NEAR = 10
"""Long texts whose parts come mixed."""
PARTED = "openmarket_json"
PLAIN, PARTS, RECEIVER, BARE = "plain", "parts", "receiver", "bare_insert"


@dataclass(frozen=True)
class Scene:
    """What is measured, and the rates found so far: one of each round by name."""

    installation: MeasuredInstallation
    sizes: Sizes
    plain: Wire
    forms: Mapping[str, Form]
    receiver: Receiver
    rates: dict[str, list[float]] = field(default_factory=dict)
    cpu_ms: dict[str, list[float]] = field(default_factory=dict)
    """CPU milliseconds for each webhook."""

    def note(self, name: str, count: int, seconds: float) -> None:
        self.rates.setdefault(name, []).append(count / seconds)

    def spent(self, name: str, count: int, seconds: float) -> None:
        self.cpu_ms.setdefault(name, []).append(seconds / count * 1000)

    def rate(self, name: str) -> float:
        return round(median(self.rates[name]), 1)

    def texts(self, form: Form) -> list[Webhook]:
        """Return a text of each of some new consumers, then a second one of each, and so on."""
        sizes = self.sizes
        numbers = [new_number() for _ in range(sizes.consumers)]
        return [hook for _ in range(sizes.texts_each) for n in numbers for hook in form.webhooks(n)]

    def parts(self) -> list[Webhook]:
        """Return the parts of long texts, each of a new consumer, out of order."""
        chance, mixed = random.Random(1), []
        for _ in range(0, self.sizes.long_texts, NEAR):
            near = [self.forms[PARTED].webhooks(new_number(), LONG) for _ in range(NEAR)]
            parts = [part for text in near for part in text]
            chance.shuffle(parts)
            mixed += parts
        return mixed


async def measure(
    installation: MeasuredInstallation, sizes: Sizes, steps: ProgressSteps
) -> list[Figure]:
    """Return rates of texts, parts and pictures, each beside its ceiling where it has one."""
    await installation.switch_welcomes(on=False)
    forms = await connected(installation)
    async with httpx2.AsyncClient() as http, plain_door(installation) as plain:
        keys = Keyring.parse(installation.environment["SWITCHBOARD_ENCRYPTION_KEYS"])
        authenticator = WebhookAuthenticator(create_providers(http), SecretBox(keys))
        receiver = Receiver(installation.sessions, authenticator)
        scene = Scene(installation, sizes, plain, forms, receiver)
        for number in range(sizes.rounds):
            kinds = _kinds(scene)
            with steps.step(f"round {number + 1}", len(kinds)) as step:
                for measuring in kinds:
                    await measuring()
                    step.advance()
    with steps.step("pictures", sizes.pictures) as step:
        pictures = await media.measure(installation, forms["twilio"], sizes.pictures, step)
    return [*_figures(scene), *pictures]


def _kinds(scene: Scene) -> list[Callable[[], Awaitable[None]]]:
    """Return what is measured in a round, in its order."""
    forms = scene.forms.values()
    return [
        *(partial(_adapter, scene, form) for form in forms),
        partial(_plain, scene),
        *(partial(_door, scene, form.name, partial(scene.texts, form), 1) for form in forms),
        partial(_door, scene, PARTS, scene.parts, len(scene.forms[PARTED].webhooks("+1", LONG))),
        partial(_receiver, scene),
    ]


async def _adapter(scene: Scene, form: Form) -> None:
    """Measure verifying and reading alone."""
    requests = [hook.request for hook in scene.texts(form)]
    authenticator, sessions = scene.receiver.authenticator, scene.installation.sessions
    began = time.perf_counter()
    for request in requests:
        _, adapter = await authenticator.admit(sessions, form.line.provider, form.line_id, request)
        read(adapter, request)
    scene.note(f"adapter_{form.name}", len(requests), time.perf_counter() - began)


async def _plain(scene: Scene) -> None:
    jobs = [bare(scene.plain, hook.body) for hook in scene.texts(scene.forms[PARTED])]
    load = await as_fast_as_possible(jobs, at_once=scene.sizes.at_once)
    scene.note(PLAIN, len(jobs), load.seconds)


async def _door(scene: Scene, name: str, webhooks: Callable[[], list[Webhook]], each: int) -> None:
    """Measure webhooks until all are answered, and wait until conversations have their texts.

    `each`: webhooks of one text.
    """
    before = await scene.installation.scalar(IN_TRANSCRIPTS)
    hooks = webhooks()
    jobs: list[Job] = [partial(hook.post, scene.installation) for hook in hooks]
    used = usage.cpu_seconds(scene.installation)["API"]
    load = await as_fast_as_possible(jobs, at_once=scene.sizes.at_once)
    used = usage.cpu_seconds(scene.installation)["API"] - used
    scene.note(f"door_{name}", len(jobs), load.seconds)
    scene.spent(f"api_cpu_ms_{name}", len(jobs), used)
    await _drained(scene, before + len(jobs) // each)


async def _receiver(scene: Scene) -> None:
    """Measure parts without HTTP, then bare inserts; a sweeper hands the texts over."""
    sessions, form, hooks = scene.installation.sessions, scene.forms[PARTED], scene.parts()
    whole: list[StoredText] = []
    before = await scene.installation.scalar(IN_TRANSCRIPTS)

    async def take(request: WebhookRequest) -> None:
        at, adapter = await scene.receiver.authenticator.admit(
            sessions, form.line.provider, form.line_id, request
        )
        for text in read(adapter, request).texts:
            if stored := await scene.receiver.take(at, adapter, text, request):
                whole.append(stored)

    for name, jobs in (
        (RECEIVER, [partial(take, hook.request) for hook in hooks]),
        (BARE, [partial(insert, sessions, hook.body) for hook in hooks]),
    ):
        own, database = time.process_time(), usage.cpu_seconds(scene.installation)["PostgreSQL"]
        load = await as_fast_as_possible(jobs, at_once=scene.sizes.at_once)
        scene.note(name, len(jobs), load.seconds)
        database = usage.cpu_seconds(scene.installation)["PostgreSQL"] - database
        scene.spent(f"cpu_ms_{name}", len(jobs), time.process_time() - own)
        scene.spent(f"cpu_ms_postgresql_{name}", len(jobs), database)
    await _drained(scene, before + len(whole))


async def _drained(scene: Scene, count: int) -> None:
    async def are_in_transcripts() -> bool:
        return await scene.installation.scalar(IN_TRANSCRIPTS) >= count

    await until(are_in_transcripts, seconds=PATIENCE)


def _figures(scene: Scene) -> list[Figure]:
    plain = scene.rate(PLAIN)
    doors = [(f"door_{name}", "texts/s") for name in scene.forms] + [(f"door_{PARTS}", "parts/s")]
    return [
        *(
            Figure(name=f"adapter_{name}", value=scene.rate(f"adapter_{name}"), unit="texts/s")
            for name in scene.forms
        ),
        *(
            Figure(name=f"{name}_ratio", value=scene.rate(name), unit=unit, ceiling=plain)
            for name, unit in doors
        ),
        *(
            Figure(name=name, value=round(median(spent), 2), unit="ms")
            for name, spent in scene.cpu_ms.items()
        ),
        Figure(
            name="parts_a_second",
            value=scene.rate(RECEIVER),
            unit="parts/s",
            at_least=PARTS_A_SECOND,
        ),
        Figure(
            name="parts_ratio",
            value=scene.rate(RECEIVER),
            unit="parts/s",
            ceiling=scene.rate(BARE),
        ),
    ]
