"""Keeps the roles of a template until it is read again, and tells which of them are as they were.

A role depends on its own resource, on the resources that this one names, on those that these name,
and on the policies that are attached to it; and on all other sections of the template together.
What a resource names is taken to be every word of its text, and what was asked for besides: names
may be put together. So a role may be evaluated in vain, but none is kept that came out differently.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping

from iamlint.formats.cloudformation.intrinsics import intrinsic, is_loop
from iamlint.formats.cloudformation.template import text_of
from iamlint.formats.cloudformation.world import ATTACHED, World
from iamlint.formats.parsing import RESOURCES
from iamlint.formats.role import Role
from iamlint.source import Source
from iamlint.syntax.value import Value, content
from iamlint.typed import NamedTuple

_WORD = re.compile(r"\w+")
_POSITION = re.compile(r" at \d+:\d+$")  # of what is wrong somewhere: see `Run.failed`
_NO_ROLES = frozenset((RESOURCES, "Outputs", "Description", "Metadata"))


class KeptRoles(NamedTuple):
    """The roles of one resource, and what evaluating them took."""

    roles: tuple[Role, ...]
    steps: int
    words: frozenset[str]  # of all resources that they depend on


class Kept:
    """What is kept of one template between two readings."""

    __slots__ = ("_around", "_resources", "_roles", "_sections", "_surprises", "beside")

    def __init__(self) -> None:
        self._sections: dict[str, Value] = {}
        self._around: object = None
        self.beside: dict[str, Source | None] = {}  # other files that were read
        self._resources: dict[str, Value] = {}
        self._roles: dict[str, KeptRoles] = {}
        self._surprises: set[str] = set()  # names that were asked for and stand nowhere as words

    def begin(self, world: World) -> None:
        """Takes the template as it is now, with its resources declared."""
        around = _given(world.bindings)
        sections = {
            key.data: value
            for key, value in world.template.value.members
            if key.data not in _NO_ROLES
        }
        before, self._resources = self._resources, dict(world.resources)
        is_same = around == self._around and _same(sections, self._sections)
        if not is_same or _loops(world):
            self.forget()
        else:
            changes = _Changes(before, self._resources, self._surprises)
            # INVARIANT: what is kept is that of the template as it is now, whoever breaks off here.
            self._roles = {
                name: kept for name, kept in self._roles.items() if not changes.touch(name, kept)
            }
        self._sections, self._around = sections, around

    def of(self, logical: str) -> KeptRoles | None:
        """The roles of a resource, if nothing changed that they depend on."""
        return self._roles.get(logical)

    def keep(self, logical: str, roles: Iterable[Role], steps: int, asked: set[str] | None) -> None:
        """Keeps the roles of a resource; `asked`: what was asked for, None if it holds no role."""
        found = tuple(roles)
        if any(_is_placed(role) for role in found):
            self.drop(logical)
            return
        words = frozenset((logical,)) if asked is None else _reached(logical, self._resources)
        self._surprises |= {name for name in asked or () if name not in words}
        self._roles[logical] = KeptRoles(found, steps, words)

    def drop(self, logical: str) -> None:
        """Keeps nothing of a resource of which something is wrong: that is told every time."""
        self._roles.pop(logical, None)

    def forget(self) -> None:
        """Keeps no role."""
        self._roles, self._surprises, self.beside = {}, set(), {}


class _Changes:
    """What changed between two readings of a template whose other sections are the same."""

    def __init__(
        self,
        before: Mapping[str, Value],
        now: Mapping[str, Value],
        surprises: set[str],
    ) -> None:
        names = before.keys() | now.keys()
        self._changed = {name for name in names if before.get(name) is not now.get(name)}
        ways = [each for each in map(self._of, (before, now)) if each is not None]
        is_odd = any(_is_odd(name, before, now) for name in self._changed)
        self._is_all = is_odd or len(ways) < 2 or not self._changed.isdisjoint(surprises)
        self._attached = set[str]().union(*ways)

    def touch(self, logical: str, kept: KeptRoles) -> bool:
        """Whether the roles of a resource may come out differently."""
        if self._is_all or logical in self._attached:
            return True
        return not self._changed.isdisjoint(kept.words)

    def _of(self, resources: Mapping[str, Value]) -> set[str] | None:
        """The roles that policies which changed are attached to; None: nobody knows."""
        found = set[str]()
        for name, resource in resources.items():
            if text_of(resource.get("Type")) not in ATTACHED:
                continue
            if self._changed.isdisjoint(_reached(name, resources)):
                continue
            named = _attached_to(resource)
            if named is None:
                return None
            found |= named
        return found


def _given(bindings: Mapping[str, Value]) -> object:
    """What was given for the parameters, and where."""
    found = []
    for name, value in sorted(bindings.items()):
        span = value.span.root()
        found.append((name, content(value), span.source.name, span.source.text, span[1:]))
    return found


def _same(one: Mapping[str, Value], two: Mapping[str, Value]) -> bool:
    return one.keys() == two.keys() and all(one[name] is two[name] for name in one)


def _loops(world: World) -> bool:
    section = world.template.value.get(RESOURCES)
    return section is None or any(is_loop(key.data) for key, _ in section.members)


def _is_placed(role: Role) -> bool:
    """Whether something in a role is called by the place where it stands, or is not known."""
    return any(variant.missing for variant in role.variants) or any(
        _POSITION.search(hole.name) for hole in role.holes.values()
    )


def _is_odd(name: str, before: Mapping[str, Value], now: Mapping[str, Value]) -> bool:
    """Whether others may depend on a resource without its name."""
    found = [each[name] for each in (before, now) if name in each]
    return not _WORD.fullmatch(name) or any(
        text_of(each.get("Type")).endswith("::MODULE") for each in found
    )


def _reached(name: str, resources: Mapping[str, Value]) -> frozenset[str]:
    """The words of a resource, and of all resources whose names are among them."""
    found, todo = {name}, [name]
    while todo:
        resource = resources.get(todo.pop())
        if resource is None:
            continue
        for word in _words(resource):
            if word not in found:
                found.add(word)
                todo.append(word)
    return frozenset(found)


def _words(resource: Value) -> Iterator[str]:
    for word in set(_WORD.findall(resource.span.text)):
        yield word
        if word.endswith("Role"):  # that SAM makes for the function of that name
            yield word.removesuffix("Role")


def _attached_to(policy: Value) -> set[str] | None:
    """The logical ids of the roles that a policy names; None where it does so in other words."""
    properties = policy.get("Properties")
    if properties is None or properties.get("ManagedPolicyName") is not None:
        return None
    listed = properties.get("Roles")
    named = [*(listed.items() if listed is not None else ()), properties.get("RoleName")]
    if listed is not None and (listed.kind != "array" or intrinsic(listed) is not None):
        return None
    found = set[str]()
    for each in named:
        call = intrinsic(each) if each is not None else None
        if each is not None and (call is None or call.name != "Ref"):
            return None
        if call is not None:
            found.add(text_of(call.argument))
    return found
