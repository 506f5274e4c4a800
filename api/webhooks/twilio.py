"""What Twilio calls: a consumer's text, and what became of a text of ours.

https://www.twilio.com/docs/messaging/guides/webhook-request
"""

from fastapi import Request, Response
from starlette.routing import Route

from api.webhooks.request import webhook_request
from ingress.delivery_reports import DeliveryReports
from ingress.hand_over import Handover
from ingress.receiving import Receiver

PROVIDER = "twilio"


def create_webhooks(
    door: Receiver, handover: Handover, reports: DeliveryReports, public_base_url: str
) -> list[Route]:
    """Return the routes; they stand outside the API's description and its authentication.

    Plain ones: nothing of a webhook is for the framework to read, and every text pays for it.
    """

    async def take_text(request: Request) -> Response:
        """Write the text down, have it handed over, and answer with nothing to be texted."""
        webhook = await webhook_request(request, public_base_url)
        taken = await door.take(PROVIDER, request.path_params["line_id"], webhook)
        if taken:
            handover.add(taken)
        return _acknowledged(door)

    async def take_report(request: Request) -> Response:
        """Note what became of a text of ours."""
        webhook = await webhook_request(request, public_base_url)
        await reports.take(PROVIDER, request.path_params["line_id"], webhook)
        return _acknowledged(door)

    prefix = f"/webhooks/{PROVIDER}/{{line_id}}"
    routes = []
    for slash in ("", "/"):  # as it was typed at Twilio, which signs it as it was typed
        inbound = Route(f"{prefix}/inbound{slash}", take_text, methods=["POST", "GET"])
        inbound.methods = {"POST", "GET"}  # without the HEAD that Starlette adds
        routes += [inbound, Route(f"{prefix}/status{slash}", take_report, methods=["POST"])]
    return routes


def _acknowledged(door: Receiver) -> Response:
    body, media_type = door.doorkeeper.providers[PROVIDER].acknowledgement()
    return Response(body, media_type=media_type)
