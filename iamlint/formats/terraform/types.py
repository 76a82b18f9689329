"""The types of Terraform's values, and how several are made one."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from iamlint.typed import NamedTuple


class Type(NamedTuple):
    """A type; `any` stands for one that is not known.

    `element` is that of a list, set or map; `items` are those of a tuple; `attributes` those of an
    object, in the order of their names; `optional` are the names of those that may be left out.
    """

    kind: str  # any string number bool list set map tuple object
    element: Type | None = None
    items: tuple[Type, ...] = ()
    attributes: tuple[tuple[str, Type], ...] = ()
    size: int = 1  # of it and all its parts
    is_known: bool = True  # no part of it is `any`

    @property
    def inner(self) -> Type:
        """The type of the elements of a list, set or map."""
        return self.element or ANY

    def attribute(self, name: str) -> Type | None:
        return next((type for known, type in self.attributes if known == name), None)


ANY = Type("any", is_known=False)
STRING = Type("string")
NUMBER = Type("number")
BOOL = Type("bool")
_LARGEST = 20_000  # parts of one type

SCALARS = frozenset(("string", "number", "bool"))
COLLECTIONS = frozenset(("list", "set", "map"))
SEQUENCES = frozenset(("list", "set", "tuple"))
MAPPINGS = frozenset(("map", "object"))


def collection(kind: str, element: Type) -> Type:
    """A list, set or map of elements of one type."""
    return Type(kind, element, (), (), element.size + 1, element.is_known)


def list_of(element: Type) -> Type:
    return collection("list", element)


def set_of(element: Type) -> Type:
    return collection("set", element)


def map_of(element: Type) -> Type:
    return collection("map", element)


def tuple_of(items: Iterable[Type]) -> Type:
    """A tuple; one that is too large to be worked with is of no known type."""
    held = tuple(items)
    size = 1 + sum(item.size for item in held)
    if size > _LARGEST:
        return ANY
    return Type("tuple", None, held, (), size, all(item.is_known for item in held))


def object_of(attributes: Iterable[tuple[str, Type]]) -> Type:
    """An object; one that is too large to be worked with is of no known type."""
    held = tuple(sorted(attributes, key=lambda each: each[0]))
    size = 1 + sum(type.size for _, type in held)
    if size > _LARGEST:
        return ANY
    return Type("object", None, (), held, size, all(type.is_known for _, type in held))


def words(type: Type) -> str:
    """A type as people write it: `list(string)`."""
    if type.kind in COLLECTIONS:
        return f"{type.kind}({words(type.inner)})"
    if type.kind == "tuple":
        return "tuple"
    return type.kind


_A = {
    "string": "a string",
    "number": "a number",
    "bool": "a bool",
    "list": "a list",
    "set": "a set",
    "map": "a map",
    "tuple": "a tuple",
    "object": "an object",
    "any": "a value",
}


def a(type: Type) -> str:
    """A type with its article: `a list`."""
    return _A[type.kind]


# Whether a value of one type can be taken for another; `unsafe`: some values cannot.


def converts(given: Type, wanted: Type, *, unsafe: bool = True) -> bool:
    """Whether there is a conversion from a type to another one."""
    if given == wanted or "any" in (given.kind, wanted.kind):
        return unsafe or given.kind != "any" or wanted.kind == "any"
    if wanted.kind in SCALARS:
        if given.kind not in SCALARS:
            return False
        return wanted.kind == "string" or (unsafe and given.kind == "string")
    if wanted.kind in ("list", "set"):
        return _to_sequence(given, wanted, unsafe)
    if wanted.kind == "map":
        return _to_map(given, wanted, unsafe)
    if wanted.kind == "tuple":
        same = given.kind == "tuple" and len(given.items) == len(wanted.items)
        pairs = zip(given.items, wanted.items, strict=False)
        return same and all(converts(one, two, unsafe=unsafe) for one, two in pairs)
    return _to_object(given, wanted, unsafe)


def _to_sequence(given: Type, wanted: Type, unsafe: bool) -> bool:
    if given.kind == "tuple":
        if wanted.inner.kind == "any":
            return unify(given.items) is not None
        return all(converts(item, wanted.inner, unsafe=unsafe) for item in given.items)
    if given.kind not in ("list", "set"):
        return False
    # NOTE: a set has no order, and yet becomes a list; a list may lose what it holds twice.
    return converts(given.inner, wanted.inner, unsafe=unsafe)


def _to_map(given: Type, wanted: Type, unsafe: bool) -> bool:
    if given.kind == "object":
        held = [type for _, type in given.attributes]
        if wanted.inner.kind == "any":
            return unify(held) is not None
        return all(converts(type, wanted.inner, unsafe=unsafe) for type in held)
    return given.kind == "map" and converts(given.inner, wanted.inner, unsafe=unsafe)


def _to_object(given: Type, wanted: Type, unsafe: bool) -> bool:
    if given.kind == "map":
        return unsafe and all(converts(given.inner, type) for _, type in wanted.attributes)
    if given.kind != "object":
        return False
    has = dict(given.attributes)
    return all(
        name in has and converts(has[name], type, unsafe=unsafe) for name, type in wanted.attributes
    )


def unify(types: Sequence[Type]) -> Type | None:
    """The type that values of all types can be made; None when there is none."""
    distinct = list(dict.fromkeys(types))
    if len(distinct) < 2:
        return distinct[0] if distinct else ANY
    kinds = {type.kind for type in distinct}
    known = kinds - {"any"}
    if len(known) == 1 and (kind := known.copy().pop()) not in SCALARS:
        return _alike(kind, distinct)
    made = _mixed(known, distinct)
    return made or _preferred(distinct)


def _alike(kind: str, types: list[Type]) -> Type | None:
    """The type for several of one structural kind."""
    known = [type for type in types if type.kind != "any"]
    if len(known) < len(types):
        return ANY
    if kind in COLLECTIONS:
        element = unify([type.inner for type in known])
        return None if element is None else collection(kind, element)
    return _objects(known) if kind == "object" else _tuples(known)


def _mixed(kinds: set[str], types: list[Type]) -> Type | None:
    for kind, other in (("map", "object"), ("list", "tuple")):
        if kinds == {kind, other}:
            held = [inner for type in types for inner in _held(type)]
            element = unify(held)
            return None if element is None or element.kind == "any" else collection(kind, element)
    return None


def _held(type: Type) -> list[Type]:
    if type.element is not None:
        return [type.element]
    return [*type.items, *(inner for _, inner in type.attributes)]


def _objects(types: list[Type]) -> Type | None:
    names = [name for name, _ in types[0].attributes]
    if any([name for name, _ in type.attributes] != names for type in types):
        return _collected("map", types)
    columns = zip(*([inner for _, inner in type.attributes] for type in types), strict=True)
    made = [unify(column) for column in columns]
    if None in made:
        return _collected("map", types)
    return object_of((name, type or ANY) for name, type in zip(names, made, strict=True))


def _tuples(types: list[Type]) -> Type | None:
    if len({len(type.items) for type in types}) > 1:
        return _collected("list", types)
    made = [unify(column) for column in zip(*(type.items for type in types), strict=True)]
    if None in made:
        return _collected("list", types)
    return tuple_of(type or ANY for type in made)


def _collected(kind: str, types: list[Type]) -> Type | None:
    element = unify([inner for type in types for inner in _held(type)])
    return None if element is None else collection(kind, element)


def _preferred(types: list[Type]) -> Type | None:
    """One of the types that all others convert to, the most general one first."""
    ranks = {"any": 9, "string": 0, "number": 1, "bool": 2, "list": 3, "map": 3}
    for wanted in sorted(types, key=lambda type: ranks.get(type.kind, 5)):
        if wanted.kind != "any" and all(converts(given, wanted) for given in types):
            return wanted
    return None
