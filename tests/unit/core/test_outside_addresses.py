"""Which addresses of other systems may be called, and how settings name them."""

from ipaddress import ip_address

import pytest

from helpdesk.core.outside_addresses import is_public, read_address, read_provider, wrong_with_webhook

PRIVATE = """
    127.0.0.1 127.8.8.8 0.0.0.0 10.1.2.3 172.16.0.1 192.168.0.1 169.254.169.254 100.64.0.1 100.100.100.200 192.0.0.192
    168.63.129.16 224.0.0.1 239.1.1.1 255.255.255.255 240.0.0.1 198.18.0.1 ::1 :: fe80::1 fc00::1 fd00:ec2::254 fec0::1
    ff02::1 ::ffff:127.0.0.1 ::ffff:a9fe:a9fe 64:ff9b::7f00:1 2002:7f00:1:: 2001:0:1::1
""".split()


@pytest.mark.parametrize("address", PRIVATE)
def test_an_address_inside_is_not_public(address: str) -> None:
    assert not is_public(ip_address(address))


@pytest.mark.parametrize("address", ["8.8.8.8", "::ffff:8.8.8.8", "2606:4700:4700::1111"])
def test_an_address_of_the_internet_is_public(address: str) -> None:
    assert is_public(ip_address(address))


@pytest.mark.parametrize("host", ["2130706433", "0177.0.0.1", "0x7f000001", "0x7f.1", "127.1", "017700000001"])
def test_every_spelling_of_an_address_is_read(host: str) -> None:
    assert str(read_address(host)) == "127.0.0.1"


@pytest.mark.parametrize("host", ["hooks.example.org", "localhost", "face.example", ""])
def test_a_name_is_no_address(host: str) -> None:
    assert read_address(host) is None


@pytest.mark.parametrize(
    ("url", "reason"),
    [
        ("https://hooks.example.org/in?x=1", ""),
        ("http://hooks.example.org", ""),
        ("file:///etc/passwd", "must be like"),
        ("gopher://hooks.example.org", "must be like"),
        ("https:///path", "must be like"),
        ("https://hooks.example.org:0/", "must be like"),
        ("https://hooks.example.org:port/", "must have a port"),
        ("https://me:word@hooks.example.org/", "must have no user"),
        ("https://8.8.8.8@127.0.0.1/", "must have no user"),
        ("https://hooks.example.org/#x", "must have no user"),
        ("https://hooks.example.org/a b", "must be like"),
        ("https://169.254.169.254/", "must not lead to a private address"),
        ("https://2130706433/", "must not lead to a private address"),
        ("https://[::ffff:7f00:1]/", "must not lead to a private address"),
    ],
)
def test_what_a_webhook_may_be(url: str, reason: str) -> None:
    found = wrong_with_webhook(url, to_loopback=False)
    assert found.startswith(reason)
    assert bool(found) is bool(reason)


def test_only_this_machine_itself_is_opened_for_development() -> None:
    assert wrong_with_webhook("http://127.0.0.1:9000/", to_loopback=True) == ""
    assert wrong_with_webhook("http://10.0.0.1/", to_loopback=True) != ""


def test_a_provider_is_read_from_its_setting() -> None:
    found = read_provider("keycloak+https://sso.example/realms/pharmacy/?client=helpdesk")

    assert found is not None
    assert (found.kind, found.url) == ("keycloak", "https://sso.example/realms/pharmacy")
    assert found.options == {"client": "helpdesk"}


@pytest.mark.parametrize("value", ["", "local", "keycloak", "keycloak+ftp://x", "a+https://u:p@x", "a+https://x:y"])
def test_what_is_not_written_like_a_provider_is_none(value: str) -> None:
    assert read_provider(value) is None
