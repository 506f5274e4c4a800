"""What a file is, by its content: a name or a header may say anything."""

from dataclasses import dataclass

import filetype

UNKNOWN = "application/octet-stream"
PLAIN_TEXT = "text/plain"
SNIFFED_BYTES = 8192
WIDE = (b"\xff\xfe", b"\xfe\xff")
"""How a text in UTF-16 begins."""
OPENED = frozenset({"image/jpeg", "image/png", "image/gif", "image/webp", "image/bmp"})
"""Pictures that are opened and written again."""
DRAWINGS = frozenset({"image/svg+xml"})
"""Announced as pictures, but programs to a browser: only ever downloaded."""
ENDINGS = {
    "text/vcard": "vcf",
    "text/x-vcard": "vcf",
    "text/calendar": "ics",
    "audio/amr": "amr",
    "audio/3gpp": "3gp",
    "video/3gpp": "3gp",
    PLAIN_TEXT: "txt",
}
"""Endings of files whose content says nothing, by what was announced; never a program's."""


@dataclass(frozen=True)
class Kind:
    """What a file is. `ending`: of its name when it is downloaded."""

    content_type: str
    ending: str

    @property
    def is_opened(self) -> bool:
        """Whether it is a picture that is opened and written again."""
        return self.content_type in OPENED

    @property
    def is_picture(self) -> bool:
        return self.content_type.startswith("image/")


def plain_type(announced: str) -> str:
    """Return an announced type without its parameters, in lower case."""
    return announced.partition(";")[0].strip().lower()


def is_announced_picture(announced: str) -> bool:
    """Say whether a file was announced as a picture that browsers show."""
    kind = plain_type(announced)
    return kind.startswith("image/") and kind not in DRAWINGS


def kind_of(data: bytes, announced: str) -> Kind:
    """Return what a file is, by its first bytes; what was announced names at most the ending."""
    found = filetype.guess(data[:SNIFFED_BYTES])
    if found is not None:
        return Kind(found.mime, found.extension)
    kind = plain_type(announced)
    if kind == PLAIN_TEXT and (data.startswith(WIDE) or b"\0" not in data):
        return Kind(PLAIN_TEXT, "txt")
    return Kind(UNKNOWN, ENDINGS.get(kind, "bin"))


def text_in(data: bytes, announced: str) -> str:
    """Return the text of a text/plain part: in the charset it names, else in one that fits."""
    charset = announced.lower().partition("charset=")[2].partition(";")[0].strip(" \"'")
    for encoding in (charset, "utf-8-sig"):
        try:
            return data.decode(encoding).replace("\0", "") if encoding else _fitting(data)
        except (UnicodeDecodeError, LookupError):
            continue
    return data.decode("latin-1").replace("\0", "")


def _fitting(data: bytes) -> str:
    encoding = "utf-16" if data.startswith(WIDE) else "utf-8-sig"
    return data.decode(encoding).replace("\0", "")
