"""The ledger of consent as a table: its columns, and how an imported row is read."""

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from domain.errors import Invalid, NumberInvalid
from domain.ids import SLUG
from domain.numbers.phone_numbers import Address, phone_of
from domain.text.cards import masked
from domain.text.formulas import as_written, harmless

COLUMNS = (
    *("id", "at", "number", "kind", "scope", "source", "text", "evidence"),
    *("agent_id", "token_id", "inbound_id", "imported_at"),
)
"""Of an export."""
NEEDED = ("number", "kind", "at", "evidence")
OPTIONAL = ("scope", "text", "id", "source")
"""Columns of an import. Others are ignored. A row of an export says by `id` and `source` where it
came from, if it has no evidence of its own.
"""
KINDS = ("opted_out", "opted_in")
LONGEST_EVIDENCE = 8000
LONGEST_TEXT = 5000
"""Characters. The longest evidence of ours has all that a caller heard of a phone menu, in six
languages; a text is as long as the longest that a consumer's text is kept with.
"""
UNFIT = re.compile("[\0\ud800-\udfff]")
"""What nothing can store: zero, and bytes that were no UTF-8."""


@dataclass(frozen=True)
class ImportedConsent:
    """A change of consent that happened elsewhere. `evidence`: where, such as a form."""

    phone: Address
    kind: str
    scope: str
    at: datetime
    evidence: str
    text: str | None

    def without_cards(self) -> "ImportedConsent":
        """Return it with card numbers masked: an opt-out counts, whatever stands beside it."""
        text = masked(self.text) if self.text else self.text
        return replace(self, evidence=masked(self.evidence), text=text)

    @property
    def key(self) -> bytes:
        """The same for the same row, however it is written, so that it is imported once."""
        parts = (self.phone.key, self.kind, self.scope, self.at.astimezone(UTC).isoformat())
        whole = "\x1f".join((*parts, self.evidence, self.text or ""))
        return hashlib.sha256(whole.encode()).digest()


def read_row(row: Mapping[str, str | None], now: datetime) -> ImportedConsent:
    """Return a row of an import. Raises `Invalid`, with a sentence for the line."""
    values = {name: (row.get(name) or "").strip() for name in (*NEEDED, *OPTIONAL)}
    for value in values.values():
        if UNFIT.search(value):
            raise Invalid("The line is not text in UTF-8.")
    if values["kind"] not in KINDS:
        raise Invalid("kind is opted_out or opted_in.")
    evidence, text = _evidence(values), _plain(values["text"])
    if not evidence or len(evidence) > LONGEST_EVIDENCE:
        raise Invalid(f"evidence needs 1 to {LONGEST_EVIDENCE} characters: where it came from.")
    if len(text) > LONGEST_TEXT:
        raise Invalid(f"text has more than {LONGEST_TEXT} characters.")
    return ImportedConsent(
        phone=_phone(_plain(values["number"])),
        kind=values["kind"],
        scope=_scope(values["scope"]),
        at=_moment(values["at"], now),
        evidence=evidence,
        text=text or None,
    )


def written(value: object) -> str:
    """Return a cell of an export. A text that a spreadsheet would run gets a quote before it."""
    return harmless("" if value is None else str(value))


def _evidence(values: Mapping[str, str]) -> str:
    exported = f"{values['source']} {values['id']}" if values["source"] and values["id"] else ""
    return _plain(values["evidence"]) or exported


def _plain(cell: str) -> str:
    """Return a text without the quote that `written` puts before it."""
    return as_written(cell)


def _phone(number: str) -> Address:
    try:
        return phone_of(number)
    except NumberInvalid as error:
        raise Invalid("number is no phone number in international form.") from error


def _scope(scope: str) -> str:
    if scope in ("", "account"):
        return "account"
    kind, _, row_id = scope.partition(":")
    if kind not in ("line", "connector") or not SLUG.fullmatch(row_id):
        raise Invalid("scope is account, line:<id> or connector:<id>.")
    return scope


def _moment(written_at: str, now: datetime) -> datetime:
    try:
        at = datetime.fromisoformat(written_at)
    except ValueError as error:
        raise Invalid("at is no time in ISO 8601, such as 2026-11-26T10:00:00Z.") from error
    if at.tzinfo is None:
        raise Invalid("at needs its offset from UTC, such as 2026-11-26T10:00:00Z.")
    if at > now or at.year < 1990:
        raise Invalid("at lies in the future, or before there were texts.")
    return at
