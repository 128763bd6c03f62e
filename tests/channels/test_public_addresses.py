"""Which URLs a webhook can have, and which addresses are refused, by whatever way they are written."""

import ipaddress

import pytest

from channels.public_addresses import Allowed, HookUrl, NotAllowed, is_public

NOWHERE = Allowed()
PUBLIC = ("93.184.215.14", "8.8.8.8", "192.0.1.1", "2606:2800:21f:cb07:6820:80da:af6b:8b2c", "::ffff:8.8.8.8")
PRIVATE = (
    *("0.0.0.1", "10.1.2.3", "100.64.0.1", "127.0.0.1", "127.8.8.8", "169.254.169.254", "172.16.0.1"),
    *("192.0.0.8", "192.0.0.192", "192.88.99.1", "192.168.1.1", "198.18.0.1", "224.0.0.1", "239.1.1.1"),
    *("240.0.0.1", "255.255.255.255", "192.0.2.1", "198.51.100.7", "203.0.113.9"),
    *("::", "::1", "::ffff:10.0.0.1", "::ffff:169.254.169.254", "::7f00:1", "64:ff9b::a9fe:a9fe"),
    *("64:ff9b:1::a9fe:a9fe", "100::1", "2001::1", "2001:db8::1", "2002:a9fe:a9fe::1", "3fff::1", "5f00::1"),
    *("fc00::1", "fd12:3456::1", "fe80::1", "fec0::1", "ff02::1", "ff0e::1", "4000::1"),
)  # fmt: skip


@pytest.mark.parametrize("text", PUBLIC)
def test_of_the_internet(text: str) -> None:
    assert is_public(ipaddress.ip_address(text))
    NOWHERE.check(ipaddress.ip_address(text), in_the_clear=False)


@pytest.mark.parametrize("text", PRIVATE)
def test_of_no_public_network(text: str) -> None:
    assert not is_public(ipaddress.ip_address(text))
    with pytest.raises(NotAllowed) as refused:
        NOWHERE.check(ipaddress.ip_address(text), in_the_clear=False)
    assert text not in str(refused.value)


@pytest.mark.parametrize(
    "host",
    [
        *("169.254.169.254", "2852039166", "0xa9fea9fe", "0251.0376.0251.0376", "0xa9.0xfe.43518", "169.254.43518"),
        *("[::ffff:169.254.169.254]", "[64:ff9b::a9fe:a9fe]", "[::1]", "127.1", "0", "[0:0:0:0:0:0:0:1]"),
    ],
)  # fmt: skip
def test_an_address_is_refused_however_it_is_written(host: str) -> None:
    with pytest.raises(NotAllowed):
        NOWHERE.check_literal(HookUrl.of(f"https://{host}/events"))


def test_networks_can_be_allowed() -> None:
    allowed = Allowed.of("10.1.0.0/16, 127.0.0.1,fd00::/8")
    for text in ("10.1.2.3", "127.0.0.1", "::ffff:10.1.2.3", "fd00::1"):
        allowed.check(ipaddress.ip_address(text), in_the_clear=True)
    for text in ("10.2.0.1", "127.0.0.2", "169.254.169.254", "fe80::1"):
        with pytest.raises(NotAllowed):
            allowed.check(ipaddress.ip_address(text), in_the_clear=False)


def test_nothing_goes_to_the_internet_in_the_clear() -> None:
    with pytest.raises(NotAllowed, match="https"):
        Allowed.of("10.0.0.0/8").check(ipaddress.ip_address("8.8.8.8"), in_the_clear=True)
    with pytest.raises(NotAllowed, match="https"):
        NOWHERE.check_literal(HookUrl.of("http://example.org/"))


@pytest.mark.parametrize("text", ["10.0.0.0/33", "home", "10.0.0.1/8", "10.0.0.0/8;1.1.1.1"])
def test_what_names_no_network(text: str) -> None:
    with pytest.raises(ValueError, match="write networks"):
        Allowed.of(text)


def test_the_parts_of_a_url() -> None:
    assert HookUrl.of("https://Hooks.Example.org:8443/a/b?c=d") == HookUrl(
        "https", "hooks.example.org", 8443, "/a/b?c=d"
    )
    assert HookUrl.of("https://example.org") == HookUrl("https", "example.org", 443, "/")
    assert HookUrl.of("https://[2001:4860::8888]/x").host == "2001:4860::8888"
    assert HookUrl.of("https://bücher.example/x").host == "xn--bcher-kva.example"


@pytest.mark.parametrize(
    "text",
    [
        *("", "example.org", "ftp://example.org", "https://", "https:///path", "//example.org/x", "javascript:0"),
        *("https://user:hunter2@example.org/", "https://user@example.org/", "https://example.org/#part"),
        *("https://example.org\\@10.0.0.1/", "https://exa mple.org/", "https://example.org/a b", "https://a\nb.org/"),
        *("https://example.org:99999/", "https://example.org:x/", "https://[::1", "https://[fe80::1%25eth0]/"),
        *("https://-example.org/", "https://a..b/", "https://exam\x00ple.org/", f"https://example.org/{'a' * 2_000}"),
        *("https://example.org/ü", "https://%31%30.0.0.1/", f"https://{'a' * 64}.org/", "https://ex*mple.org/"),
    ],
)  # fmt: skip
def test_what_cannot_be_a_url_of_a_webhook(text: str) -> None:
    with pytest.raises(ValueError) as refused:
        HookUrl.of(text)
    assert "hunter2" not in str(refused.value)
