"""Finds the permissions of roles: managed policies, inline ones, those that name their roles."""

from __future__ import annotations

from collections.abc import Iterator

from iamlint.formats.decisions import NOTHING_ASSUMED
from iamlint.formats.faults import Fault, TooMuch
from iamlint.formats.policy_texts import parsed
from iamlint.formats.role import AttachedPolicy
from iamlint.formats.terraform import types
from iamlint.formats.terraform.attributes import Resource, attribute
from iamlint.formats.terraform.blocks import expanded
from iamlint.formats.terraform.convert import scalar_text
from iamlint.formats.terraform.documents import Encoded
from iamlint.formats.terraform.evaluate import evaluate
from iamlint.formats.terraform.found import Search, located
from iamlint.formats.terraform.module import Module
from iamlint.formats.terraform.run import Run
from iamlint.formats.terraform.trust import Runs
from iamlint.formats.terraform.values import Datum
from iamlint.syntax.value import Value

_POLICY = "aws_iam_policy"
_INLINE = "aws_iam_role_policy"
_ATTACHMENT = "aws_iam_role_policy_attachment"
_ATTACHMENTS = "aws_iam_policy_attachment"
_APART = (_POLICY, _INLINE, _ATTACHMENT, _ATTACHMENTS)
_MOST = 200  # policies of one role


class Attached:
    """The permission policies below a root module, found when the first role asks for them.

    A branch that nobody can tell is taken for attached: this says what a role may be allowed.
    """

    def __init__(self, root: Module, runs: Runs) -> None:
        self._root = root
        self._runs = runs
        self._by_role: dict[str, list[AttachedPolicy]] | None = None
        self._managed: dict[str, Resource] = {}  # by ARN

    def to(self, run: Run, role: Resource) -> tuple[AttachedPolicy, ...]:
        """The policies of one role. Raises TooMuch."""
        apart = self._apart()
        return run.apart(lambda: self._of(run, role, apart), lenient=True)  # type: ignore[arg-type, return-value]

    def _of(
        self, run: Run, role: Resource, apart: dict[str, list[AttachedPolicy]]
    ) -> tuple[AttachedPolicy, ...]:
        found: list[AttachedPolicy] = []
        listed = role.argument(run, "managed_policy_arns")
        if listed is not None:
            sure = not _may_vary(role, "managed_policy_arns")
            arns = self._texts(run, listed)
            found += [self._by_arn(run, arn)._replace(sure=sure) for arn in arns]
        for block, scope in expanded(run, role.block.body, "inline_policy", role.scope):
            policy, name = block.body.attribute("policy"), block.body.attribute("name")
            if policy is not None:
                named = self._text(run, evaluate(run, name.value, scope)) if name else ""
                document = _policy(run, evaluate(run, policy.value, scope))
                found.append(AttachedPolicy(named, "", document))
        found += apart.get(self._name(run, role), ())
        return tuple(found)[:_MOST]

    def _name(self, run: Run, role: Resource) -> str:
        return self._text(run, attribute(run, role, "name", role.block.header_span))

    def _text(self, run: Run, datum: Datum) -> str:
        text = scalar_text(run, datum)
        return text.data if text is not None else ""

    def _texts(self, run: Run, datum: Datum) -> Iterator[str]:
        held = datum.items if datum.kind in types.SEQUENCES else (datum,)
        for item in held:
            text = self._text(run, item) if item.kind not in ("rest", "null") else ""
            if text:
                yield text

    def _by_arn(self, run: Run, arn: str) -> AttachedPolicy:
        policy = self._managed.get(arn)
        if policy is None:
            return AttachedPolicy(arn.rpartition("/")[2], arn if ":" in arn else "", None)
        return AttachedPolicy(policy.address, arn, _argument(run, policy))

    def _apart(self) -> dict[str, list[AttachedPolicy]]:
        """The policies that name the roles they are for, by the name of the role."""
        if self._by_role is None:
            self._by_role = {}
            run = self._runs.of(NOTHING_ASSUMED, lenient=True)
            try:
                run.apart(lambda: self._collect(run), lenient=True)  # type: ignore[arg-type, return-value]
            except (TooMuch, Fault):
                return self._by_role  # as far as it was found
        return self._by_role

    def _collect(self, run: Run) -> None:
        assert self._by_role is not None
        found: list[Resource] = []
        for place in Search(self._root, _APART).places(run):
            here = located(run, self._root, place)
            if here is not None:
                found.append(here[1])
        for resource in found:
            if resource.type == _POLICY:
                arn = self._text(run, attribute(run, resource, "arn", resource.block.header_span))
                self._managed[arn] = resource
        for resource in found:
            if resource.type != _POLICY:
                self._add(run, resource, self._by_role)

    def _add(self, run: Run, resource: Resource, by_role: dict[str, list[AttachedPolicy]]) -> None:
        roles = resource.argument(run, "roles" if resource.type == _ATTACHMENTS else "role")
        if roles is None:
            return
        if resource.type == _INLINE:
            policy = AttachedPolicy(resource.address, "", _argument(run, resource))
        else:
            arn = resource.argument(run, "policy_arn")
            policy = self._by_arn(run, self._text(run, arn) if arn is not None else "")
        if _may_vary(resource, "count", "for_each", "policy_arn"):
            policy = policy._replace(sure=False)
        for role in self._texts(run, roles):
            by_role.setdefault(role, []).append(policy)


def _may_vary(resource: Resource, *names: str) -> bool:
    """Whether arguments choose: a branch that nobody can tell is taken for the one that is so.

    What is chosen elsewhere (a variable, a local) is not followed: it may vary as well.
    """
    body = resource.block.body
    written = (attribute.value.span.text for name in names if (attribute := body.attribute(name)))
    return any(word in text for text in written for word in ("?", "for ", "var.", "local."))


def _argument(run: Run, resource: Resource) -> Value | None:
    written = resource.argument(run, "policy")
    return _policy(run, written) if written is not None else None


def _policy(run: Run, datum: Datum) -> Value | None:
    """A permission policy; None when it cannot be known."""
    if isinstance(datum, Encoded):
        return datum.tree
    if datum.kind != "string":
        return None
    found = parsed(datum.text, run.world.table.holes)
    if found.missing or any(problem.blocking for problem in found.problems):
        return None
    return found.value if found.value is not None and found.value.kind == "object" else None
