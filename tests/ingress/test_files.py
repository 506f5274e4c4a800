"""Files of consumers' texts: fetched beside the conversation, each once, whatever comes back."""

from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any
from unittest.mock import AsyncMock, patch
from uuid import UUID

import pytest
import time_machine
from sqlalchemy import delete, select, update

from database.clock import SharedClock
from database.engine import Sessions
from database.queries import media
from database.tables import Connector, Consent, Consumer, Exchange, Inbound, MediaFile
from ingress import files as ingress_files
from ingress.files import PAUSES, Files
from media import fetching
from media.fetching import Fetcher
from media.intake import put
from media.keys import key_of, thumbnail_key
from media.pictures import Pictures
from media.store import MediaStore, folder
from providers.registry import create_providers
from security.secrets import Keyring, SecretBox
from tests.fixtures.brand import ENCRYPTION_KEYS, Brand
from tests.fixtures.file_host import ENDLESS, FileHost, answer, file_host, picture
from tests.ingress.carrier import IngressScenario, text

HTML = b"<!doctype html><html><body>Sorry, something went wrong.</body></html>"
SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'


@dataclass
class Desk:
    """The worker's task over one database and one host of files."""

    brand: Brand
    sessions: Sessions
    ingress: IngressScenario
    host: FileHost
    store: MediaStore
    files: Files
    fetcher: Fetcher
    now: datetime = field(default_factory=lambda: datetime.now(UTC))

    async def receive(self, *media: str | tuple[str, str], body: str = "") -> None:
        """Let a text with files arrive: addresses, each with its announced type."""
        named = [one if isinstance(one, tuple) else (one, "image/jpeg") for one in media]
        more = {f"MediaUrl{n}": url for n, (url, _) in enumerate(named)}
        more |= {f"MediaContentType{n}": kind for n, (_, kind) in enumerate(named)}
        await self.ingress.take(self.brand.line_id, text(body, NumMedia=str(len(named)), **more))

    async def fetch(self, *, after: timedelta = timedelta(seconds=1)) -> None:
        """Fetch all that is due some time later; what was received just now is due in any case."""
        self.now = max(self.now, datetime.now(UTC)) + after
        both = AsyncMock(return_value=self.now)
        with time_machine.travel(self.now, tick=False), patch.object(SharedClock, "now", both):
            while await self.files.take_next(self.fetcher):
                pass

    async def all(self) -> list[MediaFile]:
        async with self.sessions() as session:
            query = select(MediaFile).where(MediaFile.account_id == self.brand.account_id)
            return list(await session.scalars(query.order_by(MediaFile.url)))

    async def only(self) -> MediaFile:
        [file] = await self.all()
        return file


@pytest.fixture
async def desk(
    session_factory: Sessions, brand: Brand, ingress: IngressScenario, tmp_path: Path
) -> AsyncIterator[Desk]:
    store = MediaStore(partial(folder, tmp_path / "files"))
    async with file_host() as host, Fetcher() as fetcher:
        async with session_factory.begin() as session:
            own = Connector.account_id == brand.account_id
            await session.execute(update(Connector).where(own).values(api_url=host.url))
        files = Files(
            session_factory,
            create_providers(None),  # type: ignore[arg-type]  # nothing is sent
            SecretBox(Keyring.parse(ENCRYPTION_KEYS)),
            store,
            Pictures(),
            ingress.webhooks.receiver,
            ingress.webhooks.trace,
        )
        yield Desk(brand, session_factory, ingress, host, store, files, fetcher)


async def read(store: MediaStore, key: str) -> bytes:
    return b"".join([piece async for piece in (await store.open(key)).pieces])


