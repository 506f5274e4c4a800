"""Reads JSON in a webhook's body, which may hold anything."""

import json

from pydantic import JsonValue

from providers.contract import WebhookRefused


def json_of(body: bytes) -> JsonValue:
    """Return the value, with strings that PostgreSQL can store. Raises `WebhookRefused`.

    PostgreSQL stores no NUL and no half of a surrogate pair, and JSON can hold both. The first is
    removed, the second replaced, because a text with one odd character must not be lost.
    """
    try:
        return _storable(json.loads(body))
    except (ValueError, RecursionError) as error:
        raise WebhookRefused("The body is not JSON.") from error


def _storable(value: JsonValue) -> JsonValue:
    match value:
        case str():
            whole = value.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
            return whole.replace("\0", "")
        case list():
            return [_storable(one) for one in value]
        case dict():
            return {str(_storable(name)): _storable(one) for name, one in value.items()}
        case _:
            return value
