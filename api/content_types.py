"""A body that a route reads as JSON must say that it is JSON; others are refused with a 415."""

from fastapi import Request

from api.errors import NotJson


def is_json(request: Request) -> bool:
    """Say whether a request names its body JSON, as FastAPI reads it (RFC 6839: `+json`)."""
    kind = request.headers.get("Content-Type", "").partition(";")[0].strip().lower()
    return kind == "application/json" or (
        kind.startswith("application/") and kind.endswith("+json")
    )


async def refuse_other_content(request: Request) -> None:
    """Raise `NotJson` for a body of another kind. Routes that read bytes themselves take any."""
    if request.scope["route"].body_field is None:
        return
    if not is_json(request) and await request.body():
        raise NotJson
