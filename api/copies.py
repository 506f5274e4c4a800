"""Copies of answers that clients keep, by the tags of what they hold."""

from fastapi import Request


def has_copy(request: Request, tag: str) -> bool:
    """Say whether a client already has what a tag names. A compressed answer has a weak tag."""
    return request.headers.get("If-None-Match", "").removeprefix("W/") == tag
