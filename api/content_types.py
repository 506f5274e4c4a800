"""A body that a route reads as JSON must say that it is JSON; others are refused with a 415."""

from fastapi import Request

from api.errors import NotJson


async def refuse_other_content(request: Request) -> None:
    """Raise `NotJson` for a body of another kind. Routes that read bytes themselves take any."""
    if request.scope["route"].body_field is None:
        return
    kind = request.headers.get("Content-Type", "").partition(";")[0].strip().lower()
    is_json = kind == "application/json" or (
        kind.startswith("application/") and kind.endswith("+json")
    )
    if not is_json and await request.body():
        raise NotJson
