"""Where a request comes from, as far as it can be trusted."""

import pytest

from shebao.identity.sources import neighbourhood, source_of


@pytest.mark.parametrize(
    ("proxies", "forwarded", "source"),
    [
        (0, "1.2.3.4", "10.0.0.9"),  # nobody of ours wrote that
        (1, "6.6.6.6, 1.2.3.4", "1.2.3.4"),  # what stands further left the sender made up
        (2, "6.6.6.6, 1.2.3.4, 10.0.0.2", "1.2.3.4"),
        (1, "", "10.0.0.9"),
        (1, "nonsense", ""),
        (1, "2001:db8::1", "2001:db8::1"),
    ],
)
def test_only_our_own_proxies_are_believed(rf, settings, proxies, forwarded, source):
    settings.PROXIES = proxies
    assert source_of(rf.get("/", REMOTE_ADDR="10.0.0.9", HTTP_X_FORWARDED_FOR=forwarded)) == source


def test_an_ipv6_customer_is_one_source_whatever_address_he_takes():
    assert neighbourhood("2001:db8:1:2::1") == neighbourhood("2001:db8:1:2:ffff::9") == "2001:db8:1:2::/64"
    assert neighbourhood("::ffff:1.2.3.4") == neighbourhood("1.2.3.4") == "1.2.3.4"
    assert neighbourhood("") == "unknown"
