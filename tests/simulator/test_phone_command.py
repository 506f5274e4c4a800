import asyncio

import pytest
import typer
from structlog.testing import capture_logs
from typer.testing import CliRunner

from cli.phone import phone
from tests.simulator.brand import Brand
from tests.simulator.carrier_client import LINE, PHONE, SHORT_CODE, CarrierClient

APP = typer.Typer()
APP.command()(phone)


async def run(*arguments: str) -> tuple[int, str]:
    """Run `switchboard phone`; return its exit code and output."""
    with capture_logs():  # the simulator runs in this process too, and would print its log
        result = await asyncio.to_thread(CliRunner().invoke, APP, list(arguments))
    return result.exit_code, result.output


async def test_a_text_and_the_replies_to_it_are_shown(carrier: CarrierClient, brand: Brand) -> None:
    brand.prose = "Hello to you"
    await carrier.text("long ago")
    code, shown = await run(PHONE, "hello", "--simulator", carrier.url, "--wait", "1")
    assert code == 0
    assert shown.splitlines() == [f"you to {LINE}: hello", f"{LINE} (brand): Hello to you"]
    assert brand.texts()[-1].text == "hello"


async def test_without_words_it_shows_what_is_on_the_phone(carrier: CarrierClient) -> None:
    await carrier.text("STOP")
    code, shown = await run("+1 555 01-23", "--simulator", carrier.url, "--wait", "1")
    assert code == 0
    assert f"{LINE} (carrier): You have successfully been unsubscribed." in shown


async def test_another_line_can_be_texted(carrier: CarrierClient, brand: Brand) -> None:
    await carrier.line(SHORT_CODE, webhook_url=brand.texts_url)
    await run(PHONE, "hi", "--to", SHORT_CODE, "--simulator", carrier.url, "--wait", "0")
    assert brand.texts()[0].recipient == SHORT_CODE


async def test_a_text_the_brand_did_not_take_is_told(carrier: CarrierClient, brand: Brand) -> None:
    brand.answers = [503]
    code, shown = await run(PHONE, "hello", "--simulator", carrier.url, "--wait", "0")
    assert code == 0
    assert "The brand did not accept the text: it answered 503." in shown


@pytest.mark.parametrize("number", ["5550123", "+1abc", "0", "+" + "1" * 16])
async def test_a_malformed_number_is_told(number: str) -> None:
    code, shown = await run(number, "hello")
    assert code == 1
    assert "is not a phone number in international form" in shown


async def test_an_unknown_line_is_told(carrier: CarrierClient) -> None:
    code, shown = await run(PHONE, "hi", "--to", "+15550109999", "--simulator", carrier.url)
    assert code == 1
    assert "No line has the number +15550109999." in shown


async def test_a_simulator_that_does_not_run_is_told() -> None:
    code, shown = await run(PHONE, "hello", "--simulator", "http://127.0.0.1:1")
    assert code == 1
    assert "The simulator does not answer at http://127.0.0.1:1." in shown
    assert "make run" in shown
