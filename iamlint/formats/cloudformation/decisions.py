"""Compares texts that cannot be known, and keeps what was assumed of them free of contradiction."""

from __future__ import annotations

from iamlint.syntax.holes import Holes, is_hole
from iamlint.typed import NamedTuple

_MOST_STEPS = 2_000  # of a search for values

# Two texts that may be equal, one that is a hole first; or the mark, and the name of what may be
# true.
Atom = tuple[str, str]
_NAMED = "\0"


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
    atom = _atom(state.settled(one), state.settled(two), holes)
    known = _known(*atom, holes)
    if known is None and (atom in state.same or atom in state.apart):
        known = atom in state.same
    return Comparison(atom if known is None else known, leaned=known is not None)


def believe(name: str, state: State) -> Comparison:
    """Whether something holds of which nothing but its name is known."""
    atom = (_NAMED, name)
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
            if len(left) == 1:
                return _united(made, (char, left[0]), holes)
    return _sound(made, holes)


def _united(state: State, atom: Atom, holes: Holes) -> State | None:
    char, other = atom
    if char not in holes or (other in holes and holes[char].values and not holes[other].values):
        char, other = other, char
    if char not in holes:
        return _sound(state._replace(same=state.same | {atom}), holes)
    if char in other:
        return None
    rest = tuple((known, text.replace(char, other)) for known, text in state.equal)
    return _sound(state._replace(equal=((char, other), *rest)), holes)


def _sound(state: State, holes: Holes) -> State | None:
    """The state, unless it contradicts itself."""
    apart = {_settled(atom, state, holes) for atom in state.apart}
    same = {_settled(atom, state, holes) for atom in state.same}
    if same & apart or any(one == two for one, two in apart):
        return None
    if any(one != _NAMED and _known(one, two, holes) is False for one, two in same):
        return None
    made = state._replace(apart=frozenset(apart), same=frozenset(same))
    return made if _Filling(made, holes).exists() else None


def _settled(atom: Atom, state: State, holes: Holes) -> Atom:
    one, two = atom
    if one == _NAMED:
        return atom
    return _atom(state.settled(one), state.settled(two), holes)


class _Filling:
    """A search for values of those holes of which all values are known."""

    def __init__(self, state: State, holes: Holes) -> None:
        self._holes = holes
        self._apart = [atom for atom in state.apart if atom[0] != _NAMED]
        self._same = [atom for atom in state.same if atom[0] != _NAMED]
        self._members = [
            (text, holes[char].values)
            for char, text in state.equal
            if char in holes and holes[char].values
        ]
        texts = [text for atom in (*self._apart, *self._same) for text in atom]
        texts += [text for text, _ in self._members]
        used = dict.fromkeys(char for text in texts for char in text)
        self._open = [char for char in used if char in holes and holes[char].values]
        self._steps = _MOST_STEPS

    def exists(self) -> bool:
        """Whether there are such values; also when it would take too long to find out."""
        return self._holds({}) and self._found({}, 0)

    def _found(self, filled: dict[str, str], depth: int) -> bool:
        self._steps -= 1
        if depth == len(self._open) or self._steps < 0:
            return True
        char = self._open[depth]
        for value in self._holes[char].values:
            made = filled | {char: value}
            if self._holds(made) and self._found(made, depth + 1):
                return True
        return False

    def _holds(self, filled: dict[str, str]) -> bool:
        """Whether nothing that is known by now contradicts what is assumed."""

        def put(text: str) -> str:
            return "".join(filled.get(char, char) for char in text)

        return (
            all(_known(put(one), put(two), self._holes) is not True for one, two in self._apart)
            and all(_known(put(one), put(two), self._holes) is not False for one, two in self._same)
            and all(
                any(_known(put(text), value, self._holes) is not False for value in values)
                for text, values in self._members
            )
        )


def _atom(one: str, two: str, holes: Holes) -> Atom:
    """Two texts in order, without what they both begin and end with."""
    first = _shared(one, two)
    one, two = one[first:], two[first:]
    last = _shared(one[::-1], two[::-1])
    one, two = one[: len(one) - last], two[: len(two) - last]
    return (one, two) if (one in holes, one) > (two in holes, two) else (two, one)


def _shared(one: str, two: str) -> int:
    """How many characters two texts both begin with."""
    most = min(len(one), len(two))
    return next((at for at in range(most) if one[at] != two[at]), most)


def _known(one: str, two: str, holes: Holes) -> bool | None:
    """Whether two texts are equal, whatever fills their holes; None when that depends."""
    if one == two:
        return True
    if not any(char in holes for char in one + two):
        return False
    for text, other in ((one, two), (two, one)):
        values = holes[text].values if is_hole(text) and text in holes else ()
        if values and all(_known(value, other, holes) is False for value in values):
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
