"""How many examples properties try: few and always the same, or many and new ones.

`HYPOTHESIS_PROFILE` chooses the profile: `ci` is what every change must pass, where what fails once
fails again; `nightly` looks for what nobody has thought of.
"""

import os

from hypothesis import HealthCheck, settings

PROFILES = {"ci": 50, "nightly": 1000}
"""Examples of a property that names no number of its own."""

UNTIMED = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
"""No test asserts how long something takes."""


def load_profile() -> None:
    """Let properties try what the chosen profile says, `ci` if none is chosen."""
    settings.register_profile("ci", UNTIMED, max_examples=PROFILES["ci"], derandomize=True)
    settings.register_profile("nightly", UNTIMED, max_examples=PROFILES["nightly"], print_blob=True)
    settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "ci"))


def many(in_ci: int) -> int:
    """Return how many examples a property tries that needs another number than most."""
    return in_ci * settings().max_examples // PROFILES["ci"]


def is_nightly() -> bool:
    """Say whether to try everything, where every change tries a part."""
    return settings().max_examples >= PROFILES["nightly"]
