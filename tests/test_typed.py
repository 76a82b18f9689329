"""Our named tuples behave as those of `typing` do."""

from __future__ import annotations

import copy
import pickle
import typing

import pytest

from iamlint.typed import NamedTuple


class Ours(NamedTuple):
    """One of ours."""

    a: int
    b: str = "b"
    c: tuple[int, ...] = ()

    @property
    def doubled(self) -> int:
        return self.a * 2


class Theirs(typing.NamedTuple):
    """The model."""

    a: int
    b: str = "b"
    c: tuple[int, ...] = ()

    @property
    def doubled(self) -> int:
        return self.a * 2


GIVEN: list[tuple[tuple[object, ...], dict[str, object]]] = [
    ((1,), {}),
    ((1, "x"), {}),
    ((1, "x", (2,)), {}),
    ((), {"a": 1}),
    ((), {"c": (3,), "a": 1}),
    ((1,), {"c": (3,)}),
]
REFUSED: list[tuple[tuple[object, ...], dict[str, object]]] = [
    ((), {}),
    ((), {"b": "x"}),
    ((1, "x", (), 4), {}),
    ((1,), {"a": 2}),
    ((1,), {"d": 2}),
    ((1, "x", ()), {"c": ()}),
]


@pytest.mark.parametrize(("values", "named"), GIVEN)
def test_they_are_made_and_read_alike(values: typing.Any, named: typing.Any) -> None:
    ours, theirs = Ours(*values, **named), Theirs(*values, **named)
    assert tuple(ours) == tuple(theirs)
    assert (ours.a, ours.b, ours.c, ours.doubled) == (theirs.a, theirs.b, theirs.c, theirs.doubled)
    assert hash(ours) == hash(theirs)
    assert ours._asdict() == theirs._asdict()
    assert repr(ours) == repr(theirs).replace("Theirs", "Ours")
    assert tuple(ours._replace(b="y")) == tuple(theirs._replace(b="y"))
    assert type(ours._replace(a=5)) is Ours


@pytest.mark.parametrize(("values", "named"), REFUSED)
def test_they_refuse_alike(values: typing.Any, named: typing.Any) -> None:
    for kind in (Ours, Theirs):
        with pytest.raises(TypeError):
            kind(*values, **named)


def test_they_can_be_copied_and_kept() -> None:
    ours = Ours(1, c=(2, 3))
    for other in (copy.copy(ours), copy.deepcopy(ours), pickle.loads(pickle.dumps(ours))):
        assert other == ours
        assert type(other) is Ours


def test_they_hold_nothing_else() -> None:
    ours = Ours(1)
    with pytest.raises(AttributeError):
        ours.d = 4  # type: ignore[attr-defined]
    with pytest.raises(AttributeError):
        ours.a = 4  # type: ignore[misc]
    with pytest.raises(ValueError, match="d"):
        ours._replace(d=4)  # type: ignore[call-arg]
    match ours:
        case Ours(a, "b", ()):
            assert a == 1
        case _:
            pytest.fail("the fields are not matched by their places")
