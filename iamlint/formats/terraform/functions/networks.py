"""Functions on networks."""

from __future__ import annotations

from ipaddress import IPv4Network, IPv6Network, ip_network

from iamlint.formats.faults import quoted
from iamlint.formats.terraform.functions.encodings import whole
from iamlint.formats.terraform.signatures import Asked, Function
from iamlint.formats.terraform.types import STRING, list_of
from iamlint.formats.terraform.values import Datum, sequence

_Network = IPv4Network | IPv6Network


def _network(asked: Asked) -> _Network:
    text = asked.arguments[0].string
    try:
        if "/" not in text or "%" in text:
            raise ValueError
        return ip_network(text, strict=False)
    except ValueError:
        help = "a network looks like `10.0.0.0/16`"
        raise asked.fault(f"{quoted(text)} is not a network", 0, help) from None


def _whole(asked: Asked, argument: int) -> int:
    value = asked.arguments[argument].data
    if not isinstance(value, int) or abs(value) >= 1 << 128:
        raise asked.fault("this is a whole number", argument)
    return value


def _cidrhost(asked: Asked) -> Datum:
    network, number = _network(asked), _whole(asked, 1)
    size = network.num_addresses
    if not -size <= number < size:
        raise asked.fault(f"the network has {size:,} addresses, and none at {number}", 1)
    at = number if number >= 0 else size + number
    return whole(asked, str(network[at]))


def _cidrnetmask(asked: Asked) -> Datum:
    network = _network(asked)
    if isinstance(network, IPv6Network):
        raise asked.fault("only IPv4 has netmasks", 0)
    return whole(asked, str(network.netmask))


def _part(asked: Asked, network: _Network, bits: int, number: int) -> str:
    """The subnet of a number."""
    length = network.prefixlen + bits
    if bits < 0 or length > network.max_prefixlen:
        raise asked.fault(f"a network cannot be {bits} bits longer than this one", 1)
    if not 0 <= number < 1 << bits:
        raise asked.fault(f"there is no subnet {number} of {1 << bits}", 2)
    base = int(network.network_address) + (number << (network.max_prefixlen - length))
    return str(type(network)((base, length)))


def _cidrsubnet(asked: Asked) -> Datum:
    network = _network(asked)
    return whole(asked, _part(asked, network, _whole(asked, 1), _whole(asked, 2)))


def _cidrsubnets(asked: Asked) -> Datum:
    network = _network(asked)
    at, found = int(network.network_address), list[Datum]()
    last = int(network.broadcast_address)
    for number in range(1, len(asked.arguments)):
        length = network.prefixlen + _whole(asked, number)
        if length <= network.prefixlen or length > network.max_prefixlen:
            raise asked.fault("a subnet has at least one bit more than its network", number)
        size = 1 << (network.max_prefixlen - length)
        at = -(-at // size) * size
        if at + size - 1 > last:
            raise asked.fault("there is no room for this subnet in the network", number)
        found.append(whole(asked, str(type(network)((at, length)))))
        at += size
    return sequence("list", found, asked.span, STRING)


FUNCTIONS = {
    "cidrhost": Function("string, number", STRING, _cidrhost),
    "cidrnetmask": Function("string", STRING, _cidrnetmask),
    "cidrsubnet": Function("string, number, number", STRING, _cidrsubnet),
    "cidrsubnets": Function("string, *number", list_of(STRING), _cidrsubnets),
}
