"""Twilio's numbers, short codes and services as senders, with what goes before their addresses."""

from collections.abc import Mapping

from domain.errors import DomainError
from domain.numbers.kinds import LineKind
from domain.numbers.line_addresses import line_address
from providers.contract import SendError
from providers.numbers import CallsGo, Sender, TextAddresses
from providers.twilio.senders.rest import (
    NumberResource,
    SendersApi,
    ServiceResource,
    ShortCodeResource,
    TextedResource,
)
from providers.twilio.voice.numbers import APP, TRUNK

APPLICATION = (
    "A TwiML app takes its texts. In Twilio's console, set the number's messaging configuration to "
    '"Webhook" first.'
)
POST = "POST"
LEAVES = (
    "This service leaves texts to the webhooks of its numbers. Connect its numbers, or let the "
    "service take their texts in Twilio's console first."
)
OF_SERVICE = (
    "It belongs to the messaging service {name}, which takes its texts. Connect the service, or "
    "let the service leave its texts to the number's own webhook."
)

Services = Mapping[str, ServiceResource]
"""Services that take the texts of their numbers, by the number."""


async def all_senders(api: SendersApi) -> list[Sender]:
    """Return services first, then short codes, then numbers. Raises `SendError`."""
    services = await api.services()
    taking = await _taking(api, services)
    found = [of_service(one) for one in services]
    found += [of_short_code(one, taking) for one in await _short_codes(api)]
    return found + [of_number(one, taking) for one in await api.numbers()]


async def one_sender(api: SendersApi, address: str) -> Sender | None:
    """Return the sender with an address; None: the account does not have it."""
    services = await api.services()
    if address.startswith("MG"):
        same = (one for one in services if one.sid.lower() == address.lower())
        return next((of_service(one) for one in same), None)
    taking = await _taking(api, services)
    if not address.startswith("+"):
        codes = (one for one in await _short_codes(api) if one.short_code == address)
        return next((of_short_code(one, taking) for one in codes), None)
    numbers = await api.numbers(f"PhoneNumber=%2B{address[1:]}&")
    same_number = (one for one in numbers if one.phone_number == address)
    return next((of_number(one, taking) for one in same_number), None)


async def _short_codes(api: SendersApi) -> list[ShortCodeResource]:
    try:
        return await api.short_codes()
    except SendError as error:
        if error.provider_code == "20404":  # an account that cannot have any
            return []
        raise


async def _taking(api: SendersApi, services: list[ServiceResource]) -> Services:
    taking = [one for one in services if not one.use_inbound_webhook_on_number]
    return {
        number.phone_number: service
        for service in taking
        for number in await api.numbers_of(service.sid)
    }


def of_service(one: ServiceResource) -> Sender:
    addresses = TextAddresses(
        one.inbound_request_url or "",
        one.fallback_url or "",
        one.inbound_method or POST,
        one.fallback_method or POST,
    )
    leaves = LEAVES if one.use_inbound_webhook_on_number else ""
    name = one.friendly_name or one.sid
    return Sender(one.sid, one.sid, name, LineKind.service, addresses, in_the_way=leaves)


def of_short_code(one: ShortCodeResource, taking: Services) -> Sender:
    addresses = _addresses(one)
    return Sender(
        sender_id=one.sid,
        address=one.short_code,
        name=one.friendly_name or one.short_code,
        kind=LineKind.short_code,
        addresses=addresses,
        in_the_way=_in_the_way(one, taking.get(one.short_code)),
    )


def of_number(one: NumberResource, taking: Services) -> Sender:
    addresses = _addresses(one)
    return Sender(
        sender_id=one.sid,
        address=one.phone_number,
        name=one.friendly_name or one.phone_number,
        kind=_kind(one.phone_number),
        addresses=addresses,
        takes_texts=one.capabilities.get("sms", True),
        in_the_way=_in_the_way(one, taking.get(one.phone_number)),
        calls=_calls(one),
    )


def _calls(one: NumberResource) -> CallsGo | None:
    if not one.capabilities.get("voice", True):
        return None
    before = {APP: one.voice_application_sid, TRUNK: one.trunk_sid}
    past = next((words for words, sid in before.items() if sid), "")
    return CallsGo(one.voice_url or "", past)


def _addresses(one: TextedResource) -> TextAddresses:
    return TextAddresses(
        one.sms_url or "",
        one.sms_fallback_url or "",
        one.sms_method or POST,
        one.sms_fallback_method or POST,
    )


def _in_the_way(one: TextedResource, service: ServiceResource | None) -> str:
    if service is not None:
        return OF_SERVICE.format(name=service.friendly_name or service.sid)
    return APPLICATION if one.sms_application_sid else ""


def _kind(number: str) -> LineKind:
    try:
        return line_address(number)[1]
    except DomainError:
        return LineKind.long_code


async def set_texts(api: SendersApi, sender: Sender, wanted: TextAddresses) -> Sender:
    """Make Twilio post a sender's texts elsewhere, and return what it has then."""
    match sender.kind:
        case LineKind.service:
            return of_service(await api.set_service(sender.sender_id, wanted))
        case LineKind.short_code:
            return of_short_code(await api.set_short_code(sender.sender_id, wanted), {})
    return of_number(await api.set_number(sender.sender_id, wanted), {})
