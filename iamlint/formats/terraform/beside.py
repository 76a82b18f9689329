"""Reads the configuration that a plan was made of, where it lies beside the plan."""

from __future__ import annotations

from collections.abc import Mapping

from iamlint.formats.reading import Around
from iamlint.formats.role import Role
from iamlint.formats.terraform.planned import bare
from iamlint.formats.terraform.reading import configured
from iamlint.syntax.value import Value


class Beside:
    """The roles of the root module in the folder of a plan, by address."""

    def __init__(self, plan: Value, folder: str, around: Around) -> None:
        roles = configured(folder, around, plan.get("variables"))
        self._roles: Mapping[str, Role] = {role.identity: role for role in roles}
        self._open = {bare(address): role for address, role in self._roles.items()}

    def role(self, address: str) -> Role | None:
        """The role as the configuration says it; where it does not tell one from another, any."""
        return self._roles.get(address) or self._open.get(bare(address))
