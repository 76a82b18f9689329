"""Finds the roles in what IAM writes: trust policies, roles, lists of them, account dumps."""

from __future__ import annotations

from iamlint.formats import fields, plans, shapes, templates
from iamlint.formats.reading import Around, Reading
from iamlint.formats.role import Role
from iamlint.source import Problem, Source
from iamlint.syntax import json
from iamlint.syntax.value import Value

NAME = "iam"
DOCUMENT = "AssumeRolePolicyDocument"

_LIMIT_CONTAINERS = 1_000_000  # objects and arrays that are looked into in one file

# Of a dump only the trust policies matter; these are read when something asks for them.
OPAQUE = frozenset(
    ("Document", "GroupDetailList", "InstanceProfileList", "PolicyDocument", "UserDetailList")
)
# What an account dump lists beside its roles: none of it can hold one.
_NO_ROLES = frozenset(("GroupDetailList", "Policies", "UserDetailList"))

# Keys that say what a policy is and not whose; in lower case, without `_` and `-`.
_GENERIC = frozenset(
    (
        *("assumerolepolicy", "assumerolepolicydocument", "body", "configuration", "document"),
        *("input", "output", "policy", "policydocument", "properties", "role", "trust"),
        *("trustpolicy", "trustpolicydocument", "trustrelationship", "value"),
    )
)

# What stands in the files of other tools and has a reader of its own.
_READERS = {
    shapes.TEMPLATE: templates.read,
    shapes.PLAN: plans.read,
    shapes.STATE: plans.read,
}

HINT = "AssumeRole"


def parse(source: Source) -> tuple[Value | None, list[Problem]]:
    """Reads a file of JSON, or of URL-encoded JSON as the API itself answers."""
    if is_encoded(source):
        source = json.url_decoded(source)
    return json.parse(source, OPAQUE)


def is_encoded(source: Source) -> bool:
    """Whether a text is URL-encoded."""
    return source.text[:256].lstrip().startswith(("%7B", "%7b"))


def recognise(value: Value, source: Source) -> bool:
    """Whether a document is for this format: anything but the files of other tools."""
    return not shapes.foreign_kind(value)


def read(value: Value, source: Source, around: Around) -> Reading:
    """The roles of a document in the order written, what could not be read, and what it is.

    It is one of: trust-policy, role, role-list, authorization-details; permission-policy,
    resource-policy, resource-control-policy, which are no concern of ours; the file of another tool
    (`shapes.foreign_kind`), which is left to its own format; other.
    """
    problems: list[Problem] = []
    if value.kind == "string" and _opens_document(value):
        value, problems = fields.unwrapped(value)
    search = _Search(value, source, around)
    search.run()
    inner = search.inner
    return Reading(
        search.roles,
        problems + search.problems,
        _kind(value, search),
        tuple(call for each in inner for call in each.calls),
        tuple(name for each in inner for name in each.parameters),
        looks_around=any(each.looks_around for each in inner),
    )


