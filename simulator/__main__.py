"""`python -m simulator`: runs the carrier as a separate process."""

from runtime import logs
from settings import LogSettings
from simulator.app import create_simulator
from simulator.server import SimulatorServer
from simulator.settings import SimulatorSettings


def main() -> None:
    """Serve until a signal stops it."""
    settings = SimulatorSettings()
    logs.configure(LogSettings())
    SimulatorServer(create_simulator(settings), settings.host, settings.port).run()


if __name__ == "__main__":
    main()
