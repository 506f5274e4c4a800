"""Addresses that files may be fetched from: those of the internet, and no other."""

import asyncio
import threading

import pytest

from media import addresses
from media.addresses import is_public


@pytest.mark.parametrize(
    "address",
    ["8.8.8.8", "2606:4700:4700::1111", "2a00:1450:4001:80b::200e", "::ffff:8.8.8.8"],
)
def test_an_address_of_the_internet_is_public(address: str) -> None:
    assert is_public(address)


@pytest.mark.parametrize(
    "address",
    [
        *("127.0.0.1", "10.1.2.3", "169.254.169.254", "100.64.0.1", "192.88.99.1", "224.0.0.1"),
        *("::1", "::", "fe80::1%eth0", "fc00::1", "fec0::1", "ff02::1", "::127.0.0.1"),
        *("::ffff:10.0.0.1", "::ffff:0:127.0.0.1", "64:ff9b::7f00:1", "64:ff9b:1::7f00:1"),
        *("2002:7f00:1::", "2001::1", "2001:db8::1", "3fff::1", "5f00::1", "1::1", "4000::1"),
        *("100:0:0:1::1", "", "2130706433", "example.com"),
    ],
)
def test_any_other_address_is_not(address: str) -> None:
    assert not is_public(address)


async def test_names_whose_servers_are_silent_hold_up_no_other(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    asked, over = list[str](), threading.Event()

    def addresses_of(host: str, port: int) -> list[str]:
        asked.append(host)
        if host.startswith("silent"):
            over.wait(60)
        return ["127.0.0.1"]

    monkeypatch.setattr(addresses, "addresses_of", addresses_of)
    network = addresses.PublicOnly()
    silent = [
        asyncio.create_task(network.connect_tcp(f"silent{i % 100}.example", 443))
        for i in range(800)
    ]
    try:
        async with asyncio.timeout(50):
            with pytest.raises(addresses.AddressRefused):
                await network.connect_tcp("well.example", 443)
        for task in silent[:400]:
            task.cancel()
    finally:
        over.set()
    ended = await asyncio.gather(*silent, return_exceptions=True)
    assert {type(one) for one in ended} == {asyncio.CancelledError, addresses.AddressRefused}
    assert len(asked) == 101
