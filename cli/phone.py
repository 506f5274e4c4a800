"""`switchboard phone`: texts the brand from a simulated phone, and shows its replies."""

import asyncio
import re
from typing import Annotated, NoReturn

import httpx2
import typer
from pydantic import BaseModel, TypeAdapter, ValidationError

E164 = re.compile(r"\+[1-9][0-9]{6,14}")
PUNCTUATION = re.compile(r"[\s().-]")
STREAM_PAUSE_SECONDS = 1.0
STREAM_TIMEOUT = httpx2.Timeout(5.0, read=60.0)  # an idle stream sends a sign of life every 15 s
WRITERS = {"brand": "brand", "carrier": "carrier", "consumer": "you"}


class ShownText(BaseModel):
    """A text on the phone, as the simulator returns it."""

    id: int
    line: str
    author: str
    text: str
    media: list[str] = []


class SentText(BaseModel):
    id: int
    was_accepted: bool
    status: int | None


class SimulatorLine(BaseModel):
    number: str


class SimulatorProblem(BaseModel):
    detail: str


LINES = TypeAdapter(list[SimulatorLine])


class PhoneRefused(Exception):
    """The reason why the phone cannot be used, as a sentence."""


def phone(
    number: Annotated[str, typer.Argument(help="The phone's number, such as +15550100123.")],
    text: Annotated[
        str | None, typer.Argument(help="The text to send. Without it, only show replies.")
    ] = None,
    to: Annotated[
        str | None, typer.Option(help="The brand's line; the default is its first line.")
    ] = None,
    simulator: Annotated[
        str, typer.Option(envvar="SWITCHBOARD_SIMULATOR_URL", help="Address of the simulator.")
    ] = "http://127.0.0.1:8010",
    wait: Annotated[
        float | None,
        typer.Option(min=0, help="Seconds to wait for replies; default: until Ctrl-C."),
    ] = None,
) -> None:
    """Text the brand from a simulated phone, and show the replies as they come."""
    try:
        asyncio.run(_talk(simulator, _plain(number), text, to, wait))
    except PhoneRefused as error:
        _give_up(str(error))
    except httpx2.InvalidURL:
        _give_up(f"{simulator} is not an address.")
    except httpx2.TransportError:
        _give_up(
            f"The simulator does not answer at {simulator}. Start it with `make run` or "
            "`python -m simulator`, or give another address with --simulator."
        )
    except KeyboardInterrupt:
        typer.echo()


async def _talk(
    simulator: str, number: str, text: str | None, to: str | None, wait: float | None
) -> None:
    async with httpx2.AsyncClient(base_url=simulator, trust_env=False) as http:
        after = 0
        if text is not None:
            after = await _send(http, number, text, to or await _first_line(http))
        try:
            async with asyncio.timeout(wait):
                await _follow(http, number, after)
        except TimeoutError:
            return


async def _send(http: httpx2.AsyncClient, number: str, text: str, line: str) -> int:
    """Text the line and return the text's id on the phone."""
    body = {"to": line, "body": text}
    answer = await http.post(f"/phones/{number}/texts", json=body, timeout=60)
    if not answer.is_success:
        raise PhoneRefused(_detail(answer))
    sent = SentText.model_validate_json(answer.content)
    _show(ShownText(id=sent.id, line=line, author="consumer", text=text))
    if not sent.was_accepted:
        reason = f"it answered {sent.status}" if sent.status else "it could not be reached"
        typer.echo(f"The brand did not accept the text: {reason}.", err=True)
    return sent.id


async def _first_line(http: httpx2.AsyncClient) -> str:
    answer = await http.get("/lines")
    if not answer.is_success:
        raise PhoneRefused(
            f"{http.base_url} is not the simulator: it answers {answer.status_code}."
        )
    lines = LINES.validate_json(answer.content)
    if not lines:
        raise PhoneRefused("The simulator has no lines yet. Is the demo brand set up?")
    return lines[0].number


async def _follow(http: httpx2.AsyncClient, number: str, after: int) -> None:
    """Show the phone's texts after `after`, and resume a broken stream."""
    while True:
        headers = {"Last-Event-ID": str(after)} if after else {}
        path = f"/phones/{number}/stream"
        async with http.sse(path, headers=headers, timeout=STREAM_TIMEOUT) as stream:
            async for event in stream:
                shown = ShownText.model_validate_json(event.data)
                after = shown.id
                _show(shown)
        await asyncio.sleep(STREAM_PAUSE_SECONDS)


def _show(shown: ShownText) -> None:
    who = WRITERS.get(shown.author, shown.author)
    where = f"{who} to {shown.line}" if shown.author == "consumer" else f"{shown.line} ({who})"
    typer.echo(" ".join([f"{where}:", shown.text, *shown.media]))


def _plain(number: str) -> str:
    plain = PUNCTUATION.sub("", number)
    if not E164.fullmatch(plain):
        raise PhoneRefused(
            f"{number} is not a phone number in international form, such as +15550100123."
        )
    return plain


def _detail(answer: httpx2.Response) -> str:
    try:
        return SimulatorProblem.model_validate_json(answer.content).detail
    except ValidationError:
        return f"The simulator refused the text ({answer.status_code})."


def _give_up(sentence: str) -> NoReturn:
    typer.echo(sentence, err=True)
    raise typer.Exit(1)
