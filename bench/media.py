"""Measures how fast consumers' pictures are fetched, written again and stored, with what memory.

The simulator is the provider's host. Webhooks name the pictures, and the worker fetches them beside
the conversations, as in production.
"""

import io
import time
from functools import partial

from PIL import Image

from bench import usage
from bench.figures import Figure
from bench.forms import Form
from bench.installation import MeasuredInstallation
from bench.loops import as_fast_as_possible, until
from bench.progress import ProgressStep
from bench.texting import WORDS, new_number

SIZE = (1600, 1200)
"""Pixels of a usual picture message, of about 300 kB."""
DIFFERENT = 20
SENDERS = 20
AT_ONCE = 20
PATIENCE = 300.0
DONE = "SELECT count(*) FROM media_file WHERE state = 'stored'"
FAILED = "SELECT count(*) FROM media_file WHERE state = 'failed'"
MOST_ADDED = 360
"""MB. Ours: six files of 20 MB held at a time, and two opened pictures of 120 MB."""


async def measure(
    installation: MeasuredInstallation, form: Form, count: int, step: ProgressStep
) -> list[Figure]:
    """Return pictures stored a second, and the worker's memory before and at its peak."""
    addresses = [await _kept(installation, number) for number in range(DIFFERENT)]
    numbers = [new_number() for _ in range(SENDERS)]
    hooks = [
        hook
        for n in range(count)
        for hook in form.webhooks(numbers[n % SENDERS], WORDS, [addresses[n % DIFFERENT]])
    ]
    before, at_rest = await installation.scalar(DONE), usage.megabytes(installation, "Worker")
    peak, shown = at_rest, 0

    async def are_stored() -> bool:
        nonlocal peak, shown
        peak = max(peak, usage.megabytes(installation, "Worker"))
        stored = await installation.scalar(DONE) - before
        for _ in range(stored - shown):
            step.advance()
        shown = stored
        return stored >= count

    began = time.perf_counter()
    await as_fast_as_possible([partial(hook.post, installation) for hook in hooks], at_once=AT_ONCE)
    await until(are_stored, seconds=PATIENCE)
    taken = time.perf_counter() - began
    return [
        Figure(name="pictures_a_second", value=round(count / taken, 1), unit="/s", at_least=20),
        Figure(name="pictures_failed", value=await installation.scalar(FAILED), at_most=0),
        Figure(name="worker_mb_before", value=at_rest, unit="MB"),
        Figure(
            name="worker_mb_added", value=round(peak - at_rest, 1), unit="MB", at_most=MOST_ADDED
        ),
    ]


async def _kept(installation: MeasuredInstallation, number: int) -> str:
    """Give the simulator a picture; returns its address."""
    answer = await installation.http.post(
        f"{installation.simulator_url}/phones/%2B14150000000/pictures",
        content=_picture(number),
        headers={"Content-Type": "image/jpeg"},
    )
    return str(answer.raise_for_status().json()["address"])


def _picture(number: int) -> bytes:
    out = io.BytesIO()
    noise = Image.effect_noise((200, 150), 40 + number)
    noise.resize(SIZE).convert("RGB").save(out, "JPEG", quality=80)
    return out.getvalue()
