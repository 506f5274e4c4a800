"""Which countries a line may text: its own, unless others are named."""

from collections.abc import Collection

import phonenumbers

COUNTRIES = tuple(sorted(phonenumbers.SUPPORTED_REGIONS))
"""ISO 3166 codes of what the world's numbering plans tell apart."""


def country_of(number: str) -> str | None:
    """Return the country of a number in E.164; None for a short code, a name or a service.

    A number that no plan assigned counts to the main country of its calling code.
    """
    if not number.startswith("+"):
        return None
    try:
        parsed = phonenumbers.parse(number)
    except phonenumbers.NumberParseException:
        return None
    found = phonenumbers.region_code_for_number(parsed)
    return found or phonenumbers.region_code_for_country_code(parsed.country_code or 0)


def may_text(line: str, countries: Collection[str] | None, to: str) -> bool:
    """Say whether a line with this address may text a number first.

    `countries`: those its admin named; None: its own. Senders without a country, such as short
    codes and services, text every country until some are named.
    """
    own = country_of(line)
    allowed = countries if countries is not None else ([own] if own else None)
    return allowed is None or country_of(to) in allowed
