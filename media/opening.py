"""Opens the media store that the settings name."""

from functools import partial

from media.store import Bucket, MediaStore, folder
from settings import MediaSettings


def create_store(settings: MediaSettings) -> MediaStore:
    """Return the media store. It is opened with its first use."""
    if settings.media_bucket is None:
        return MediaStore(partial(folder, settings.media_folder))
    secret = settings.media_secret_access_key
    bucket = Bucket(
        settings.media_bucket,
        settings.media_region,
        settings.media_endpoint,
        settings.media_access_key_id,
        secret.get_secret_value() if secret else None,
    )
    return MediaStore(bucket.opened)
