"""Messages of server-sent events."""


def message(kind: str, data: str, event_id: int | None = None) -> bytes:
    """Return a message of a stream, without the empty line that ends it. `data`: one line."""
    at = "" if event_id is None else f"id: {event_id}\n"
    return f"event: {kind}\n{at}data: {data}\n".encode()
