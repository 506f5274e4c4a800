"""CSV files of callers, read slice by slice: in a thread, while the last slice is written."""

import asyncio
import codecs
import csv
import re
from collections.abc import AsyncGenerator, Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from io import TextIOWrapper
from itertools import islice
from typing import IO, TypeVar

from domain.errors import Invalid

CHUNK = 256 * 1024
LONGEST_FIELD = 100_000
"""Characters of a field. Ours: above any text; a quotation mark that is not closed ends there."""
LONGEST_LINE = 4_000_000
"""Characters of a line. Ours: a thousand long texts; a separator alone makes a cell of 8 bytes."""
DELIMITERS = (",", ";", "\t")
SEPARATOR = re.compile(r"sep=([,;\t|])\s*$", re.IGNORECASE)
"""The first line by which Excel is told the separator."""
LATIN = "cp1252"
"""What spreadsheets in Western Europe and America write where they do not write UTF-8."""

Slice = TypeVar("Slice")
Item = TypeVar("Item")


@dataclass(frozen=True)
class OpenedCsv:
    """A file that is being read. `encoding`: for people, such as UTF-16."""

    text: TextIOWrapper
    encoding: str


@contextmanager
def opened_csv(file: IO[bytes]) -> Iterator[OpenedCsv]:
    """Open a file in the encoding it is written in: UTF-8, UTF-16, or else Windows-1252.

    A file in UTF-8 needs no mark. One with bytes that are not UTF-8 is read as Windows-1252. Raises
    `Invalid` for a file that is no text. The caller closes the file.
    """
    encoding, shown = _encoding(file)
    text = TextIOWrapper(file, encoding, errors="replace", newline="")
    try:
        yield OpenedCsv(text, shown)
    finally:
        text.detach()


def reader_of(text: TextIOWrapper) -> "csv.reader":  # type: ignore[valid-type]
    """Return a reader with the separator that the first line names (`sep=;`) or uses most.

    A line that is too long raises `csv.Error`, and the next one can be read.
    A quotation mark that is not closed, or is followed by something, is an error of its row. Read
    on, it would make the next rows a part of a field.
    """
    csv.field_size_limit(LONGEST_FIELD)
    first = text.readline(LONGEST_FIELD)
    text.seek(0)
    named = SEPARATOR.match(first)
    delimiter = named[1] if named else max(DELIMITERS, key=first.count)
    return csv.reader(_bounded(text), delimiter=delimiter, strict=True)


def heading_of(lines: Iterator[list[str]]) -> list[str]:
    """Return the names of the columns, none if the first line is no line of CSV."""
    try:
        heading = next(lines, [])
        is_separator = bool(heading) and heading[0].lower() == "sep=" and not any(heading[1:])
        return next(lines, []) if is_separator else heading
    except csv.Error:
        return []


def _bounded(text: TextIOWrapper) -> Iterator[str]:
    """Yield lines; of one that is too long, what the reader refuses."""
    while line := text.readline(LONGEST_LINE):
        if len(line) < LONGEST_LINE or line.endswith(("\n", "\r")):
            yield line
            continue
        while len(line) == LONGEST_LINE and not line.endswith(("\n", "\r")):
            line = text.readline(LONGEST_LINE)
        yield "x" * (LONGEST_FIELD + 1)


def _encoding(file: IO[bytes]) -> tuple[str, str]:
    start = file.read(4)
    file.seek(0)
    if start.startswith((codecs.BOM_UTF32_LE, codecs.BOM_UTF32_BE)):
        raise Invalid("The file is in UTF-32. Save it in UTF-8.")
    if start.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16", "UTF-16"
    if start.startswith(codecs.BOM_UTF8):
        return "utf-8-sig", "UTF-8"
    if b"\0" in start:
        return ("utf-16-le" if start[1:2] == b"\0" else "utf-16-be"), "UTF-16"
    encoding = _without_mark(file)
    file.seek(0)
    return encoding


def _without_mark(file: IO[bytes]) -> tuple[str, str]:
    decoder = codecs.getincrementaldecoder("utf-8")()
    is_utf8 = True
    while chunk := file.read(CHUNK):
        if b"\0" in chunk:
            raise Invalid("The file is no text. Export it as CSV, in UTF-8.")
        if is_utf8:
            is_utf8 = _decodes(decoder, chunk)
    if is_utf8 and _decodes(decoder, b"", final=True):
        return "utf-8", "UTF-8"
    return LATIN, "Windows-1252"


def _decodes(decoder: codecs.IncrementalDecoder, chunk: bytes, *, final: bool = False) -> bool:
    try:
        decoder.decode(chunk, final)
    except UnicodeDecodeError:
        return False
    return True


async def sliced(
    items: Iterator[Item], size: int, prepare: Callable[[list[Item]], Slice]
) -> AsyncGenerator[Slice]:
    """Yield slices of items, each prepared by a thread while the one before is used."""

    def one() -> Slice | None:
        found = list(islice(items, size))
        return prepare(found) if found else None

    def reading() -> "asyncio.Task[Slice | None]":
        return asyncio.create_task(asyncio.to_thread(one))

    ahead = reading()
    try:
        while (found := await ahead) is not None:
            ahead = reading()
            yield found
    finally:
        await asyncio.wait([ahead])  # it reads the file, which its owner closes
