"""QR codes as files that browsers keep."""

import hashlib

from fastapi import Request, Response

from api.copies import has_copy
from services.qr_codes import QrFormat, qr_code


def qr_file(request: Request, link: str, kind: QrFormat) -> Response:
    """Return the QR code of a link. A browser that has this one keeps it."""
    tag = f'"{hashlib.sha256(f"{kind} {link}".encode()).hexdigest()[:32]}"'
    headers = {"ETag": tag, "Cache-Control": "private, no-cache"}
    if has_copy(request, tag):
        return Response(status_code=304, headers=headers)
    return Response(qr_code(link, kind), media_type=kind.content_type, headers=headers)
