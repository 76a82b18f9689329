"""What is known of a principal that is no service: nothing, whatever is asked."""

from __future__ import annotations

from iamlint.facts.node import Node
from iamlint.facts.truth import NO


class NoService(Node):
    """What is known of a principal that is no service."""

    __slots__ = ()

    kind = "service"

    def fact(self, name: str) -> object:
        """Nothing, whatever is asked."""
        return NO_SERVICE[name]


NO_SERVICE: dict[str, object] = {
    "name": "", "tier": 0, "misspelt": NO, "global_name": None, "ended": None, "lacks": (),
    "beside": None, "stage": None, "staff": None, "role": "",
}  # fmt: skip
