"""`switchboard worker`: the process that runs conversations and the router."""

from cli.configuration import load_settings
from worker import main


def worker() -> None:
    """Work until told to stop; the settings are looked at first, so that all problems are told."""
    load_settings()
    main()
