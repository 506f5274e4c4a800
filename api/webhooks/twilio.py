"""What Twilio calls: a consumer's text, and what became of a text of ours.

https://www.twilio.com/docs/messaging/guides/webhook-request
"""

from fastapi import APIRouter, Request, Response

from api.webhooks.request import webhook_request
from intake.door import Door
from intake.handover import Handover
from intake.reports import Reports

PROVIDER = "twilio"


def create_webhooks(
    door: Door, handover: Handover, reports: Reports, public_base_url: str
) -> APIRouter:
    """Return the routes; they stand outside the API's description and its authentication."""
    router = APIRouter(prefix=f"/webhooks/{PROVIDER}/{{line_id}}", include_in_schema=False)

    @router.api_route("/inbound", methods=["POST", "GET"])
    async def take_text(line_id: str, request: Request) -> Response:
        """Write the text down, hand it over, and answer with nothing to be texted."""
        webhook = await webhook_request(request, public_base_url)
        taken = await door.take(PROVIDER, line_id, webhook)
        if taken:
            await handover.hand_over(taken)
        return _acknowledged(door)

    @router.post("/status")
    async def take_report(line_id: str, request: Request) -> Response:
        """Note what became of a text of ours."""
        await reports.take(PROVIDER, line_id, await webhook_request(request, public_base_url))
        return _acknowledged(door)

    return router


def _acknowledged(door: Door) -> Response:
    body, media_type = door.doorkeeper.providers[PROVIDER].acknowledgement()
    return Response(body, media_type=media_type)
