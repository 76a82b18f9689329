"""Renders the policy documents of a plan that are read when it is applied.

A plan leaves a document open as a whole as soon as a part of it is not known, such as the ARN of a
provider that is made along with the role. What is in its blocks stands in the plan all the same.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from iamlint.formats.fields import text
from iamlint.formats.terraform.planned import References, Resource, key
from iamlint.formats.terraform.policy_document import rendered
from iamlint.source import Span
from iamlint.syntax.holes import Composed, Hole, Piece, Table
from iamlint.syntax.value import Member, Value
from iamlint.typed import NamedTuple

_DOCUMENT = "data.aws_iam_policy_document"
_PROVIDER = "aws_iam_openid_connect_provider"
_LISTS = ("identifiers", "values", "actions", "not_actions", "resources", "not_resources")
_DEEPEST = 10  # levels of what is not known; those of a document are six
_BLOCKS = ("statement", "principals", "not_principals", "condition")
_PARTITION = Hole("data.aws_partition.partition", "own-partition")
_ACCOUNT = Hole("data.aws_caller_identity.account_id", "own-account")


class Rendered(NamedTuple):
    """A trust policy, and the parts of it that nobody knows, in words."""

    document: Value
    missing: tuple[str, ...]


class Pending:
    """The documents of one plan that are not known yet."""

    def __init__(self, plan: Value, resources: Iterable[Resource], references: References) -> None:
        self._references = references
        self._unknown = dict(_unknown(plan))
        self._known = {each.address: each for each in resources}
        self.table = Table((plan.span.root().source,))

    def trust(self, role: Resource, argument: str) -> Rendered | None:
        """The policy of a role whose argument is one document; None where it is not."""
        document = self._document(role, argument)
        open_ = self._unknown.get(document.address) if document is not None else None
        if document is None or open_ is None or _is_vague(open_):
            return None
        block = self._filled(document.values, open_, document.address, self._provider(document))
        made = rendered(block, self.table.holes, lambda _: None)
        return Rendered(made.value, made.missing)

    def _document(self, role: Resource, argument: str) -> Resource | None:
        names = self._references.of(role, argument)
        named = [name for name in names if name.partition(".")[0] not in ("each", "count")]
        if len(named) != 1 or not named[0].startswith(f"{_DOCUMENT}."):
            return None
        prefix = f"{role.module}." if role.module else ""
        address = prefix + named[0].removesuffix(".json")
        # a reference to the key of the role itself stands for that of the document
        keyed = address + key(role.address) if len(named) < len(names) else address
        return self._known.get(keyed)

    def _provider(self, document: Resource) -> Value | None:
        """The address of the one provider that a document speaks of, and is made by the plan."""
        named = {
            name.removesuffix(".arn")
            for name in self._references.inside(document)
            if name.startswith(f"{_PROVIDER}.") and name.endswith(".arn")
        }
        prefix = f"{document.module}." if document.module else ""
        found = self._known.get(prefix + named.pop()) if len(named) == 1 else None
        return found.values.get("url") if found is not None else None

    def _filled(self, known: Value, open_: Value, name: str, provider: Value | None) -> Value:
        """A value with holes where the plan says that something is not known."""
        if open_.kind == "array":
            items = [
                self._filled(item, inner, f"{name}[{at}]", provider)
                for at, (item, inner) in enumerate(zip(known.items(), open_.items(), strict=False))
            ]
            return Value("array", (*items, *known.items()[len(items) :]), known.span)
        if open_.kind == "object":
            return self._object(known, open_, name, provider)
        is_open = open_.kind == "boolean" and open_.data is True
        return self._hole(name, known.span) if is_open else known

    def _object(self, known: Value, open_: Value, name: str, provider: Value | None) -> Value:
        members = {member.key.data: member for member in known.members}
        federated = text(known.get("type")) == "Federated"
        for field, inner in open_.members:
            held = members[field.data].value if field.data in members else None
            of = provider if federated and field.data == "identifiers" else None
            if of is not None and _is_one(inner):
                made = self._arn(of, known.span)
            else:
                empty = Value("null", None, known.span)
                made = self._filled(held or empty, inner, f"{name}.{field.data}", provider)
            if made.kind != "null":
                members[field.data] = Member(Value("string", field.data, known.span), made)
        return Value("object", tuple(members.values()), known.span)

    def _hole(self, name: str, span: Span) -> Value:
        kind = "list" if name.rpartition(".")[2] in _LISTS else "text"
        return Value("string", self.table.char(Hole(name, kind)), span)

    def _arn(self, url: Value, span: Span) -> Value:
        """The ARN that a provider will have."""
        frame = Value("string", "", span)
        pieces = [
            Piece(each if isinstance(each, str) else self.table.char(each), frame, 0, span)
            for each in ("arn:", _PARTITION, ":iam::", _ACCOUNT, ":oidc-provider/")
        ]
        host = text(url).removeprefix("https://")
        pieces.append(Piece(host, url, len(text(url)) - len(host)))
        return Composed(pieces, span)


def _is_vague(open_: Value) -> bool:
    """Whether it is not known how many blocks of some type there are, or no schema has that."""
    todo = [(open_, 0)]
    while todo:
        value, level = todo.pop()
        for name, held in value.members:
            if name.data in _BLOCKS and held.kind == "boolean" and held.data is True:
                return True
        if level > _DEEPEST:
            return True
        inside = [held for _, held in value.members] + list(value.items())
        todo += [(each, level + 1) for each in inside]
    return False


def _is_one(open_: Value) -> bool:
    """Whether a list is not known, or its only element is not."""
    held = open_.items() or (open_,)
    return len(held) == 1 and held[0].kind == "boolean" and held[0].data is True


def _unknown(plan: Value) -> Iterator[tuple[str, Value]]:
    """What a plan does not know of the documents in it, by their addresses."""
    changes = plan.get("resource_changes")
    for item in changes.items() if changes is not None else ():
        change = item.get("change")
        open_ = change.get("after_unknown") if change is not None else None
        if open_ is not None and f"data.{text(item.get('type'))}" == _DOCUMENT:
            yield text(item.get("address")), open_
