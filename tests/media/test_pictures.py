"""Pictures: written again, so that nothing but pixels of ours is kept."""

import io
import zlib

import pytest
from PIL import Image
from PIL.PngImagePlugin import PngInfo

from media.failures import FileUnfit, Reason
from media.pictures import LONGEST_EDGE, MOST_FRAMES, THUMBNAIL_EDGE, write_again
from tests.fixtures.file_host import picture


def opened(data: bytes) -> Image.Image:
    return Image.open(io.BytesIO(data))


def saved(image: Image.Image, kind: str, **more: object) -> bytes:
    out = io.BytesIO()
    image.save(out, kind, **more)
    return out.getvalue()


def moving(frames: int, size: tuple[int, int] = (20, 10)) -> bytes:
    images = [Image.new("RGB", size, (one * 7 % 255, one, 0)) for one in range(frames)]
    return saved(images[0], "GIF", save_all=True, append_images=images[1:], duration=80)


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "GIF", "WEBP", "BMP"])
def test_every_kind_of_picture_is_written_again(kind: str) -> None:
    written = write_again(picture(kind))
    assert (written.width, written.height) == (64, 48)
    assert opened(written.data).size == (64, 48)
    assert opened(written.thumbnail).size == (64, 48)


def test_what_a_picture_tells_of_places_and_people_is_dropped() -> None:
    exif = Image.Exif()
    exif[0x010E] = "taken at home"
    image = Image.new("RGB", (40, 20), "red")
    notes = PngInfo()
    notes.add_text("Comment", "taken at home")
    tail = b"<script>alert(1)</script>"
    for data in (
        saved(image, "JPEG", exif=exif, comment=b"taken at home") + tail,
        saved(image, "PNG", pnginfo=notes, exif=exif) + tail,
        saved(image, "WEBP", exif=exif) + tail,
        saved(image, "GIF", comment=b"taken at home") + tail,
    ):
        written = write_again(data).data
        assert b"taken at home" not in written
        assert tail not in written


def test_a_picture_is_shown_the_right_way_up() -> None:
    exif = Image.Exif()
    exif[0x0112] = 6  # a phone that was held upright
    written = write_again(saved(Image.new("RGB", (40, 20), "red"), "JPEG", exif=exif))
    assert (written.width, written.height) == (20, 40)


def test_a_large_picture_is_made_smaller_and_has_a_thumbnail() -> None:
    written = write_again(saved(Image.new("RGB", (6000, 1500), "red"), "JPEG"))
    assert max(written.width, written.height) == LONGEST_EDGE
    assert max(opened(written.thumbnail).size) == THUMBNAIL_EDGE


def test_a_moving_picture_goes_on_moving() -> None:
    assert getattr(opened(write_again(moving(5)).data), "n_frames", 1) == 5


def test_of_a_film_its_first_frame_is_kept() -> None:
    written = write_again(moving(MOST_FRAMES + 5))
    assert getattr(opened(written.data), "n_frames", 1) == 1


def test_a_transparent_picture_stays_transparent() -> None:
    written = write_again(saved(Image.new("RGBA", (20, 20), (255, 0, 0, 0)), "WEBP"))
    assert (written.content_type, written.thumbnail_type) == ("image/png", "image/png")


def _bomb(width: int, height: int) -> bytes:
    """Return a small PNG whose header names many pixels."""
    data = bytearray(picture("PNG"))
    head = width.to_bytes(4, "big") + height.to_bytes(4, "big") + data[24:29]
    data[16:29] = head
    data[29:33] = zlib.crc32(b"IHDR" + head).to_bytes(4, "big")
    return bytes(data)


@pytest.mark.parametrize("size", [(50_000, 50_000), (2**31 - 1, 1000), (30_000, 2_000)])
def test_a_bomb_is_refused_by_its_header(size: tuple[int, int]) -> None:
    with pytest.raises(FileUnfit) as refused:
        write_again(_bomb(*size))
    assert refused.value.reason is Reason.picture_too_large


def test_a_large_progressive_jpeg_is_refused_by_its_header() -> None:
    data = bytearray(saved(Image.new("RGB", (64, 48)), "JPEG", progressive=True))
    size = data.index(b"\xff\xc2") + 5
    data[size : size + 4] = (8_000).to_bytes(2, "big") * 2
    with pytest.raises(FileUnfit) as refused:
        write_again(bytes(data))
    assert refused.value.reason is Reason.picture_too_large


def test_a_damaged_picture_is_refused() -> None:
    whole = saved(Image.effect_noise((200, 200), 60).convert("RGB"), "JPEG")
    for data in (whole[:400], whole[: len(whole) // 2], whole[:4] + b"\0" * 500, _bomb(0, 0)):
        with pytest.raises(FileUnfit) as refused:
            write_again(data)
        assert refused.value.reason is Reason.damaged