async def test_a_picture_is_fetched_once_with_the_providers_credentials(desk: Desk) -> None:
    await desk.receive(desk.host.gives("/one", answer(200, picture(size=(1000, 500)))))
    await desk.fetch()
    file = await desk.only()
    assert (file.state, file.content_type) == ("stored", "image/jpeg")
    assert (file.width, file.height) == (1000, 500)
    assert await read(desk.store, key_of(file.account_id, file.id))
    assert await read(desk.store, thumbnail_key(file.account_id, file.id))
    await desk.fetch(after=timedelta(days=1))
    assert desk.host.asked == ["/one"]
    assert desk.host.headers[0]["authorization"].startswith("Basic ")


async def test_each_fetch_is_kept_with_the_text_and_without_the_address_of_the_picture(
    desk: Desk,
) -> None:
    url = desk.host.gives("/secret-name?key=1", answer(404), answer(200, picture()))
    await desk.receive(url)
    await desk.fetch()
    await desk.fetch(after=PAUSES[0])
    await desk.files.trace.write()
    file = await desk.only()
    async with desk.sessions() as session:
        query = select(Exchange).where(Exchange.kind == "file").order_by(Exchange.at)
        first, second = (await session.scalars(query)).all()
    assert (first.status, first.outcome) == (404, "not_there")
    assert (second.status, second.outcome) == (200, None)
    assert second.answer.endswith(" bytes]")
    assert {first.message_id, second.message_id} == {file.message_id}
    assert (first.url, second.url) == (f"{desk.host.url}/…",) * 2


async def test_a_text_that_comes_twice_has_its_files_once(desk: Desk) -> None:
    url = desk.host.gives("/one", answer(200, picture()))
    form = text("", MediaUrl0=url, MediaContentType0="image/jpeg")
    for _ in range(2):
        await desk.ingress.take(desk.brand.line_id, form)
    await desk.only()


@pytest.mark.parametrize(
    ("first", "reason"),
    [
        (answer(404), "not_there"),
        (answer(401), "credentials_refused"),
        (answer(500, b"oops"), "provider_error"),
        (answer(200, b""), "empty"),
        (answer(200, HTML), "not_a_picture"),
        (answer(200, b"#!/bin/sh\nrm -rf /\n"), "not_a_picture"),
        (answer(200, SVG), "not_a_picture"),
        (answer(200, picture()[:200]), "damaged"),
        (answer(200, picture(), Content_Encoding="gzip"), "encoded"),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\nhalf", "unreachable"),
        (b"", "unreachable"),
    ],
)
async def test_a_failed_fetch_says_why_and_is_repeated_by_itself(
    desk: Desk, first: bytes, reason: str
) -> None:
    await desk.receive(desk.host.gives("/one", first, answer(200, picture())))
    await desk.fetch()
    file = await desk.only()
    assert (file.state, file.failure_code) == ("failed", reason)
    assert file.failure_sentence
    assert file.try_at is not None
    await desk.fetch(after=PAUSES[0] + timedelta(seconds=1))
    file = await desk.only()
    assert (file.state, file.failure_code, file.try_at) == ("stored", None, None)


async def test_a_file_that_never_comes_is_given_up_at_last(desk: Desk) -> None:
    await desk.receive(desk.host.gives("/one", answer(404)))
    for pause in (timedelta(0), *PAUSES, timedelta(days=1)):
        await desk.fetch(after=pause + timedelta(seconds=1))
    file = await desk.only()
    assert (file.state, file.try_at) == ("failed", None)
    assert len(desk.host.asked) == len(PAUSES) + 1


async def test_a_worker_that_died_leaves_its_file_to_others(desk: Desk) -> None:
    await desk.receive(desk.host.gives("/one", answer(200, picture())))
    now = datetime.now(UTC) + timedelta(seconds=1)
    assert await media.claim(desk.sessions.direct, now, now + ingress_files.HELD_FOR)
    await desk.fetch()
    assert (await desk.only()).state == "pending"
    await desk.fetch(after=ingress_files.HELD_FOR + timedelta(minutes=1))
    assert (await desk.only()).state == "stored"


