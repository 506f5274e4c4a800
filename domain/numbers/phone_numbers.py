"""Who texts and is texted: phones, known by one key however their number is written.

Never built from bare digits without a country: those are a short code, or a name like any other.
"""

import re
import unicodedata
from dataclasses import dataclass

import phonenumbers
from phonenumbers import PhoneNumber, PhoneNumberFormat, PhoneNumberType

from domain.errors import NumberInvalid
from domain.numbers.numbering_plans import is_written_so, renewed

LONGEST_ADDRESS = 100
"""Characters of what may be somebody's address."""

NO_EXTENSION = "An extension cannot get texts. Give a number of its own, without one."
# The digits people write behind a number: what libphonenumber does not take for an extension, it
# would drop, or make a part of the number.
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
"""Kinds of numbers that are written with letters elsewhere than in North America."""
# No country has short codes of nine digits, and few numbers are shorter.
SHORT_CODE = re.compile(r"\d{1,8}", re.ASCII)


@dataclass(frozen=True)
class Address:
    """Somebody who texts. `written`: what a text to them is sent to; `key`: one for all spellings
    of their number, by which they are known and found.
    """

    written: str
    key: str


def address_of(sender: str) -> Address:
    """Return who a provider, or somebody who looks for them, means: a phone, a short code, a name.

    A number is E.164, anything else stays as it is written, and is known without regard to case.
    Raises `NumberInvalid` for what is empty or too long to be anybody's.
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
    """Return the phone whose number somebody typed, in international form.

    `written` is what they typed as long as it reaches the phone today. Raises `NumberInvalid`.
    """
    if len(typed) > LONGEST_ADDRESS:
        raise NumberInvalid
    read = _read(_folded(typed))
    return read if is_written_so(read.written) else Address(read.key, read.key)


def e164(text: str) -> str:
    """Return a number written in international form as E.164. Raises `NumberInvalid`."""
    return phone_of(text).written


def key_of(address: str) -> str:
    """Return what somebody is known by who is stored under this address."""
    return address_of(address).key


def is_toll_free(number: str) -> bool | None:
    """Say whether calls and texts to an E.164 number are free; None: its plan does not say."""
    read = _parsed(number)
    if read.country_code == NORTH_AMERICA:
        return TOLL_FREE_THERE.fullmatch(number) is not None
    kind = phonenumbers.number_type(read)
    return None if kind == PhoneNumberType.UNKNOWN else kind == PhoneNumberType.TOLL_FREE


def is_program(address: str) -> bool:
    """Say whether a short code or a name texts: a program, which must not be answered by one."""
    folded = _folded(address)
    if folded.startswith("+"):
        return False
    return SHORT_CODE.fullmatch(folded) is not None or any(map(str.isalpha, folded))


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
    """Return a number without the zero of calls within a country, where it is none of the number.

    libphonenumber drops it where a plan has one; people write "(0)" and "0" in other countries too,
    which would be one more number, of no phone.
    """
    if not parsed.italian_leading_zero or phonenumbers.is_valid_number(parsed):
        return parsed
    shorter = PhoneNumber(parsed.country_code, parsed.national_number)
    return shorter if phonenumbers.is_valid_number(shorter) else parsed


def _check_whole(text: str, parsed: PhoneNumber) -> None:
    """Refuse what says more than a number: an extension must not vanish, nor lengthen it."""
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
    kept = (one for one in text if unicodedata.category(one)[0] != "C")
    return " ".join("".join(kept).split())


def _folded(text: str) -> str:
    """Return an address without width, invisible characters and blanks in a row; its digits 0-9."""
    plain = unicodedata.normalize("NFKC", _printable(text))
    return "".join(map(_digit, _printable(plain)))


def _digit(character: str) -> str:
    value = unicodedata.decimal(character, None)
    return character if value is None else str(value)
