"""Workers as commands see them: by what Temporal and the database know."""

from database.queries.operating import processes
from temporal.versions import Versions
from tests.fixtures.centre import Centre


async def knows_a_worker(centre: Centre) -> bool:
    """Say whether a worker has asked Temporal for work, and has written that it is there."""
    async with centre.sessions() as session:
        is_written = bool(await processes.listed(session))
    versions = Versions(centre.client, centre.conversations.task_queue)
    return is_written and bool(await versions.at_work())
