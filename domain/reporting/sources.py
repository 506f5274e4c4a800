"""What a conversation is counted under as its source."""

from domain.origins.kinds import OriginKind


def source_of(origin: str, origin_id: str | None) -> str:
    """Return the id of the ad, poster or page; otherwise how it began."""
    if origin == OriginKind.source and origin_id:
        return f"{origin}/{origin_id}"
    return origin


BATCH = "batch"
"""What texts of a batch are counted under; answers to them under that of a notification."""
