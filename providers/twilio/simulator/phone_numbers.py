"""The account, and its numbers and short codes: where their texts and calls go.

https://www.twilio.com/docs/phone-numbers/api/incomingphonenumber-resource
"""

from dataclasses import replace
from uuid import NAMESPACE_URL, uuid5

from fastapi import APIRouter, Depends, Request
from starlette.datastructures import FormData

from providers.twilio.simulator.errors import TwilioError
from providers.twilio.simulator.forms import API_VERSION, PROVIDER
from providers.twilio.simulator.resources import (
    AccountResource,
    PhonePage,
    PhoneResource,
    ShortCodePage,
    ShortCodeResource,
)
from providers.twilio.simulator.router import asking, authenticate, check_active
from simulator.carrier import Carrier
from simulator.dependencies import CarrierDep
from simulator.lines import Line

DEFAULT_PAGE_SIZE = 50
ADDRESSES = {"VoiceUrl": 21402, "StatusCallback": 21609, "SmsUrl": 21402, "SmsFallbackUrl": 21402}
"""The error for each that is no address."""

accounts = APIRouter(
    prefix=f"/{API_VERSION}/Accounts", tags=["twilio"], dependencies=[Depends(authenticate)]
)
router = APIRouter(
    prefix=f"/{API_VERSION}/Accounts/{{account_sid}}",
    tags=["twilio"],
    dependencies=[Depends(authenticate), Depends(check_active)],
)


@accounts.get("/{account_sid}.json")
async def show_account(account_sid: str, request: Request, carrier: CarrierDep) -> AccountResource:
    """Show the account, whatever its status."""
    standing = carrier.standing_of(asking(request))
    return AccountResource(
        sid=account_sid,
        status=standing.status,
        type=standing.type,
        friendly_name="Simulated account",
    )


@router.get("/IncomingPhoneNumbers.json")
async def list_numbers(request: Request, carrier: CarrierDep) -> PhonePage:
    """List the account's numbers, or those that hold the one that is asked for."""
    wanted = request.query_params.get("PhoneNumber", "")
    found = [
        one
        for one in _ours(carrier, request)
        if wanted in one.number and one.number.startswith("+")
    ]
    size = int(request.query_params.get("PageSize", DEFAULT_PAGE_SIZE))
    page = int(request.query_params.get("Page", 0))
    shown, has_more = found[page * size : (page + 1) * size], len(found) > (page + 1) * size
    following = request.url.include_query_params(Page=page + 1)
    return PhonePage(
        incoming_phone_numbers=[_resource(carrier, one) for one in shown],
        next_page_uri=f"{following.path}?{following.query}" if has_more else None,
        page=page,
    )


@router.post("/IncomingPhoneNumbers/{sid}.json")
async def change_number(sid: str, request: Request, carrier: CarrierDep) -> PhoneResource:
    """Change where a number's texts and calls go."""
    line = _found(carrier, sid, request)
    form, settings = _checked(await request.form()), carrier.phone_settings(line.number)
    settings.voice_url = form.get("VoiceUrl", settings.voice_url)
    settings.status_callback = form.get("StatusCallback", settings.status_callback)
    return _resource(carrier, _change_texts(carrier, line, form))


@router.get("/SMS/ShortCodes.json")
async def list_short_codes(request: Request, carrier: CarrierDep) -> ShortCodePage:
    """List the account's short codes."""
    codes = [one for one in _ours(carrier, request) if not one.number.startswith("+")]
    return ShortCodePage(short_codes=[_short_code(carrier, one) for one in codes])


@router.post("/SMS/ShortCodes/{sid}.json")
async def change_short_code(sid: str, request: Request, carrier: CarrierDep) -> ShortCodeResource:
    """Change where a short code's texts go."""
    line = _found(carrier, sid, request)
    return _short_code(carrier, _change_texts(carrier, line, _checked(await request.form())))


def phone_sid(number: str) -> str:
    """Return the id of a number, always the same."""
    kind = "PN" if number.startswith("+") else "SC"
    return f"{kind}{uuid5(NAMESPACE_URL, number).hex}"


def _ours(carrier: Carrier, request: Request) -> list[Line]:
    account = asking(request)
    return [one for one in carrier.lines if (one.provider, one.account) == (PROVIDER, account)]


def _found(carrier: Carrier, sid: str, request: Request) -> Line:
    for one in _ours(carrier, request):
        if phone_sid(one.number) == sid:
            return one
    raise TwilioError(404, 20404, f"The requested resource {request.url.path} was not found")


def _checked(form: FormData) -> dict[str, str]:
    """Return the texts of a form. Raises `TwilioError` for an address that is none."""
    texts = {name: value for name, value in form.items() if isinstance(value, str)}
    for name, code in ADDRESSES.items():
        if texts.get(name) and "://" not in texts[name]:
            raise TwilioError(400, code, f"{name} is not valid")
    return texts


def _change_texts(carrier: Carrier, line: Line, form: dict[str, str]) -> Line:
    changed = replace(
        line,
        webhook_url=form.get("SmsUrl", line.webhook_url),
        fallback_url=form.get("SmsFallbackUrl", line.fallback_url),
        methods=(
            form.get("SmsMethod", line.methods[0]),
            form.get("SmsFallbackMethod", line.methods[1]),
        ),
    )
    carrier.lines.put(changed)
    return changed


def _resource(carrier: Carrier, line: Line) -> PhoneResource:
    settings = carrier.phone_settings(line.number)
    return PhoneResource(
        sid=phone_sid(line.number),
        account_sid=line.account or carrier.account.sid,
        phone_number=line.number,
        friendly_name=line.number,
        capabilities={
            "sms": line.takes_texts,
            "mms": line.takes_texts,
            "voice": line.takes_calls,
        },
        sms_url=line.webhook_url,
        sms_method=line.methods[0],
        sms_fallback_url=line.fallback_url,
        sms_fallback_method=line.methods[1],
        sms_application_sid=line.text_app,
        voice_application_sid=line.call_app,
        trunk_sid=line.trunk or None,
        voice_url=settings.voice_url,
        status_callback=settings.status_callback,
    )


def _short_code(carrier: Carrier, line: Line) -> ShortCodeResource:
    return ShortCodeResource(
        sid=phone_sid(line.number),
        account_sid=line.account or carrier.account.sid,
        short_code=line.number,
        friendly_name=line.number,
        sms_url=line.webhook_url,
        sms_method=line.methods[0],
        sms_fallback_url=line.fallback_url,
        sms_fallback_method=line.methods[1],
    )
