"""Addresses of consumers: each phone has one key, however its number is written.

Bare digits without a country are never read as a phone. They are a short code, or a name.
"""

import re
import unicodedata
from dataclasses import dataclass

import phonenumbers
from phonenumbers import PhoneNumber, PhoneNumberFormat, PhoneNumberType

from domain.errors import NumberInvalid
from domain.numbers.numbering_plans import is_written_so, renewed

LONGEST_ADDRESS = 100
"""Characters of an address. Ours: far above the 15 digits of E.164 and the 11 of a name."""

NO_EXTENSION = "An extension cannot receive texts. Give a number without one."
# Digits that are compared at the end of a number. libphonenumber would drop an extension that it
# does not recognise, or make it a part of the number. Ours: longer than any extension in use.
TAIL = 6
NORTH_AMERICA = 1
TOLL_FREE_THERE = re.compile(r"\+18(?:00|33|44|55|66|77|88)\d{7}", re.ASCII)
LETTERED = (
    PhoneNumberType.TOLL_FREE,
    PhoneNumberType.SHARED_COST,
    PhoneNumberType.PREMIUM_RATE,
    PhoneNumberType.UAN,
    PhoneNumberType.PERSONAL_NUMBER,
)
"""Kinds of numbers that are written with letters outside North America."""
# No country has short codes of nine digits, and few numbers are shorter.
DIGITS = re.compile(r"\+[\d ().-]+", re.ASCII)
SHORT_CODE = re.compile(r"\d{1,8}", re.ASCII)


@dataclass(frozen=True)
class Address:
    """The address of a consumer. `written`: where texts are sent. `key`: the same for all spellings
    of the number, so that the consumer is found by any of them.
    """

    written: str
    key: str


def address_of(sender: str) -> Address:
    """Return the address that a provider or a search names: a phone, a short code or a name.

    A number becomes E.164. Anything else stays as written, with a key that ignores case. Raises
    `NumberInvalid` for an empty or overlong address.
    """
    if len(sender) > LONGEST_ADDRESS:
        raise NumberInvalid
    folded = _folded(sender)
    if not folded:
        raise NumberInvalid
    if folded.startswith("+"):  # bare digits are a short code or lack their country
        try:
            return _read(folded)
        except NumberInvalid:
            pass
    return Address(_printable(sender), folded.casefold())


def phone_of(typed: str) -> Address:
    """Return the phone of a number typed in international form.

    `written` keeps the typed spelling if it still reaches the phone. Raises `NumberInvalid`.
    """
    if len(typed) > LONGEST_ADDRESS:
        raise NumberInvalid
    read = _read(_folded(typed))
    return read if is_written_so(read.written) else Address(read.key, read.key)


def e164(text: str) -> str:
    """Return a number written in international form as E.164. Raises `NumberInvalid`."""
    return phone_of(text).written


def key_of(address: str) -> str:
    """Return the key of the consumer with this address. Raises `NumberInvalid`."""
    return address_of(address).key


def check_has_country(typed: str) -> None:
    """Raise `NumberInvalid` for a number that lacks its country, or is none of any country."""
    if not is_program(typed):
        phone_of(typed)


def is_toll_free(number: str) -> bool | None:
    """Say whether an E.164 number is toll-free; None: its numbering plan does not say."""
    read = _parsed(number)
    if read.country_code == NORTH_AMERICA:
        return TOLL_FREE_THERE.fullmatch(number) is not None
    kind = phonenumbers.number_type(read)
    return None if kind == PhoneNumberType.UNKNOWN else kind == PhoneNumberType.TOLL_FREE


def is_program(address: str) -> bool:
    """Say whether an address is a short code, a name or another one that no text reaches.

    A number with an extension is such an address: whoever texts from it is no phone.
    """
    folded = _folded(address)
    if folded.startswith("+"):
        return not (DIGITS.fullmatch(folded) or _is_readable(folded))
    return SHORT_CODE.fullmatch(folded) is not None or any(map(str.isalpha, folded))


def _is_readable(folded: str) -> bool:
    try:
        _read(folded)
    except NumberInvalid:
        return False
    return True


def _read(text: str) -> Address:
    parsed = _parsed(text)
    _check_whole(text, parsed)
    parsed = _without_trunk_zero(parsed)
    written = phonenumbers.format_number(parsed, PhoneNumberFormat.E164)
    key = renewed(written)
    if not phonenumbers.is_possible_number(parsed if key == written else _parsed(key)):
        raise NumberInvalid
    return Address(written, key)


def _parsed(text: str) -> PhoneNumber:
    try:
        return phonenumbers.parse(text, None)
    except phonenumbers.NumberParseException as error:
        raise NumberInvalid(
            "A phone number in international form is needed, such as +15550100001."
        ) from error


def _without_trunk_zero(parsed: PhoneNumber) -> PhoneNumber:
    """Return a number without a trunk zero that does not belong to it.

    libphonenumber drops the zero in countries that dial one. People also write "(0)" or "0" for
    other countries, and the result would be a number of no phone.
    """
    if not parsed.italian_leading_zero or phonenumbers.is_valid_number(parsed):
        return parsed
    shorter = PhoneNumber(parsed.country_code, parsed.national_number)
    return shorter if phonenumbers.is_valid_number(shorter) else parsed


def _check_whole(text: str, parsed: PhoneNumber) -> None:
    """Refuse a text with more than a number: an extension must neither vanish nor lengthen it."""
    if parsed.extension:
        raise NumberInvalid(NO_EXTENSION)
    number = text[text.index("+") + 1 :] if "+" in text else text
    if any(map(str.isalpha, number)) and not _may_have_letters(parsed):
        raise NumberInvalid(NO_EXTENSION)
    digits = "".join(filter(str.isdigit, phonenumbers.convert_alpha_characters_in_number(number)))
    if not digits.endswith(str(parsed.national_number)[-TAIL:]):
        raise NumberInvalid(NO_EXTENSION)


def _may_have_letters(parsed: PhoneNumber) -> bool:
    is_american = parsed.country_code == NORTH_AMERICA  # its numbers have one length
    return is_american or phonenumbers.number_type(parsed) in LETTERED


def _printable(text: str) -> str:
    kept = (character for character in text if unicodedata.category(character)[0] != "C")
    return " ".join("".join(kept).split())


def _folded(text: str) -> str:
    """Return an address in plain characters: no variants, nothing invisible, and digits 0 to 9."""
    plain = unicodedata.normalize("NFKC", _printable(text))
    return "".join(map(_digit, _printable(plain)))


def _digit(character: str) -> str:
    value = unicodedata.decimal(character, None)
    return character if value is None else str(value)
