"""Twilio's lists of senders come in pages."""

import httpx2

from tests.providers.twilio.test_rest import ACCOUNT, CREDENTIALS, twilio

SERVICE = "MG" + "2" * 32
MESSAGING = "https://messaging.twilio.com/v1/Services"
FIRST, LAST = "+12025550101", "+12025550102"


async def test_a_number_on_the_last_page_of_a_service_is_known_to_be_of_it() -> None:
    at = f"/2010-04-01/Accounts/{ACCOUNT}"
    own = [{"sid": f"PN{one[-1]}", "phone_number": one} for one in (FIRST, LAST)]
    second = f"{MESSAGING}/{SERVICE}/PhoneNumbers?PageSize=1000&Page=1&PageToken=x"
    pages: dict[str, dict[str, object]] = {
        f"{MESSAGING}?PageSize=100": {"services": [{"sid": SERVICE, "friendly_name": "Alerts"}]},
        f"{MESSAGING}/{SERVICE}/PhoneNumbers?PageSize=1000": {
            "phone_numbers": own[:1],
            "meta": {"next_page_url": second},
        },
        # A page that leads elsewhere is followed by none: the credentials stay at Twilio.
        second: {"phone_numbers": own[1:], "meta": {"next_page_url": "https://other.example/"}},
        f"https://api.twilio.com{at}/SMS/ShortCodes.json?PageSize=500": {"short_codes": []},
        f"https://api.twilio.com{at}/IncomingPhoneNumbers.json?PageSize=500": {
            "incoming_phone_numbers": own
        },
    }

    def answer(request: httpx2.Request) -> httpx2.Response:
        return httpx2.Response(200, json=pages[str(request.url)])

    found = {one.address: one for one in await twilio(answer).senders(CREDENTIALS)}
    for number in (FIRST, LAST):
        assert "belongs to the messaging service Alerts" in found[number].in_the_way