async def test_an_announced_length_is_not_believed(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(fetching, "LARGEST", 10_000)
    announced = answer(200, b"", Content_Length=str(2 * 1024**3))
    hidden = b"HTTP/1.1 200 OK\r\nContent-Type: image/jpeg\r\n\r\n" + b"x" * 20_000
    await desk.receive(desk.host.gives("/one", announced), desk.host.gives("/two", hidden))
    await desk.fetch()
    for file in await desk.all():
        assert (file.failure_code, file.try_at) == ("too_large", None)


async def test_a_body_without_end_is_left(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fetching, "SECONDS", 0.3)
    await desk.receive(desk.host.gives("/one", ENDLESS))
    await desk.fetch()
    assert (await desk.only()).failure_code == "too_slow"


@pytest.mark.parametrize(
    "target",
    [
        "http://127.0.0.1:1/x",
        "https://127.0.0.1/x",
        "https://localhost/x",
        "https://[::1]/x",
        "https://[::ffff:10.0.0.1]/x",
        "https://2130706433/x",
        "https://0x7f.1/x",
        "https://169.254.169.254/latest/meta-data",
        "https://10.0.0.1/x",
        "https://[fe80::1]/x",
        "https://[64:ff9b::7f00:1]/x",
        "https://100.64.0.1/x",
        "https://0.0.0.0/x",
        "https://example.com:8443/x",
        "http://example.com/x",
        "ftp://example.com/x",
        "file:///etc/passwd",
        "//[",
    ],
)
async def test_nothing_is_fetched_from_a_private_place(desk: Desk, target: str) -> None:
    redirect = answer(302, Location=target)
    await desk.receive(desk.host.gives("/one", redirect), target)
    await desk.fetch()
    for file in await desk.all():
        assert (file.failure_code, file.try_at) == ("address_refused", None)


async def test_a_redirect_is_followed_without_credentials(desk: Desk) -> None:
    desk.host.gives("/two", answer(200, picture()))
    await desk.receive(desk.host.gives("/one", answer(302, Location="/two")))
    await desk.fetch()
    assert (await desk.only()).state == "stored"
    assert "authorization" not in desk.host.headers[1]


async def test_redirects_in_a_circle_end(desk: Desk) -> None:
    await desk.receive(desk.host.gives("/one", answer(302, Location="/one")))
    await desk.fetch()
    assert (await desk.only()).failure_code == "too_many_redirects"


async def test_another_file_is_kept_by_its_content(desk: Desk) -> None:
    await desk.receive(
        (desk.host.gives("/a", answer(200, b"%PDF-1.7\n%")), "application/octet-stream"),
        (desk.host.gives("/b", answer(200, b"BEGIN:VCARD\nEND:VCARD\n")), "text/x-vcard"),
        (desk.host.gives("/c", answer(200, SVG)), "image/svg+xml"),
        (desk.host.gives("/d", answer(200, picture("PNG"))), "text/x-vcard"),
    )
    await desk.fetch()
    kept = [(file.content_type, file.ending, file.thumbnail_type) for file in await desk.all()]
    assert kept == [
        ("application/pdf", "pdf", None),
        ("application/octet-stream", "vcf", None),
        ("application/octet-stream", "bin", None),
        ("image/png", "png", "image/jpeg"),
    ]


async def test_a_text_part_becomes_a_text(desk: Desk) -> None:
    wide = "Grüße 👋".encode("utf-16")
    await desk.receive(
        (desk.host.gives("/a", answer(200, wide)), "text/plain"),
        (desk.host.gives("/b", answer(200, "Größe M".encode("latin-1"))), "text/plain"),
    )
    await desk.fetch()
    async with desk.sessions() as session:
        rows = await session.scalars(
            select(Inbound.text).where(Inbound.account_id == desk.brand.account_id)
        )
    assert sorted(rows) == ["", "Größe M", "Grüße 👋"]


async def test_a_file_that_was_erased_while_it_was_fetched_stays_nowhere(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    await desk.receive((desk.host.gives("/a", answer(200, picture())), "image/png"))
    file = await desk.only()

    async def put_and_erased(*given: Any) -> None:
        await put(*given)
        async with desk.sessions.begin() as session:
            await session.execute(delete(MediaFile))

    monkeypatch.setattr("ingress.files.put", put_and_erased)
    await desk.fetch()
    assert await desk.all() == []
    assert not await desk.store.has(key_of(desk.brand.account_id, file.id))


async def test_a_text_part_of_a_number_that_was_erased_is_nobodys_text(desk: Desk) -> None:
    await desk.receive((desk.host.gives("/a", answer(200, b"secret")), "text/plain"))
    async with desk.sessions.begin() as session:
        gone = {"number": "erased", "phone": "erased/1", "erased_at": desk.now}
        await session.execute(update(Consumer).values(**gone))
    await desk.fetch()
    async with desk.sessions() as session:
        assert set(await session.scalars(select(Inbound.text))) == {""}
        assert set(await session.scalars(select(Consumer.number))) == {"erased"}


async def test_a_stop_in_a_text_part_opts_out(desk: Desk) -> None:
    await desk.receive((desk.host.gives("/a", answer(200, b"STOP")), "text/plain"))
    await desk.fetch()
    async with desk.sessions() as session:
        [consent] = await session.scalars(select(Consent))
    assert consent.is_opted_out


async def test_a_stop_in_a_text_part_is_confirmed_by_us_because_the_provider_saw_no_words(
    desk: Desk,
) -> None:
    await desk.receive((desk.host.gives("/a", answer(200, b"STOP")), "text/plain"))
    await desk.fetch()
    async with desk.sessions() as session:
        [stop] = await session.scalars(select(Inbound).where(Inbound.keyword == "stop"))
    assert not stop.provider_handled


async def test_a_text_part_in_no_charset_becomes_a_text(desk: Desk) -> None:
    halves = answer(200, rb"Hello \ud800")
    for number, charset in enumerate(("undefined", "unicode_escape", "utf-7")):
        url = desk.host.gives(f"/{number}", halves)
        await desk.receive((url, f"text/plain; charset={charset}"))
    await desk.fetch()
    async with desk.sessions() as session:
        words = await session.scalars(select(Inbound.text).where(Inbound.text != ""))
    assert list(words) == [r"Hello \ud800"] * 3


async def test_a_file_that_nothing_can_read_holds_up_no_other(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(data: bytes, announced: str) -> str:
        raise AssertionError

    monkeypatch.setattr(ingress_files, "text_in", fails)
    await desk.receive((desk.host.gives("/a", answer(200, b"Hello")), "text/plain"))
    await desk.receive(desk.host.gives("/b", answer(200, picture())))
    await desk.fetch()
    first, second = await desk.all()
    assert (first.state, first.failure_code) == ("failed", "unreadable")
    assert first.try_at is not None
    assert second.state == "stored"


async def test_a_file_that_kills_each_worker_is_given_up(desk: Desk) -> None:
    await desk.receive(desk.host.gives("/a", answer(200, picture())))
    async with desk.sessions.begin() as session:
        await session.execute(update(MediaFile).values(tries=8))  # each worker died of it
    await desk.fetch()
    [file] = await desk.all()
    assert (file.state, file.failure_code, file.try_at) == ("failed", "unreadable", None)


async def test_a_store_that_is_away_loses_nothing(
    desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "files").write_text("not a folder")
    await desk.receive(desk.host.gives("/one", answer(200, picture())))
    await desk.fetch()
    file = await desk.only()
    assert (file.state, file.tries) == ("pending", 0)
    (tmp_path / "files").unlink()
    await desk.fetch(after=timedelta(minutes=2))
    assert (await desk.only()).state == "stored"
    assert isinstance(file.id, UUID)
