"""Reads the roles of plans and states of Terraform and OpenTofu, which tell values as they are."""

from __future__ import annotations

from collections.abc import Iterable
from posixpath import dirname

from iamlint.arn import is_account, parse_arn
from iamlint.formats import fields, shapes
from iamlint.formats.module_files import claims
from iamlint.formats.reading import NOTHING, Around, Reading
from iamlint.formats.role import NOTHING_BESIDE, Role, Variant
from iamlint.formats.terraform.aligned import aligned
from iamlint.formats.terraform.granted import Granted
from iamlint.formats.terraform.pending import Pending
from iamlint.formats.terraform.planned import References, Resource, shown, stored
from iamlint.source import Problem, Source
from iamlint.syntax.value import Value
from iamlint.typed import Protocol

NAME = "terraform"
ROLE = "aws_iam_role"
DOCUMENT = "assume_role_policy"


def read(value: Value, source: Source, around: Around = NOTHING) -> Reading:
    """The roles of a plan or a state in the order written.

    What a plan tells stands in the configuration, where that lies beside it.
    """
    planned = value.get("planned_values")
    if planned is not None:
        resources = list(shown(planned))
    elif value.get("values") is not None:
        resources = list(shown(value.get("values")))
    else:
        resources = list(stored(value))
    prior = value.get("prior_state")
    before = list(shown(prior.get("values"))) if prior is not None else []
    references = References(value.get("configuration"))
    granted = Granted(resources, references)
    pending = Pending(value, resources, references)
    beside = _beside(value, source, around) if planned is not None else None
    roles = _Roles(
        source, _own_account([*resources, *before]), references, granted, beside, pending
    )
    for resource in resources:
        if resource.type == ROLE:
            roles.take(resource)
    kind = shapes.foreign_kind(value) or shapes.OTHER
    return Reading(roles.found, roles.problems, kind, looks_around=True)


def _beside(plan: Value, source: Source, around: Around) -> _Written | None:
    """The configuration in the folder of a plan; None without one."""
    folder = dirname(source.name) or "."
    if not any(claims(entry.name) for entry in around.list(folder) if entry.kind == "file"):
        return None
    from iamlint.formats.terraform.beside import Beside  # noqa: PLC0415 - a cost for these only

    return Beside(plan, folder, around)


class _Written(Protocol):
    """What is asked of the configuration beside a plan."""

    def role(self, address: str) -> Role | None:
        """The role as the configuration says it."""


class _Roles:
    """The roles of one file."""

    def __init__(
        self,
        source: Source,
        account: str | None,
        references: References,
        granted: Granted,
        beside: _Written | None,
        pending: Pending,
    ) -> None:
        self._source = source
        self._account = account
        self._references = references
        self._granted = granted
        self._beside = beside
        self._pending = pending
        self.found: list[Role] = []
        self.problems: list[Problem] = []

    def take(self, resource: Resource) -> None:
        """Reads the trust policy of one role."""
        written = resource.values.get(DOCUMENT)
        here = self._beside.role(resource.address) if self._beside is not None else None
        if written is None:
            variants = here.variants if here is not None else (self._unknown(resource),)
            self._add(resource, variants, here)
            return
        document, problems = fields.unwrapped(written)
        self.problems += problems
        if document.kind == "object":
            made = aligned(document, here) if here is not None else Variant(document)
            self._add(resource, (made,), here)
        elif not any(problem.blocking for problem in problems):
            self._no_policy(resource, written)

    def _unknown(self, resource: Resource) -> Variant:
        """What there is of a policy of which the plan says that nobody can know it."""
        found = self._pending.trust(resource, DOCUMENT)
        if found is not None:
            return Variant(found.document, (), found.missing)
        names = ", ".join(f"`{name}`" for name in self._references.of(resource, DOCUMENT))
        whole = "the whole document"
        missing = f"{whole}, given by {names}" if names else f"{whole}, which the plan leaves open"
        return Variant(Value("object", (), resource.span), (), (missing,))

    def _add(self, resource: Resource, variants: tuple[Variant, ...], here: Role | None) -> None:
        values = resource.values
        arn = parse_arn(fields.text(values.get("arn")))
        told = arn is not None and is_account(arn.account)
        duration = values.get("max_session_duration")
        role = Role(
            identity=resource.address,
            document=variants[0].document,
            span=here.span if here is not None else resource.span,
            format=NAME,
            name=fields.text(values.get("name")) or None,
            path=fields.text(values.get("path")) or None,
            account=arn.account if arn is not None and told else self._account,
            partition=(arn.partition or None) if arn is not None else None,
            tags=_tags(values),
            max_session=fields.whole(duration),
            policies=self._granted.to(resource),
            bounded=_is_bounded(values.get("permissions_boundary")),
            variants=variants,
            holes=here.holes if here is not None else self._pending.table.holes,
            ways=here.ways if here is not None else (),
            plain=here is None,
            beside=here.beside if here is not None else NOTHING_BESIDE,
        )
        self.found.append(role)

    def _no_policy(self, resource: Resource, written: Value) -> None:
        message = (
            f"the trust policy of `{resource.address}` is no JSON object, so it was not judged"
        )
        help = "a trust policy is the text of a JSON object"
        path = self._source.name
        self.problems.append(Problem("no-trust-policy", message, path, written.span, help))


def _is_bounded(written: Value | None) -> bool:
    """Whether a role has a boundary; what is not known yet may be one."""
    return written is None or bool(written.data)


def _own_account(resources: Iterable[Resource]) -> str | None:
    """The one account that all providers work in; None for several, or when nothing tells it."""
    found = {
        fields.text(each.values.get("account_id"))
        for each in resources
        if each.type == "data.aws_caller_identity"
    }
    known = {account for account in found if is_account(account)}
    return known.pop() if len(known) == 1 else None


def _tags(values: Value) -> tuple[tuple[str, str], ...]:
    # What the provider adds by itself counts, too; a plan does not always know all tags.
    held = values.get("tags_all")
    held = held if held is not None and held.members else values.get("tags")
    members = held.members if held is not None else ()
    return tuple((key.data, fields.text(text)) for key, text in members if text.kind == "string")
