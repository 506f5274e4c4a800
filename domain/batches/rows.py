"""Reads rows of recipients: which columns there are, and what a row makes of the template."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from domain.automatic.templates import PLACEHOLDER, fill
from domain.batches.kinds import BadRow
from domain.batches.numbers import UnreadNumber, is_landline, listed_phone
from domain.batches.zones import zone_of
from domain.consent.first_texts import FirstTextCheck, checked, with_how_to_stop
from domain.consent.ledger import LONGEST_EVIDENCE, UNFIT
from domain.errors import DomainError, Invalid
from domain.numbers.phone_numbers import Address
from domain.text.cards import has_card
from domain.text.limits import check_outgoing
from domain.text.segments import Encoding, segments

NUMBER_NAMES = frozenset(
    {
        *("number", "phone", "phone number", "phonenumber", "phone_number", "mobile", "cell"),
        *("mobile number", "mobile phone", "cell phone", "telephone", "tel", "msisdn", "to"),
        *("telefon", "telefonnummer", "handy", "handynummer", "mobilnummer", "rufnummer"),
        *("téléphone", "telephone portable", "portable", "numéro", "teléfono", "telefono"),
        *("móvil", "movil", "telefone", "celular", "cellulare", "numero", "nummer"),
    }
)
"""Names of the column with the number, in six languages, in lower case."""
MOST_COLUMNS = 1000
"""Ours: far above what a text can name, and a heading stays small in memory."""
LONGEST_VALUE = 1600
"""Characters: a text has no more."""
FORCED_SHOWN = 20
BRAND = "brand"
"""A placeholder that needs no column: the account's brand."""


@dataclass(frozen=True)
class Wording:
    """How texts of a batch are made. `language`: of the sentence that says how to opt out."""

    template: str
    brand: str
    language: str
    check: FirstTextCheck
    adds_how_to_stop: bool = False
    smart_encoding: bool = False
    refuses_cards: bool = False

    def text(self, values: Mapping[str, str]) -> str:
        """Return the text for a recipient."""
        text = filled(self.template, {BRAND: self.brand, **values})
        return with_how_to_stop(text, self.language) if self.adds_how_to_stop else text

    def first(self, text: str) -> str:
        """Return a text as the first one to a consumer. Raises `Invalid`, `MessageTooLong`."""
        return checked(text, self.brand, self.language, self.check)


@dataclass(frozen=True)
class Columns:
    """Where a row has what. `values`: the placeholders of the template, each with its column."""

    number: int
    values: Mapping[str, int]
    evidence: int | None = None


@dataclass(frozen=True)
class Row:
    """A row as it was given: its line, its number, its values by placeholder, its evidence."""

    line: int
    number: str
    values: Mapping[str, str] = field(default_factory=dict)
    evidence: str | None = None


@dataclass(frozen=True)
class GoodRow:
    """A row that makes a recipient. `first_segments`: None if a first text would be refused."""

    line: int
    phone: Address
    text: str
    segments: int
    first_segments: int | None
    forced_by: str
    zone: str
    is_landline: bool
    evidence: str | None


@dataclass(frozen=True)
class RefusedRow:
    """A row that makes no recipient. `detail`: such as the column that is empty."""

    line: int
    reason: BadRow
    detail: str = ""


def placeholders(template: str) -> tuple[str, ...]:
    """Return the placeholders of a template that need a column, in lower case, each once."""
    found = dict.fromkeys(_key(name) for name in PLACEHOLDER.findall(template))
    return tuple(name for name in found if name != BRAND)


def filled(template: str, values: Mapping[str, str]) -> str:
    """Return a template with its placeholders filled; `values` by their names in lower case."""
    return fill(_folded(template), dict(values)).strip()


def check_template(template: str) -> None:
    """Refuse a template that could never be filled. Raises `Invalid`, `MessageTooLong`."""
    check_outgoing(template)
    if "" in placeholders(template):
        raise Invalid("A placeholder needs a name between its braces, such as {name}.")
    rest = PLACEHOLDER.sub("", template)
    if "{" in rest or "}" in rest:
        raise Invalid("A brace is not closed. Placeholders are written as {name}.")


