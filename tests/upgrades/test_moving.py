"""What an operator moves to the current version on the status page."""

import pytest

from routing.rolling_over import pin_moved
from services.backends import Backends
from services.installation import Installation
from services.operating.freeing import Asked, Outcome, free
from services.operating.troubles import Remedy
from temporal.versions import Versions
from tests.fixtures.centre import Centre, eventually
from tests.upgrades.conftest import Command, makes_current
from tests.upgrades.test_versions import heard, stands_on, version


@pytest.mark.timeout(400)
async def test_what_was_moved_to_the_current_version_is_pinned_there_again(
    idle_centre: Centre, command: Command
) -> None:
    centre, versions = idle_centre, Versions(idle_centre.client)
    async with version(centre, "one"):
        await makes_current(command, "one")
        await centre.text("hello")
        await centre.when("waiting")
        await stands_on(centre, "one")
    async with version(centre, "two"):
        await makes_current(command, "two")
        asked = Asked(remedy=Remedy.move, subject=centre.thread.workflow_id)
        backends = Backends(centre.sessions, centre.conversations)
        assert await free(Installation(), backends, asked) is Outcome.done
        await centre.text("and again")
        await heard(centre, "and again")
        await stands_on(centre, "two")

        async def is_pinned() -> bool:
            await pin_moved(versions)
            return not await versions.freed()

        await eventually(versions.freed)
        await eventually(is_pinned)
        await stands_on(centre, "two")
