"""Catalogues for scripts of pages: each language is a module of its own."""

import json
from hashlib import sha256
from typing import Annotated

from fastapi import APIRouter, Path, Request, Response

from api.copies import has_copy
from domain.errors import NotFound
from translations.catalogue import ISLAND, Catalogue, catalogue
from translations.reader import LANGUAGES
from web.route import PageRoute

router = APIRouter(route_class=PageRoute)


@router.get("/static/words/{language}.js")
async def show_words(
    request: Request, language: Annotated[str, Path(pattern="^[a-z]{2,8}$")]
) -> Response:
    """Serve the sentences of a language as a module."""
    if language not in LANGUAGES:
        raise NotFound
    written = module(catalogue(language, ISLAND))
    mark = f'"{sha256(written.encode()).hexdigest()[:32]}"'
    headers = {"Cache-Control": "no-cache", "ETag": mark}
    if has_copy(request, mark):
        return Response(status_code=304, headers=headers)
    return Response(written, media_type="text/javascript", headers=headers)


def module(words: Catalogue) -> str:
    """Return a catalogue in JavaScript."""
    return (
        f"export const sentences = {json.dumps(words.sentences, ensure_ascii=False)};\n"
        f"export const forms = {json.dumps(words.forms, ensure_ascii=False)};\n"
        f"export const form = (n) => Number({words.plural});\n"
    )
