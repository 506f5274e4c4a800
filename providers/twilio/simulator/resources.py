"""Messages and pages of them, in Twilio's own fields."""

from datetime import datetime
from email.utils import format_datetime
from uuid import NAMESPACE_URL, uuid5

from pydantic import BaseModel, Field

from providers.twilio.simulator.forms import API_VERSION, PICTURE_TYPE
from simulator.messages import Message


class MessageResource(BaseModel):
    account_sid: str
    api_version: str = API_VERSION
    body: str
    date_created: str
    date_sent: str | None
    date_updated: str
    direction: str
    error_code: int | None
    error_message: str | None
    from_: str | None = Field(serialization_alias="from")
    messaging_service_sid: str | None
    num_media: str
    num_segments: str
    price: str | None = None
    price_unit: str = "USD"
    sid: str
    status: str
    subresource_uris: dict[str, str]
    to: str
    uri: str


class PageResource(BaseModel):
    """One page of messages. `page` counts from 0; `start` and `end` are positions in the list."""

    end: int
    first_page_uri: str
    messages: list[MessageResource]
    next_page_uri: str | None
    page: int
    page_size: int
    previous_page_uri: str | None
    start: int
    uri: str


def resource(message: Message, account_sid: str) -> MessageResource:
    """Return a message as Twilio shows it."""
    path = f"/{API_VERSION}/Accounts/{account_sid}/Messages/{message.sid}"
    is_undecided = message.service_sid is not None and message.sender is None
    return MessageResource(
        account_sid=account_sid,
        body=message.body,
        date_created=_date(message.created_at),
        date_sent=_date(message.sent_at) if message.sent_at else None,
        date_updated=_date(message.updated_at),
        direction=message.direction,
        error_code=message.error_code,
        error_message="Delivery failed" if message.error_code else None,
        from_=message.sender,
        messaging_service_sid=message.service_sid,
        num_media=str(len(message.media)),
        num_segments="0" if is_undecided else str(message.segments),
        sid=message.sid,
        status=message.status,
        subresource_uris={"media": f"{path}/Media.json"},
        to=message.recipient,
        uri=f"{path}.json",
    )


class MediaResource(BaseModel):
    account_sid: str
    content_type: str
    date_created: str
    date_updated: str
    parent_sid: str
    sid: str
    uri: str


class MediaPageResource(BaseModel):
    media_list: list[MediaResource]


def media_page(message: Message, account_sid: str) -> MediaPageResource:
    """Return a message's media as Twilio lists them."""
    path = f"/{API_VERSION}/Accounts/{account_sid}/Messages/{message.sid}/Media"
    sids = [media_sid(url) for url in message.media]
    created = _date(message.created_at)
    return MediaPageResource(
        media_list=[
            MediaResource(
                account_sid=account_sid,
                content_type=PICTURE_TYPE,
                date_created=created,
                date_updated=created,
                parent_sid=message.sid,
                sid=sid,
                uri=f"{path}/{sid}.json",
            )
            for sid in sids
        ]
    )


class AccountResource(BaseModel):
    sid: str
    status: str
    type: str
    friendly_name: str


class TextedResource(BaseModel):
    sid: str
    account_sid: str
    friendly_name: str
    sms_url: str
    sms_method: str = "POST"
    sms_fallback_url: str
    sms_fallback_method: str = "POST"
    sms_application_sid: str = ""


class ShortCodeResource(TextedResource):
    short_code: str


class ShortCodePage(BaseModel):
    short_codes: list[ShortCodeResource]
    next_page_uri: str | None = None


class ServiceResource(BaseModel):
    sid: str
    friendly_name: str
    inbound_request_url: str | None
    inbound_method: str = "POST"
    fallback_url: str | None
    fallback_method: str = "POST"
    use_inbound_webhook_on_number: bool = False


class PhoneResource(TextedResource):
    phone_number: str
    capabilities: dict[str, bool]
    voice_url: str
    voice_method: str = "POST"
    status_callback: str
    status_callback_method: str = "POST"
    voice_application_sid: str = ""
    trunk_sid: str | None = None


class PhonePage(BaseModel):
    incoming_phone_numbers: list[PhoneResource]
    next_page_uri: str | None = None
    page: int = 0


def media_sid(url: str) -> str:
    """Return the id of a file, always the same for an address."""
    return f"ME{uuid5(NAMESPACE_URL, url).hex}"


def _date(at: datetime) -> str:
    return format_datetime(at)
