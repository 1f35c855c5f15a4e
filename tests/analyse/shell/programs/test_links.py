"""What only shows the network does so by all of its words."""

from __future__ import annotations

import pytest

from tests.analyse.shell.check import effects

SHOWS = ["nft list ruleset", "ufw status verbose", "iptables -nvL", "pfctl -s rules", "nmcli -f NAME con show", "wg show", "ipset list"]
DOES = [
    "nft add table inet list", "nft -n add rule inet f c accept", "ipset add list 10.0.0.1", "pfctl -f a -s rules", "ipvsadm -C",
    "dhclient -v eth0", "iptables-restore -n", "nmcli con delete show", "nmcli dev wifi connect list", "iptables -L -M ./x",
    "firewall-cmd --get-zones --add-port=80/tcp",
]  # fmt: skip


@pytest.mark.parametrize("command", SHOWS)
def test_what_only_shows_has_no_effect(command: str) -> None:
    assert effects(command) == []


@pytest.mark.parametrize("command", DOES)
def test_one_word_that_shows_does_not_excuse_the_others(command: str) -> None:
    assert any(effect.startswith("proc.exec") for effect in effects(command))
