"""Messaging services, their numbers, and the registration of senders.

https://www.twilio.com/docs/messaging/api/service-resource
"""

from dataclasses import replace

from fastapi import APIRouter, Depends, Request

from providers.twilio.simulator.errors import TwilioError
from providers.twilio.simulator.phone_numbers import phone_sid
from providers.twilio.simulator.resources import ServiceResource
from providers.twilio.simulator.router import asking, check_active, check_known
from simulator.carrier import Carrier
from simulator.dependencies import CarrierDep
from simulator.lines import Line

DEFAULT_PAGE_SIZE = 50
LARGEST_PAGE = 1000

router = APIRouter(
    prefix="/v1", tags=["twilio"], dependencies=[Depends(check_known), Depends(check_active)]
)


@router.get("/Services")
async def list_services(request: Request, carrier: CarrierDep) -> dict[str, object]:
    """List the account's messaging services: those that lines are registered with."""
    ours = [line for line in carrier.lines if line.account == asking(request)]
    sids = dict.fromkeys(filter(None, (line.messaging_service_sid for line in ours)))
    return {"services": [_resource(carrier, sid) for sid in sids], "meta": {"next_page_url": None}}


@router.post("/Services/{sid}")
async def change_service(sid: str, request: Request, carrier: CarrierDep) -> ServiceResource:
    """Change where the texts of a service's numbers go."""
    form = await request.form()
    inbound, fallback = str(form.get("InboundRequestUrl", "")), str(form.get("FallbackUrl", ""))
    for line in _numbers(carrier, sid, request):
        carrier.lines.put(replace(line, webhook_url=inbound, fallback_url=fallback))
    return _resource(carrier, sid)


@router.get("/Services/{sid}/PhoneNumbers")
async def list_numbers(sid: str, request: Request, carrier: CarrierDep) -> dict[str, object]:
    """List the numbers of a service."""
    numbers = [line.number for line in _numbers(carrier, sid, request)]
    size = min(int(request.query_params.get("PageSize", DEFAULT_PAGE_SIZE)), LARGEST_PAGE)
    page = int(request.query_params.get("Page", 0))
    shown, has_more = numbers[page * size : (page + 1) * size], len(numbers) > (page + 1) * size
    following = str(request.url.include_query_params(Page=page + 1)) if has_more else None
    return {
        "phone_numbers": [{"sid": phone_sid(one), "phone_number": one} for one in shown],
        "meta": {"next_page_url": following},
    }


@router.get("/Services/{sid}/Compliance/Usa2p")
async def list_campaigns(sid: str, request: Request, carrier: CarrierDep) -> dict[str, object]:
    """List the 10DLC campaigns of a service."""
    _numbers(carrier, sid, request)
    status = carrier.standing_of(asking(request)).campaign
    return {"compliance": [{"campaign_status": status}] if status else []}


@router.get("/Tollfree/Verifications")
async def list_verifications(request: Request, carrier: CarrierDep) -> dict[str, object]:
    """List the verifications of a toll-free number."""
    status = carrier.standing_of(asking(request)).toll_free
    reason = "Website not reachable" if status == "REJECTED" else None
    status = f"TWILIO_{status}" if status in ("APPROVED", "REJECTED") else status
    found = [{"status": status, "rejection_reason": reason}] if status else []
    return {"verifications": found}


def _numbers(carrier: Carrier, sid: str, request: Request) -> list[Line]:
    found = [one for one in carrier.lines.in_service(sid) if one.account == asking(request)]
    if not found:
        raise TwilioError(404, 20404, f"The requested resource {request.url.path} was not found")
    return found


def _resource(carrier: Carrier, sid: str) -> ServiceResource:
    first = carrier.lines.in_service(sid)[0]
    return ServiceResource(
        sid=sid,
        friendly_name="Simulated service",
        inbound_request_url=first.webhook_url or None,
        fallback_url=first.fallback_url or None,
        use_inbound_webhook_on_number=carrier.standing_of(first.account).leaves_to_numbers,
    )
