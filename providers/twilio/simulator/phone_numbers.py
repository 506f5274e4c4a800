"""The resource of incoming phone numbers: where their calls go.

https://www.twilio.com/docs/phone-numbers/api/incomingphonenumber-resource
"""

from uuid import NAMESPACE_URL, uuid5

from fastapi import APIRouter, Depends, Request

from providers.twilio.simulator.errors import TwilioError
from providers.twilio.simulator.forms import API_VERSION, PROVIDER
from providers.twilio.simulator.resources import PhonePage, PhoneResource
from providers.twilio.simulator.router import authenticate
from simulator.carrier import Carrier
from simulator.dependencies import CarrierDep

router = APIRouter(
    prefix=f"/{API_VERSION}/Accounts/{{account_sid}}",
    tags=["twilio"],
    dependencies=[Depends(authenticate)],
)


@router.get("/IncomingPhoneNumbers.json")
async def list_numbers(request: Request, carrier: CarrierDep) -> PhonePage:
    """List the account's numbers, or those that hold the one that is asked for."""
    wanted = request.query_params.get("PhoneNumber", "")
    numbers = [one.number for one in carrier.lines if one.provider == PROVIDER]
    found = [_resource(carrier, one) for one in numbers if wanted in one and one.startswith("+")]
    return PhonePage(incoming_phone_numbers=found)


@router.post("/IncomingPhoneNumbers/{sid}.json")
async def change_number(sid: str, request: Request, carrier: CarrierDep) -> PhoneResource:
    """Change where a number's calls go."""
    numbers = [one.number for one in carrier.lines if phone_sid(one.number) == sid]
    if not numbers:
        raise TwilioError(404, 20404, f"The requested resource {request.url.path} was not found")
    form, settings = await request.form(), carrier.phone_settings(numbers[0])
    for name, value in form.items():
        if not isinstance(value, str):
            continue
        if name in ("VoiceUrl", "StatusCallback") and value and "://" not in value:
            raise TwilioError(400, 21402 if name == "VoiceUrl" else 21609, f"{name} is not valid")
        if name == "VoiceUrl":
            settings.voice_url = value
        if name == "StatusCallback":
            settings.status_callback = value
    return _resource(carrier, numbers[0])


def phone_sid(number: str) -> str:
    """Return the id of a number, always the same."""
    return f"PN{uuid5(NAMESPACE_URL, number).hex}"


def _resource(carrier: Carrier, number: str) -> PhoneResource:
    settings = carrier.phone_settings(number)
    return PhoneResource(
        sid=phone_sid(number),
        account_sid=carrier.account.sid,
        phone_number=number,
        voice_url=settings.voice_url,
        status_callback=settings.status_callback,
    )
