"""The simulator as an ASGI application."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from urllib.parse import urlsplit

import httpx2
from fastapi import FastAPI

from simulator.calls import PhoneSettings
from simulator.carrier import Carrier, SimulatedAccount
from simulator.control import accounts, calls, counts, faults, lines, phones, pictures, standing
from simulator.errands import Errands
from simulator.lines import Line, kind_of
from simulator.network import networks
from simulator.pictures import Pictures
from simulator.settings import SimulatorSettings
from simulator.web import pages
from simulator.webhooks import WebhookClient

# The brand runs on this machine or network, so proxies from the environment are ignored.
USES_PROXY = False


def create_simulator(settings: SimulatorSettings) -> FastAPI:
    """Build the application; `app.state.carrier` holds its state."""
    http = httpx2.AsyncClient(trust_env=USES_PROXY)
    carrier = _carrier(settings, http)

    @asynccontextmanager
    async def lifespan(_app: FastAPI) -> AsyncIterator[None]:
        async with http:
            yield
            carrier.phones.stop()
            await carrier.errands.stop()

    app = FastAPI(title="Switchboard carrier simulator", lifespan=lifespan, redirect_slashes=False)
    app.state.carrier = carrier
    for network in carrier.networks.values():
        network.install(app)
    controls = (phones, calls, pictures, lines, faults, counts, standing, accounts)
    for router in (control.router for control in controls):
        app.router.routes += router.routes
    pages.install(app)
    return app


def _carrier(settings: SimulatorSettings, http: httpx2.AsyncClient) -> Carrier:
    token = settings.auth_token.get_secret_value()
    carrier = Carrier(
        account=SimulatedAccount(settings.account_sid, token, settings.delivery_seconds),
        webhooks=WebhookClient(http, settings.webhook_retries),
        errands=Errands(),
        networks=networks(settings),
        pictures=Pictures(http),
    )
    for number, url in settings.lines.items():
        carrier.lines.put(Line(number, kind_of(number), url, token, _provider(url, carrier)))
    for number in settings.numbers:
        carrier.lines.put(Line(number, kind_of(number), "", token, carrier.first_provider))
    for number, url in settings.calls.items():
        carrier.phone_numbers[number] = PhoneSettings(url, f"{url}/status")
    return carrier


def _provider(webhook_url: str, carrier: Carrier) -> str:
    """Return the provider in a webhook's address, `/webhooks/<provider>/...`, or the first one."""
    named = urlsplit(webhook_url).path.partition("/webhooks/")[2].partition("/")[0]
    return named if named in carrier.networks else carrier.first_provider
