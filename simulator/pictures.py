"""Pictures on phones: those that consumers send, and those fetched from the brand's links."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from uuid import uuid4

import httpx2

MOST_KEPT = 300
"""Pictures in memory; the oldest goes first."""
LARGEST = 6_000_000
"""Bytes of a picture. Providers take 5 MB."""
ENDINGS = {
    "image/jpeg": "jpg",
    "image/png": "png",
    "image/gif": "gif",
    "image/webp": "webp",
    "image/svg+xml": "svg",
    "text/plain": "txt",
    "text/vcard": "vcf",
    "text/x-vcard": "vcf",
    "application/pdf": "pdf",
    "application/octet-stream": "bin",
}
SENT = ("image/jpeg", "image/png", "image/gif")
OWN = re.compile(r"(?:https?://[^/]+)?(/pictures/[0-9a-f]{32}\.[a-z]{3,4})")


@dataclass(frozen=True)
class Picture:
    """A file on a phone."""

    data: bytes
    content_type: str


@dataclass(frozen=True)
class Pictures:
    """All pictures, in memory."""

    http: httpx2.AsyncClient
    _kept: dict[str, Picture] = field(default_factory=dict)

    def keep(self, data: bytes, content_type: str) -> str:
        """Keep a picture; returns its path here."""
        kind = content_type.partition(";")[0].strip().lower()
        path = f"/pictures/{uuid4().hex}.{ENDINGS.get(kind, 'bin')}"
        self._kept[path] = Picture(data, kind)
        while len(self._kept) > MOST_KEPT:
            del self._kept[next(iter(self._kept))]
        return path

    def get(self, path: str) -> Picture | None:
        return self._kept.get(path)

    async def fetch(self, url: str) -> str | None:
        """Fetch a picture from the brand as a provider does; None if that fails."""
        try:
            answer = await self.http.get(url, timeout=10.0)
        except httpx2.HTTPError:
            return None
        kind = answer.headers.get("Content-Type", "")
        if not answer.is_success or kind not in SENT or not 0 < len(answer.content) <= LARGEST:
            return None
        return self.keep(answer.content, kind)


def on_phone(url: str) -> str:
    """Return the address a phone shows a file by: a path, if the file is here."""
    own = OWN.fullmatch(url)
    return own[1] if own else url


def announced_type(url: str, otherwise: str) -> str:
    """Return the type that the ending of an address of ours stands for."""
    kinds: Mapping[str, str] = {ending: kind for kind, ending in ENDINGS.items()}
    return kinds.get(url.rpartition(".")[2], otherwise) if OWN.fullmatch(url) else otherwise
