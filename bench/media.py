"""Measures how fast consumers' pictures are opened, written again and stored, with what memory."""

import asyncio
import io
import resource
import tempfile
import time
from functools import partial
from pathlib import Path
from uuid import uuid4

from PIL import Image

from bench.figures import Figure
from media.intake import kept, put
from media.pictures import Pictures
from media.store import MediaStore, folder

AT_ONCE = 6
"""As many as one worker holds: `ingress.files.AT_ONCE`."""
SIZE = (1600, 1200)
"""Pixels of a usual picture message."""


async def media(count: int) -> list[Figure]:
    """Return pictures stored a second, and the memory of the process at its peak."""
    data, pictures, slots = _picture(), Pictures(), asyncio.Semaphore(AT_ONCE)
    with tempfile.TemporaryDirectory() as place:
        store = MediaStore(partial(folder, Path(place)))

        async def take() -> None:
            async with slots:
                found = await kept(pictures, data, "image/jpeg")
                await put(store, "bench", uuid4(), found)

        began = time.perf_counter()
        await asyncio.gather(*(take() for _ in range(count)))
        taken = time.perf_counter() - began
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return [
        Figure(name="pictures stored a second", value=round(count / taken, 1), at_least=20),
        Figure(name="memory at its peak", value=round(peak), unit="MB", at_most=600),
    ]


def _picture() -> bytes:
    out = io.BytesIO()
    Image.effect_noise((200, 150), 40).resize(SIZE).convert("RGB").save(out, "JPEG", quality=80)
    return out.getvalue()
