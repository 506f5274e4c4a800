"""`/docs`: the API's reference to read and to try, from files of our own."""

from fastapi import APIRouter
from fastapi.responses import HTMLResponse

PAGE = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Switchboard API</title>
<link rel="icon" href="/static/icon.svg">
<link rel="stylesheet" href="/static/vendor/swagger-ui.css">
</head>
<body>
<main id="reference"></main>
<script src="/static/vendor/swagger-ui-bundle.js"></script>
<script src="/static/reference.js"></script>
</body>
</html>
"""
HEADERS = {
    # The viewer writes style elements of its own; nothing else is looser than on our pages.
    "Content-Security-Policy": "default-src 'self'; style-src 'self' 'unsafe-inline'; "
    "img-src 'self' data:; base-uri 'none'; form-action 'self'; frame-ancestors 'none'; "
    "object-src 'none'",
    "X-Frame-Options": "DENY",
}

router = APIRouter(include_in_schema=False)


@router.get("/docs")
async def show_reference() -> HTMLResponse:
    """Show the OpenAPI document as a page."""
    return HTMLResponse(PAGE, headers=HEADERS)
