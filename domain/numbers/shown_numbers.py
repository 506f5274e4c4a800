"""Numbers as people read them."""

import phonenumbers
from phonenumbers import PhoneNumberFormat


def shown_number(address: str) -> str:
    """Return a number in groups, such as `+1 555-020-0004`; short codes and names as they are."""
    if not address.startswith("+"):
        return address
    try:
        return phonenumbers.format_number(
            phonenumbers.parse(address, None), PhoneNumberFormat.INTERNATIONAL
        )
    except phonenumbers.NumberParseException:
        return address
