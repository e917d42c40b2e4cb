"""What is kept of a device."""

import pytest

from services.intake.domain.sessions import Device

CHROME = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36"
EDGE = (
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) "
    "Chrome/142.0.0.0 Safari/537.36 Edg/142.0.0.0"
)
SAFARI = (
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_6 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) "
    "Version/18.6 Mobile/15E148 Safari/604.1"
)
FIREFOX = "Mozilla/5.0 (Android 15; Mobile; rv:145.0) Gecko/145.0 Firefox/145.0"


@pytest.mark.parametrize(
    ("said", "browser", "system"),
    [
        (CHROME, "Chrome", "Linux"),
        (EDGE, "Edge", "Windows"),
        (SAFARI, "Safari", "iPhone"),
        (FIREFOX, "Firefox", "Android"),
        ("python-httpx/0.28.1", "", ""),
        ("", "", ""),
        ("<script>alert(1)</script>" * 5000, "", ""),
    ],
)
def test_a_device_is_named_by_browser_and_system(said: str, browser: str, system: str) -> None:
    device = Device.read(said, "")

    assert (device.browser, device.system) == (browser, system)


@pytest.mark.parametrize(
    ("address", "network"),
    [
        ("192.0.2.77", "192.0.2.0/24"),
        ("::ffff:192.0.2.77", "192.0.2.0/24"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1::/48"),
        ("testclient", ""),
        ("", ""),
    ],
)
def test_of_an_address_only_the_network_is_kept(address: str, network: str) -> None:
    assert Device.read("", address).network == network