class _Search:
    """One walk over a document that takes the roles it meets and does not look inside them."""

    __slots__ = (
        "_around", "_managed", "_nameless", "_source", "_value",
        "foreign", "inner", "problems", "roles",
    )  # fmt: skip

    def __init__(self, value: Value, source: Source, around: Around) -> None:
        self._value = value
        self._source = source
        self._around = around
        self.inner: list[Reading] = []  # of the templates in it
        self._nameless: list[Role] = []
        self._managed: dict[str, Value | None] | None = None
        self.roles: list[Role] = []
        self.problems: list[Problem] = []
        self.foreign = ""  # the first file of another tool that was met

    def run(self) -> None:
        todo: list[tuple[Value, str | None]] = [(self._value, None)]
        seen = 0
        while todo:
            value, name = todo.pop()
            seen += 1
            if seen > _LIMIT_CONTAINERS:
                self._give_up(value)
                break
            if value.kind == "array":
                todo += [(item, None) for item in reversed(value.items()) if _is_container(item)]
            elif value.kind == "object" and not self._take(value, name):
                todo += self._inside(value, name)
        self._number()

    def _take(self, value: Value, name: str | None) -> bool:
        """Takes an object that is a role, a policy or another tool's; False: look into it."""
        document = fields.field(value, DOCUMENT)
        if document is not None and _is_plausible(value, document):
            self._take_role(value, document, name)
            return True
        kind = shapes.policy_kind(value)
        if kind == shapes.TRUST:
            self._add(value, value, name)
        if kind != shapes.OTHER:
            return True
        foreign = shapes.foreign_kind(value)
        if foreign and not self.foreign:
            self.foreign = foreign
            self.problems += shapes.unread(foreign, self._source)
        reader = _READERS.get(foreign)
        if reader is not None:
            self._take_inner(reader(value, self._source, self._around))
        return bool(foreign)

    def _take_inner(self, found: Reading) -> None:
        """Takes the roles of what another tool keeps in a file of its own."""
        self.inner.append(found)
        self.roles += found.roles
        self.problems += found.problems

    def _inside(self, value: Value, name: str | None) -> list[tuple[Value, str | None]]:
        """The containers in an object, last one first, with the names that policies there have."""
        own = fields.own_name(value) or name
        is_dump = value is self._value and value.get("RoleDetailList") is not None
        inside: list[tuple[Value, str | None]] = []
        for member in reversed(value.members):
            key = member.key.data
            if _is_container(member.value) and not (is_dump and key in _NO_ROLES):
                inside.append((member.value, own if _is_generic(key) else key))
        return inside

    def _take_role(self, holder: Value, written: Value, name: str | None) -> None:
        name = fields.own_name(holder) or name
        if written.kind == "string" and not _opens_document(written):
            self._no_policy(written, name)
            return
        document, problems = fields.unwrapped(written)
        self.problems += problems
        if document.kind == "object":
            self._add(holder, document, name)
        elif not any(problem.blocking for problem in problems):
            self._no_policy(written, name)

    def _add(self, holder: Value, document: Value, name: str | None) -> None:
        known = fields.described(holder)
        name = known.name or fields.role_name(name)
        role = Role(
            identity=known.arn or name or self._source.name,
            document=document,
            span=holder.span,
            format=NAME,
            name=name,
            path=known.path,
            account=known.account,
            partition=known.partition,
            tags=fields.tags(holder),
            max_session=fields.max_session(holder),
            policies=fields.attached_policies(holder, self._managed_policies()),
            bounded=fields.field(holder, "PermissionsBoundary") is not None,
        )
        self.roles.append(role)
        if known.arn is None and name is None:
            self._nameless.append(role)

    def _managed_policies(self) -> dict[str, Value | None]:
        if self._managed is None:
            self._managed = fields.managed_policies(self._value)
        return self._managed

    def _number(self) -> None:
        """Tells several nameless roles of one file apart."""
        if len(self._nameless) > 1:
            for number, role in enumerate(self._nameless, 1):
                role.identity = f"{self._source.name}#{number}"

    def _no_policy(self, written: Value, name: str | None) -> None:
        of = f" of the role `{name}`" if name else ""
        message = f"the trust policy{of} is no JSON object, so it was not judged"
        help = "give the policy as a JSON object, or as the text of one"
        path = self._source.name
        self.problems.append(Problem("no-trust-policy", message, path, written.span, help))

    def _give_up(self, value: Value) -> None:
        path = self._source.name
        message = (
            f"`{path}` holds more than {_LIMIT_CONTAINERS:,} objects and arrays;"
            " those from here on were not looked into"
        )
        self.problems.append(Problem("too-large", message, path, value.span))


def _kind(value: Value, search: _Search) -> str:
    policy = shapes.policy_kind(value)
    if policy != shapes.OTHER:
        return policy
    if value.get("RoleDetailList") is not None:
        return "authorization-details"
    if all(role.format != NAME for role in search.roles):
        return search.foreign or shapes.OTHER
    if all(role.span == role.document.span for role in search.roles):
        return shapes.TRUST
    return "role" if len(search.roles) == 1 and value.get("Roles") is None else "role-list"


def _is_container(value: Value) -> bool:
    return value.kind in ("object", "array")


def _is_generic(key: str) -> bool:
    return key.lower().replace("_", "").replace("-", "") in _GENERIC


def _is_plausible(holder: Value, document: Value) -> bool:
    """Is this the trust policy of a role, and not the schema or the manual of one?"""
    if fields.is_role(holder):
        return True
    if document.kind == "string":
        return _opens_document(document)
    return document.get("Statement") is not None or document.get("Version") is not None


def _opens_document(value: Value) -> bool:
    """Does a string begin like the text of a JSON object, in whatever wrapping?"""
    start: str = value.data[:256].lstrip(' \t\r\n"\\').lower()
    return start.startswith(("{", "%7b", "%20", "%0a", "%22"))
