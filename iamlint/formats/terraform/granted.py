"""Finds the permissions of the roles of a plan or a state: managed policies and inline ones."""

from __future__ import annotations

from iamlint.formats.fields import permissions, text
from iamlint.formats.role import AttachedPolicy
from iamlint.formats.terraform.planned import References, Resource, by_declared
from iamlint.syntax.value import Value

_ROLE = "aws_iam_role"
_POLICY = "aws_iam_policy"
_INLINE = "aws_iam_role_policy"
_ATTACHMENT = "aws_iam_role_policy_attachment"
_ATTACHMENTS = "aws_iam_policy_attachment"
_APART = (_INLINE, _ATTACHMENT, _ATTACHMENTS)
_MOST = 200  # policies of one role


class Granted:
    """The permission policies of the roles among some resources.

    What names no role that is known yet is found by what the configuration says that it refers to.
    """

    def __init__(self, resources: list[Resource], references: References) -> None:
        self._references = references
        self._policies = {
            text(each.values.get("arn")): each
            for each in resources
            if each.type == _POLICY and each.values.get("arn") is not None
        }
        self._by_address = by_declared([each for each in resources if each.type == _POLICY])
        self._by_name: dict[str, list[AttachedPolicy]] = {}
        self._by_role: dict[tuple[str, str], list[AttachedPolicy]] = {}
        for each in resources:
            if each.type in _APART:
                self._add(each)

    def to(self, role: Resource) -> tuple[AttachedPolicy, ...]:
        """The policies of one role."""
        managed = role.values.get("managed_policy_arns")
        found = [self._managed(text(arn)) for arn in managed.items()] if managed is not None else []
        inline = role.values.get("inline_policy")
        for block in inline.items() if inline is not None else ():
            found += _inline(block)
        name = text(role.values.get("name"))
        found += self._by_name.get(name, ()) if name else ()
        found += self._by_role.get((role.module, role.declared), ())
        return tuple(dict.fromkeys(found))[:_MOST]

    def _add(self, each: Resource) -> None:
        """Keeps a policy under the roles that it is for."""
        found = _inline(each.values) if each.type == _INLINE else self._attached(each)
        argument = "roles" if each.type == _ATTACHMENTS else "role"
        written = each.values.get(argument)
        if written is None:
            for address in self._references.whole(each, argument):
                self._by_role.setdefault((each.module, address), []).extend(found)
            return
        for role in written.items() or (written,):
            self._by_name.setdefault(text(role), []).extend(found)

    def _attached(self, each: Resource) -> list[AttachedPolicy]:
        arn = text(each.values.get("policy_arn"))
        if arn:
            return [self._managed(arn)]
        addresses = self._references.whole(each, "policy_arn")
        policies = [policy for one in addresses for policy in self._by_address.get(one, ())]
        return [_own(policy) for policy in policies if policy.module == each.module]

    def _managed(self, arn: str) -> AttachedPolicy:
        policy = self._policies.get(arn)
        return _own(policy) if policy else AttachedPolicy(arn.rpartition("/")[2], arn, None)


def _own(policy: Resource) -> AttachedPolicy:
    """A managed policy that is among the resources."""
    name = text(policy.values.get("name")) or policy.address
    arn = text(policy.values.get("arn"))
    return AttachedPolicy(name, arn, permissions(policy.values.get("policy")))


def _inline(block: Value) -> list[AttachedPolicy]:
    written = block.get("policy")
    if written is None or written.kind != "string":
        return []
    return [AttachedPolicy(text(block.get("name")), "", permissions(written))]
