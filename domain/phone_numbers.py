"""Phone numbers: E.164 in, E.164 out. Never built from bare digits without a region."""

import phonenumbers

from domain.errors import NumberInvalid


def e164(text: str) -> str:
    """Return a number written in international form as E.164. Raises `NumberInvalid`."""
    try:
        number = phonenumbers.parse(text, None)
    except phonenumbers.NumberParseException as error:
        raise NumberInvalid(
            "A phone number in international form is needed, such as +15550100001."
        ) from error
    if not phonenumbers.is_possible_number(number):
        raise NumberInvalid
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def mask(number: str) -> str:
    """Return a number for places where it must not be readable: its last two digits only."""
    return "…" + number[-2:]
