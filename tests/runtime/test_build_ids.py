"""Which version figures and the status page say that a worker has."""

from importlib.metadata import version

import pytest

from runtime.metrics import told_build_id
from settings import Environment, Settings


@pytest.mark.parametrize(
    ("environment", "given", "told"),
    [
        ("production", None, version("switchboard")),
        ("production", "abc123", "abc123"),
        ("production", "unversioned", "unversioned"),
        ("development", None, None),
    ],
)
def test_a_worker_tells_the_version_that_its_conversations_stay_on(
    settings: Settings, environment: str, given: str | None, told: str | None
) -> None:
    temporal = settings.temporal.model_copy(update={"worker_build_id": given})
    changed = {"environment": Environment(environment), "temporal": temporal}
    assert told_build_id(settings.model_copy(update=changed)) == told
