"""What a file is, by its content: a name or a header may say anything."""

import codecs
import re
from dataclasses import dataclass

import filetype

UNKNOWN = "application/octet-stream"
PLAIN_TEXT = "text/plain"
SNIFFED_BYTES = 8192
WIDE = (b"\xff\xfe", b"\xfe\xff")
"""How a text in UTF-16 begins."""
LONGEST_TEXT = 64 * 1024
"""Bytes of a text/plain part that are read. Ours: three times the longest text that is stored, in
any charset, and as much as a webhook may have."""
NAME = re.compile(r"[a-z0-9._:-]{1,40}")
CHARSETS = re.compile(
    r"ascii|utf-(?:8|16|32)(?:-sig|-le|-be)?|iso8859-\d+|cp\d+|koi8[-_][rtu]|mac[-_][a-z]+"
    r"|gb2312|gbk|gb18030|big5(?:hkscs)?|shift_jis\w*|euc_\w+|iso2022_\w+|johab|tis-620|hz"
)
"""Charsets that texts are written in, as Python names them."""
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
    """Return the text of a text/plain part: in the charset it names, else in one that fits.

    Of a very long one only the beginning is read. What it returns can be stored: it has no NUL, and
    no half of a surrogate pair.
    """
    fitting = "utf-16" if data.startswith(WIDE) else "utf-8-sig"
    for charset in (_named(announced), fitting, "utf-8-sig"):
        try:
            return _decoded(data, charset) if charset else _decoded(data, fitting)
        except (UnicodeError, LookupError):
            continue
    return _decoded(data, "latin-1")


def _named(announced: str) -> str | None:
    """Return the charset that an announced type names, if texts are written in it.

    Python knows other things as charsets: ways to write a host name or source code, some of which
    take the square of a text's length, yield halves of characters, or fail at whatever they read.
    """
    written = announced.lower().partition("charset=")[2].partition(";")[0].strip(" \"'")
    if not NAME.fullmatch(written):
        return None
    try:
        name = codecs.lookup(written).name
    except LookupError:
        return None
    return name if CHARSETS.fullmatch(name) else None


def _decoded(data: bytes, charset: str) -> str:
    """Return the text in the beginning of some data. Raises `UnicodeError`."""
    decoder = codecs.getincrementaldecoder(charset)()
    is_whole = len(data) <= LONGEST_TEXT
    return decoder.decode(data[:LONGEST_TEXT], is_whole).replace("\0", "")
