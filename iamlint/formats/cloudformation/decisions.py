"""Compares texts that cannot be known, and keeps what was assumed of them free of contradiction."""

from __future__ import annotations

from iamlint.syntax.holes import Holes, is_hole
from iamlint.typed import NamedTuple

# Two texts that may be equal, in order; or nothing and the name of what may be true.
Atom = tuple[str, str]


class Undecided(Exception):
    """What a value is depends on an atom that nobody can tell."""

    def __init__(self, atom: Atom) -> None:
        super().__init__(atom)
        self.atom = atom


class State(NamedTuple):
    """What is assumed of the unknown: one of the ways in which things may be.

    `equal`: holes that are known by now, each with its text, which may hold other holes.
    `same`, `apart`: atoms taken for true and for false. `freed`: parameters whose default does not
    hold here.
    """

    equal: tuple[tuple[str, str], ...] = ()
    same: frozenset[Atom] = frozenset()
    apart: frozenset[Atom] = frozenset()
    freed: frozenset[str] = frozenset()

    def settled(self, text: str) -> str:
        """The text with all that is known filled in."""
        # Each hole is filled with a text that did not hold it: this comes to an end.
        for char, known in self.equal:
            text = text.replace(char, known)
        return text

    def excluded(self, char: str) -> set[str]:
        """The texts that a hole is known not to be."""
        pairs = [atom for atom in self.apart if char in atom]
        return {two if one == char else one for one, two in pairs}


NOTHING_ASSUMED = State()


class Comparison(NamedTuple):
    """Whether two texts are equal, or the atom to assume; `leaned`: as far as is assumed."""

    outcome: bool | Atom
    leaned: bool


def compare(one: str, two: str, state: State, holes: Holes) -> Comparison:
    """Whether two texts with holes are equal."""
    known = _known(one, two, holes)
    if known is not None:
        return Comparison(known, leaned=False)
    one, two = state.settled(one), state.settled(two)
    known = _known(one, two, holes)
    atom = _atom(one, two)
    if known is None and (atom in state.same or atom in state.apart):
        known = atom in state.same
    return Comparison(atom if known is None else known, leaned=known is not None)


def believe(name: str, state: State) -> Comparison:
    """Whether something holds of which nothing but its name is known."""
    atom = ("", name)
    if atom in state.same or atom in state.apart:
        return Comparison(atom in state.same, leaned=True)
    return Comparison(atom, leaned=False)


def assume(state: State, atom: Atom, truth: bool, holes: Holes) -> State | None:
    """The state in which an atom is true, or false; None when it cannot be."""
    if truth:
        return _united(state, atom, holes)
    made = state._replace(apart=state.apart | {atom})
    for char in atom:
        values = holes[char].values if char in holes else ()
        if values:
            left = [value for value in values if value not in made.excluded(char)]
            if len(left) < 2:
                return _united(made, _atom(char, left[0]), holes) if left else None
    return made


def _united(state: State, atom: Atom, holes: Holes) -> State | None:
    one, two = atom
    char = one if one in holes else two
    other = two if char == one else one
    if char not in holes or not one:
        return _sound(state._replace(same=state.same | {atom}), holes)
    if char in other:
        return None
    rest = tuple((known, text.replace(char, other)) for known, text in state.equal)
    return _sound(state._replace(equal=((char, other), *rest)), holes)


def _sound(state: State, holes: Holes) -> State | None:
    """The state, unless it contradicts itself."""
    for char, text in state.equal:
        values = holes[char].values if char in holes else ()
        if values and not any(char in holes for char in text) and text not in values:
            return None
    apart = {_atom(state.settled(one), state.settled(two)) for one, two in state.apart}
    same = {_atom(state.settled(one), state.settled(two)) for one, two in state.same}
    if any(one and one == two for one, two in apart) or same & apart:
        return None
    if any(one and _known(one, two, holes) is False for one, two in same):
        return None
    return state._replace(apart=frozenset(apart), same=frozenset(same))


def _atom(one: str, two: str) -> Atom:
    return (one, two) if one <= two else (two, one)


def _known(one: str, two: str, holes: Holes) -> bool | None:
    """Whether two texts are equal, whatever fills their holes; None when that depends."""
    if one == two:
        return True
    if not any(char in holes for char in one + two):
        return False
    for text, other in ((one, two), (two, one)):
        if is_hole(text) and text in holes:
            values = holes[text].values
            literal = not any(char in holes for char in other)
            if values and literal and other not in values:
                return False
    return None if _may_match(one, two, holes) else False


def _may_match(one: str, two: str, holes: Holes) -> bool:
    """Whether what two texts are known to begin and to end with agrees."""
    first = min(_edge(one, holes), _edge(two, holes))
    last = min(_edge(one[::-1], holes), _edge(two[::-1], holes))
    return one[:first] == two[:first] and one[len(one) - last :] == two[len(two) - last :]


def _edge(text: str, holes: Holes) -> int:
    """How many characters stand before the first hole."""
    return next((at for at, char in enumerate(text) if char in holes), len(text))
