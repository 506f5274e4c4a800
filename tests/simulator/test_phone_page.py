"""The simulator's phone page."""

from simulator.web.pages import FAULTS
from tests.simulator.brand import Brand
from tests.simulator.carrier_client import LINE, PHONE, CarrierClient

EVIL = "<script>alert(1)</script>"


async def test_the_page_shows_a_phone_its_line_and_its_texts(
    carrier: CarrierClient, brand: Brand
) -> None:
    await carrier.text("hello there")
    page = await carrier.http.get("/", params={"phone": PHONE})
    assert page.status_code == 200
    assert f'data-phone="{PHONE}"' in page.text
    assert f'data-line="{LINE}"' in page.text
    assert "hello there" in page.text
    assert len(brand.texts()) == 1


async def test_a_text_is_never_run(carrier: CarrierClient, brand: Brand) -> None:
    await carrier.text(EVIL)
    page = (await carrier.http.get("/", params={"phone": PHONE})).text
    assert EVIL not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page
    assert brand.texts()[0].text == EVIL


async def test_numbers_are_taken_as_people_type_them(carrier: CarrierClient) -> None:
    for typed in ("+1 (555) 012-3456", " 15550123456", "+15550123456"):
        page = await carrier.http.get("/", params={"phone": typed})
        assert 'data-phone="+15550123456"' in page.text


async def test_what_is_no_number_is_said_beside_it(carrier: CarrierClient) -> None:
    page = await carrier.http.get("/", params={"phone": '"><b>nobody'})
    assert page.status_code == 400
    assert "This is not an international number" in page.text
    assert "<b>nobody" not in page.text


async def test_browsers_may_load_nothing_from_elsewhere(carrier: CarrierClient) -> None:
    for path in ("/", "/static/phone.js", "/static/phone.css"):
        answer = await carrier.http.get(path)
        assert answer.headers["Content-Security-Policy"].startswith("default-src 'self'; ")
        assert "unsafe" not in answer.headers["Content-Security-Policy"]


async def test_every_fault_can_be_chosen(carrier: CarrierClient) -> None:
    page = (await carrier.http.get("/")).text
    for kind in FAULTS:
        assert f'value="{kind}"' in page
