"""A process's figures for Prometheus, answered on a port of their own if one is set."""

import asyncio
import importlib.metadata
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import Self

from prometheus_client import CONTENT_TYPE_LATEST, disable_created_metrics

from database.engine import Sessions
from measuring.figures import InstallationFigures
from measuring.meters import Meters
from measuring.pools import PoolFigures
from measuring.spans import Spans
from runtime import logs
from runtime.small_http import NOT_HERE, Answer, serve
from runtime.tasks import Tasks
from runtime.vitals import Vitals
from settings import MetricsSettings, Settings
from temporal.telemetry import SdkFigures, forward_logs


@dataclass
class Metrics:
    """The instruments of a process, and what tells them."""

    meters: Meters = field(default_factory=Meters)
    settings: MetricsSettings | None = None
    """None: nothing is told, as in tests of single parts."""
    sdk: SdkFigures | None = None

    @classmethod
    def begin(cls, settings: Settings, process: str) -> Self:
        """Begin to log and to measure in this process, before it connects to anything."""
        meters = Meters(_spans(settings, process))
        logs.configure(settings.log, meters.logged)
        if settings.metrics.metrics_port is None:
            forward_logs()
            return cls(meters)
        meters.describe(
            version=importlib.metadata.version("switchboard"),
            build_id=(told_build_id(settings) or "") if process == "worker" else "",
            process=process,
        )
        disable_created_metrics()  # type: ignore[no-untyped-call] # twice the series, and nobody asks for them
        sdk = SdkFigures()
        sdk.install()
        sdk.register(meters.registry)
        return cls(meters, settings.metrics, sdk)

    def end(self) -> None:
        """Send what is still here."""
        self.meters.spans.close()

    def tasks(self, pools: Mapping[str, Sessions], vitals: Vitals) -> Tasks:
        """Return the tasks that measure and answer; none if no port is set.

        `pools`: by what they are for; the first one also counts the installation's figures.
        """
        if self.settings is None or self.sdk is None or self.settings.metrics_port is None:
            return {}
        figures = InstallationFigures(next(iter(pools.values())))
        figures.register(self.meters.registry)
        self.meters.registry.register(PoolFigures(pools))
        for vital in vitals.parts:
            self.meters.reachable(vital.name, partial(getattr, vital, "is_answering"))
        host, port = self.settings.metrics_host, self.settings.metrics_port
        return {
            "installation_figures": figures.run,
            "sdk_figures": self.sdk.run,
            "metrics": lambda: serve(self._answer, host, port),
        }

    async def _answer(self, path: str) -> Answer:
        if path != "/metrics":
            return NOT_HERE
        page = await asyncio.to_thread(self.meters.page)
        return Answer(page, media_type=CONTENT_TYPE_LATEST)


def _spans(settings: Settings, process: str) -> Spans:
    """Return what records traces. Without the packages it needs, prints so and exits with 2."""
    endpoint, share = settings.traces.traces_endpoint, settings.traces.traces_share
    if endpoint is None:
        return Spans()
    try:
        from measuring.otlp import OtlpSpans
    except ImportError:
        sys.stderr.write(
            "SWITCHBOARD_TRACES_ENDPOINT is set, but the packages for traces are not installed: "
            "install switchboard[traces].\n"
        )
        raise SystemExit(2) from None
    version = importlib.metadata.version("switchboard")
    told = {"service.name": f"switchboard-{process}", "service.version": version}
    return OtlpSpans(endpoint, share, told)


def told_build_id(settings: Settings) -> str | None:
    """Return what figures and the status page call a worker's version, also where it is none."""
    return settings.build_id or settings.temporal.worker_build_id
