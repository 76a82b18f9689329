"""Tells from its shape what a JSON document is: a kind of policy, or another tool's file."""

from __future__ import annotations

from collections.abc import Callable

from iamlint.source import Problem, Source
from iamlint.syntax.value import Value

TRUST = "trust-policy"
PERMISSION = "permission-policy"
RESOURCE = "resource-policy"
RESOURCE_CONTROL = "resource-control-policy"
OTHER = "other"

TEMPLATE = "cloudformation"

Elements = dict[str, Value]  # of a statement, by name

# Of several statements the first kind in this order decides. A trust statement with a resource
# ranks below one of another service: together they are the policy of an endpoint. One without a
# principal ranks last: among permissions it is a permission that lacks its resource.
_RESOURCE_TRUST = "trust policy with a resource"
_NOBODY_TRUST = "trust policy without a principal"
_RANKS = (TRUST, RESOURCE, _RESOURCE_TRUST, RESOURCE_CONTROL, PERMISSION, _NOBODY_TRUST)

_FAMILY = ("tagsession", "setsourceidentity", "setcontext")


def policy_kind(value: Value) -> str:
    """Which kind of policy an object is, by its statements; `other` when it is none.

    A trust policy is the only policy that has a principal and no resource, but for container
    registries and a few like them, which name actions of their own service. So:

    - principal, no resource: a trust policy, unless every action is of a service other than STS
      and IAM. One without any action is a broken trust policy: nothing else could become of it.
    - principal and resource: a trust policy when every action is one of those that a trust policy
      is about (people write the prohibited `Resource` by habit); otherwise the policy of a resource
      or an endpoint. A Deny for the principal `*` is a resource control policy, whatever the
      action; so is the `Allow * * *` that AWS attaches to everybody.
    - neither: a trust policy that lacks its principal when every action is such an action (an
      identity policy has a resource), otherwise a permission policy.
    - resource only: a permission policy or a service control policy.
    """
    kinds = {_statement_kind(statement) for statement in _statements(value)}
    kind = next((rank for rank in _RANKS if rank in kinds), OTHER)
    return TRUST if kind in (_RESOURCE_TRUST, _NOBODY_TRUST) else kind


def _statements(value: Value) -> tuple[Value, ...]:
    written = _elements(value).get("statement")
    if written is None:
        return ()
    return (written,) if written.kind == "object" else written.items()


def _elements(value: Value) -> Elements:
    # In lower case: what is misspelt is a fault of the policy, which must be seen to be told.
    return {member.key.data.lower(): member.value for member in value.members}


def _statement_kind(statement: Value) -> str:
    elements = _elements(statement)
    if elements.keys().isdisjoint(("effect", "action", "notaction", "principal", "notprincipal")):
        return OTHER
    has_principal = "principal" in elements or "notprincipal" in elements
    if "resource" not in elements and "notresource" not in elements:
        return _without_resource(elements, has_principal)
    return _with_resource(elements) if has_principal else PERMISSION


def _without_resource(elements: Elements, has_principal: bool) -> str:
    actions = _actions(elements)
    if not has_principal:
        return _NOBODY_TRUST if _are_trust_actions(actions) else PERMISSION
    is_foreign = bool(actions) and not any(map(_may_be_trust_service, actions))
    return RESOURCE if is_foreign else TRUST


def _with_resource(elements: Elements) -> str:
    actions = _actions(elements)
    if _is_text(elements.get("principal"), "*") and (
        _is_text(elements.get("effect"), "Deny") or actions == ["*"]
    ):
        return RESOURCE_CONTROL
    return _RESOURCE_TRUST if _are_trust_actions(actions) else RESOURCE


def _is_text(value: Value | None, text: str) -> bool:
    return value is not None and value.kind == "string" and bool(value.data == text)


def _actions(elements: Elements) -> list[str]:
    """The actions in lower case; none for `NotAction`, which names what it is not about."""
    written = elements.get("action")
    if written is None:
        return []
    texts = written.items() or (written,)
    return [text.data.lower() for text in texts if text.kind == "string"]


def _are_trust_actions(actions: list[str]) -> bool:
    return bool(actions) and all(map(_is_trust_action, actions))


def _is_trust_action(action: str) -> bool:
    """`sts:AssumeRole` and its kin, or a pattern over the actions of STS."""
    service, _, name = action.partition(":")
    if service != "sts":
        return False
    return name.startswith("assume") or name in _FAMILY or "*" in name or "?" in name


def _may_be_trust_service(action: str) -> bool:
    # NOTE: IAM has no other policy with a principal, so `iam:PassRole` there is a slip.
    service, colon, _ = action.partition(":")
    return not colon or service in ("sts", "iam") or "*" in service or "?" in service


def foreign_kind(value: Value) -> str:
    """Which file of another tool, with a format of its own, an object is; empty for none."""
    names = {member.key.data for member in value.members}
    for kind, needed, test in _FOREIGN:
        if needed <= names and test(value):
            return kind
    return ""


def unread(kind: str, source: Source) -> list[Problem]:
    """Says that a file of another tool was not read, if there is a role in it."""
    what, word = _UNREAD.get(kind, ("", ""))
    if not what or word not in source.text:
        return []
    message = f"`{source.name}` is {what}"
    return [Problem("unread-format", message, source.name, blocking=False)]


def _is_template(value: Value) -> bool:
    resources = value.get("Resources")
    if resources is None:
        return False
    if value.get("AWSTemplateFormatVersion") is not None:
        return True
    return any(
        key.data.startswith("Fn::")
        or ((kind := held.get("Type")) is not None and kind.kind == "string" and "::" in kind.data)
        for key, held in resources.members
    )


def _is_tree(value: Value) -> bool:
    version = value.get("version")
    return version is not None and str(version.data).startswith("tree-")


def _is_configuration(value: Value) -> bool:
    resources = value.get("resource")
    return resources is not None and any(
        member.key.data.startswith("aws_") for member in resources.members
    )


def _holds(name: str, kind: str) -> Callable[[Value], bool]:
    def test(value: Value) -> bool:
        held = value.get(name)
        return held is not None and held.kind == kind

    return test


# kind, the members it cannot lack, and what must be true of them
_FOREIGN: tuple[tuple[str, frozenset[str], Callable[[Value], bool]], ...] = (
    (TEMPLATE, frozenset({"Resources"}), _is_template),
    (
        "terraform-plan",
        frozenset({"format_version", "planned_values"}),
        _holds("planned_values", "object"),
    ),
    ("terraform-state", frozenset({"format_version", "values"}), _holds("values", "object")),
    (
        "terraform-state",
        frozenset({"terraform_version", "resources"}),
        _holds("resources", "array"),
    ),
    ("terraform", frozenset({"resource"}), _is_configuration),
    ("cdk-tree", frozenset({"version", "tree"}), _is_tree),
    ("cdk-assets", frozenset({"version", "files", "dockerImages"}), _holds("files", "object")),
)

# kind: what to say of it, and the word that stands in it when it holds a role
_UNREAD = {
    "terraform-plan": (
        "a Terraform plan, which is not read yet; its roles were not judged",
        "assume_role_policy",
    ),
    "terraform-state": (
        "a Terraform state, which is not read yet; its roles were not judged",
        "assume_role_policy",
    ),
    "terraform": (
        "Terraform configuration, which is not read yet; its roles were not judged",
        "assume_role_policy",
    ),
    "cdk-tree": (
        "the construct tree of a CDK application; its templates, not the tree, hold its roles",
        "ssumeRolePolicyDocument",
    ),
}