def columns_of(heading: Sequence[str], template: str, evidence: str | None) -> Columns:
    """Return where rows under this heading have what. Raises `Invalid`."""
    if len(heading) > MOST_COLUMNS:
        raise Invalid(f"The file has {len(heading)} columns; at most {MOST_COLUMNS} can be read.")
    names = [_key(name) for name in heading]
    number = next((at for at, name in enumerate(names) if name in NUMBER_NAMES), None)
    if number is None:
        raise Invalid(
            "The first line has to name the columns, and one of them number. "
            f"It names: {_shown(heading)}."
        )
    wanted = placeholders(template)
    missing = [name for name in wanted if name not in names]
    if evidence and _key(evidence) not in names:
        missing.append(evidence)
    if missing:
        raise Invalid(f"The file has no column {', '.join(missing)}. It has: {_shown(heading)}.")
    values = {name: names.index(name) for name in wanted}
    return Columns(number, values, names.index(_key(evidence)) if evidence else None)


def row_of(line: int, cells: Sequence[str], columns: Columns) -> Row:
    """Return what a row of a file says; a cell that it lacks is empty."""

    def cell(at: int) -> str:
        return cells[at].strip() if at < len(cells) else ""

    values = {name: cell(at) for name, at in columns.values.items()}
    evidence = None if columns.evidence is None else cell(columns.evidence) or None
    return Row(line, cell(columns.number), values, evidence)


def read_row(row: Row, wording: Wording, calling_code: int | None) -> GoodRow | RefusedRow:
    """Return the recipient that a row makes, or why it makes none."""
    given = (row.number, *row.values.values(), row.evidence or "")
    if any(UNFIT.search(value) for value in given):
        return RefusedRow(row.line, BadRow.not_text)
    try:
        phone = listed_phone(row.number, calling_code)
    except UnreadNumber as error:
        return RefusedRow(row.line, error.reason)
    values = {_key(name): value for name, value in row.values.items()}
    for name in placeholders(wording.template):
        if not values.get(name):
            return RefusedRow(row.line, BadRow.value_missing, name[:60])
    if any(len(value) > LONGEST_VALUE for value in values.values()):
        return RefusedRow(row.line, BadRow.text_too_long)
    return _filled(row, phone, values, wording)


def _filled(
    row: Row, phone: Address, values: Mapping[str, str], wording: Wording
) -> GoodRow | RefusedRow:
    try:
        text = wording.text(values)
        check_outgoing(text)
    except DomainError:
        return RefusedRow(row.line, BadRow.text_too_long)
    if wording.refuses_cards and (has_card(text) or has_card(row.evidence or "")):
        return RefusedRow(row.line, BadRow.card_number)
    size = segments(text, smart=wording.smart_encoding)
    return GoodRow(
        line=row.line,
        phone=phone,
        text=text,
        segments=size.count,
        first_segments=_first_segments(text, size.count, wording),
        forced_by=size.forced_by[:FORCED_SHOWN] if size.encoding is Encoding.ucs2 else "",
        zone=zone_of(phone.written),
        is_landline=is_landline(phone.written),
        evidence=row.evidence[:LONGEST_EVIDENCE] if row.evidence else None,
    )


def _first_segments(text: str, count: int, wording: Wording) -> int | None:
    try:
        first = wording.first(text)
    except DomainError:
        return None
    return count if first == text else segments(first, smart=wording.smart_encoding).count


def _key(name: str) -> str:
    return " ".join(name.split()).casefold()


def _folded(template: str) -> str:
    return PLACEHOLDER.sub(lambda match: "{" + _key(match[1]) + "}", template)


def _shown(heading: Sequence[str]) -> str:
    names = [name.strip()[:30] for name in heading[:10] if name.strip().isprintable()]
    return ", ".join(filter(None, names)) or "nothing"
