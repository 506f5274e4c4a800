"""Opens pictures and writes them again, so that only pixels of ours are kept and served.

What a picture carries beside its pixels is dropped: places, names, comments, code.
"""

import asyncio
import io
from collections.abc import Iterator
from dataclasses import dataclass

from PIL import Image, ImageOps

from media.failures import FileUnfit, Reason

FORMATS = ("JPEG", "PNG", "GIF", "WEBP", "BMP")
MOST_PIXELS = 30_000_000
"""Pixels held in memory at a time, 120 MB. Ours: a phone's usual camera has 12 million."""
MOST_FRAMES = 100
MOST_MOVING_PIXELS = 30_000_000
"""Frames of a moving picture, and their pixels together. Beyond, only its first frame is kept."""
LONGEST_EDGE = 4096
"""Pixels. Ours: larger than any screen it is looked at on."""
THUMBNAIL_EDGE = 480
"""Pixels. Ours: 240 on the page, on screens with two pixels for each."""
AT_ONCE = 2
"""Pictures that one process opens at a time, which bounds its memory. Ours."""
QUALITY = 88
THUMBNAIL_QUALITY = 80
CONTENT_TYPES = {"JPEG": "image/jpeg", "PNG": "image/png", "GIF": "image/gif"}

# Pillow's own guard, for what its decoders find on the way. Ours is stricter, and comes first.
Image.MAX_IMAGE_PIXELS = 2 * MOST_PIXELS


@dataclass(frozen=True)
class Written:
    """A picture as it was written again, and its thumbnail, which is a JPEG or a PNG."""

    data: bytes
    content_type: str
    width: int
    height: int
    thumbnail: bytes
    thumbnail_type: str


class Pictures:
    """Opens a few pictures at a time, each in a thread."""

    def __init__(self) -> None:
        self._turn = asyncio.Semaphore(AT_ONCE)

    async def written_again(self, data: bytes) -> Written:
        """Return a picture written again. Raises `FileUnfit`."""
        async with self._turn:
            return await asyncio.to_thread(write_again, data)


def write_again(data: bytes) -> Written:
    """Return a picture written again. Raises `FileUnfit`."""
    try:
        return _written(data)
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise FileUnfit(Reason.picture_too_large) from error
    except FileUnfit:
        raise
    except Exception as error:  # decoders raise errors of every kind at what they cannot read
        raise FileUnfit(Reason.damaged) from error


def _written(data: bytes) -> Written:
    with Image.open(io.BytesIO(data), formats=FORMATS) as opened:
        _refuse_large(opened)
        frames = list(_moving(opened)) if opened.format == "GIF" else []
        still = frames[0] if frames else _still(opened)
        kind = _kind(opened.format or "", still)
    out = io.BytesIO()
    if len(frames) > 1:
        _save_moving(out, frames)
    else:
        _save(out, still, kind, QUALITY)
    thumbnail, thumbnail_kind = _thumbnail(still)
    return Written(
        data=out.getvalue(),
        content_type=CONTENT_TYPES[kind],
        width=still.width,
        height=still.height,
        thumbnail=thumbnail,
        thumbnail_type=CONTENT_TYPES[thumbnail_kind],
    )


def _refuse_large(opened: Image.Image) -> None:
    """Refuse a picture by the size that its header names, before anything of it is unpacked."""
    if _pixels(opened) > MOST_PIXELS and not opened.info.get("progressive"):
        # Of a JPEG, every second pixel can be left out while it is read. A progressive one is held
        # in memory as a whole all the same.
        opened.draft("RGB", (LONGEST_EDGE // 2, LONGEST_EDGE // 2))
    if _pixels(opened) > MOST_PIXELS:
        raise FileUnfit(Reason.picture_too_large)


def _pixels(image: Image.Image) -> int:
    return image.width * image.height


def _still(opened: Image.Image) -> Image.Image:
    """Return the pixels of a picture the right way up, without anything else it carries."""
    opened.thumbnail((LONGEST_EDGE, LONGEST_EDGE))  # first: each step after it makes a copy
    ImageOps.exif_transpose(opened, in_place=True)
    return _bare(opened)


def _bare(image: Image.Image) -> Image.Image:
    """Return the pixels alone, in one of two modes."""
    bare = image.convert("RGBA" if image.has_transparency_data else "RGB")
    bare.info.clear()
    return bare


def _moving(opened: Image.Image) -> Iterator[Image.Image]:
    """Yield the frames of a GIF, each with its time; only the first of one that has too many."""
    most = min(MOST_FRAMES, MOST_MOVING_PIXELS // max(_pixels(opened), 1))
    frames: list[Image.Image] = []
    for number in range(most + 1):
        try:
            opened.seek(number)
        except EOFError:
            break
        if _pixels(opened) > MOST_PIXELS:  # a frame may be larger than the header says
            raise FileUnfit(Reason.picture_too_large)
        if number == most:
            del frames[1:]
            break
        duration = opened.info.get("duration", 0)
        frame = _bare(opened)
        frame.info["duration"] = duration if isinstance(duration, int | float) else 0
        frames.append(frame)
    yield from frames


def _kind(format_: str, still: Image.Image) -> str:
    if format_ in ("PNG", "GIF"):
        return format_
    return "PNG" if still.mode == "RGBA" else "JPEG"


def _save(out: io.BytesIO, image: Image.Image, kind: str, quality: int) -> None:
    if kind == "JPEG":
        plain = image if image.mode == "RGB" else image.convert("RGB")
        plain.save(out, kind, quality=quality)
    else:
        image.save(out, kind)


def _save_moving(out: io.BytesIO, frames: list[Image.Image]) -> None:
    durations = [frame.info["duration"] for frame in frames]
    # Where frames are transparent, each is drawn on nothing; others change what is there already.
    disposal = 2 if any(frame.mode == "RGBA" for frame in frames) else 0
    frames[0].save(
        out,
        "GIF",
        save_all=True,
        append_images=frames[1:],
        duration=durations,
        loop=0,
        disposal=disposal,
    )


def _thumbnail(still: Image.Image) -> tuple[bytes, str]:
    """Return a small copy. The means of whole blocks come first, which cost a quarter."""
    out, factor = io.BytesIO(), max(still.size) // THUMBNAIL_EDGE
    small = still.reduce(factor) if factor > 1 else still.copy()
    small.thumbnail((THUMBNAIL_EDGE, THUMBNAIL_EDGE), Image.Resampling.BILINEAR)
    kind = "PNG" if small.mode == "RGBA" else "JPEG"
    _save(out, small, kind, THUMBNAIL_QUALITY)
    return out.getvalue(), kind
