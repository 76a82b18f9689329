"""What all evaluations of one template share: its parts, the holes, and what may be spent."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from iamlint.formats.cloudformation.parameters import Parameter, parameter
from iamlint.formats.cloudformation.template import Template
from iamlint.formats.faults import Fault, Faults, TooMuch, one_of, quoted
from iamlint.source import Source, Span
from iamlint.syntax.holes import Hole, Table
from iamlint.syntax.value import Value
from iamlint.typed import Any

_STEPS_A_ROLE = 200_000
_STEPS = 1_000_000
LONGEST_TEXT = 200_000  # code points of one text that is put together
_MOST_STATES = 64  # of which what was found out is kept

ATTACHED = ("AWS::IAM::Policy", "AWS::IAM::RolePolicy", "AWS::IAM::ManagedPolicy")

# The outputs of a nested stack, by its logical id and their names; None: it is not known.
Outputs = Callable[[str, str], "str | None"]


class Asked(dict[str, Value]):
    """Resources by logical id, with a note of those that were asked for."""

    def __init__(self) -> None:
        super().__init__()
        self.names: set[str] = set()

    def get(self, name: str, default: Value | None = None) -> Value | None:  # type: ignore[override]
        self.names.add(name)
        return super().get(name, default)

    def __getitem__(self, name: str) -> Value:
        self.names.add(name)
        return super().__getitem__(name)

    def __contains__(self, name: object) -> bool:
        self.names.add(str(name))
        return super().__contains__(name)


class World:
    """One template, the values it is given, and what was found out about it."""

    def __init__(
        self, value: Value, source: Source, bindings: Mapping[str, Value], table: Table, scope: str
    ) -> None:
        self.source = source
        self.faults = Faults(source)
        self.template = Template(value, self.faults, is_open=_is_inner(value, source))
        self.bindings = bindings
        self.table = table
        self.scope = scope  # goes before the names of holes: a nested stack has names of its own
        self.resources = Asked()  # once they are known
        self.outputs: Outputs = lambda _stack, _name: None
        self.tame: set[str] = set()  # holes that are one name without any separator
        self._parameters: dict[str, Parameter] = {}
        self._found: dict[object, dict[Any, Any]] = {}
        self._left = _STEPS
        self._left_here = _STEPS_A_ROLE
        self.here = value.span  # the role that is looked at

    def parameter(self, name: str) -> Parameter | None:
        """What is known of a declared parameter."""
        found = self._parameters.get(name)
        if found is None and (declared := self.template.parameters.get(name)) is not None:
            bound = self.bindings.get(name)
            found = self._parameters[name] = parameter(name, declared, bound)
            if bound is not None:
                self._check(name, found)
        return found

    def _check(self, name: str, given: Parameter) -> None:
        """Tells of a bound value that the parameter does not take."""
        value, allowed = given.value, given.hole.values
        if not allowed or value is None or value.kind != "string" or self.has_holes(value.data):
            return
        if value.data not in allowed:
            message = f"{quoted(value.data)} is no value of the parameter {quoted(name)}"
            fault = Fault(message, value.span, f"it takes {one_of(allowed)}", "invalid-parameters")
            self.faults.tell(fault, blocking=False)

    def char(self, hole: Hole) -> str:
        """The character of a hole, whose name is that of this very template."""
        if self.scope and not hole.kind.startswith("own-"):
            hole = hole._replace(name=self.scope + hole.name)
        return self.kin(hole)

    def kin(self, hole: Hole) -> str:
        """The character of a hole that is named after other holes."""
        try:
            return self.table.char(hole)
        except OverflowError:
            raise TooMuch("the template has too many unknown values", self.here) from None

    def hole(self, hole: Hole, span: Span) -> Value:
        """A value that cannot be known, where it is used."""
        return Value("string", self.char(hole), span)

    def memo(self, state: object) -> dict[Any, Any]:
        """What was found out in one state."""
        found = self._found.get(state)
        if found is None:
            if len(self._found) >= _MOST_STATES:
                del self._found[next(iter(self._found))]
            found = self._found[state] = {}
        return found

    def start(self, here: Span) -> None:
        """Begins with another role, which may spend as much as any."""
        self.here = here
        self._left_here = _STEPS_A_ROLE

    def spend(self, steps: int = 1) -> None:
        """Counts work. Raises TooMuch when there was too much of it."""
        self._left_here -= steps
        self._left -= steps
        if self._left_here < 0 or self._left < 0:
            what = "this part of the template" if self._left >= 0 else "the template"
            message = f"{what} takes too long to evaluate; it was not judged from here on"
            help = "look for loops in loops, or for a text that is repeated in itself"
            raise TooMuch(message, self.here, help)

    def skip(self, steps: int) -> bool:
        """Counts work that was done before; False: all of it is too much by now."""
        if steps > self._left:
            return False
        self._left -= steps
        return True

    @property
    def left(self) -> int:
        """What is left for all that the template holds."""
        return self._left

    @property
    def is_spent(self) -> bool:
        return self._left < 0

    def words(self, text: str) -> str:
        """A text with its holes as `${Name}`, as people write them."""
        holes = self.table.holes
        if not holes:
            return text
        return "".join(f"${{{holes[char].name}}}" if char in holes else char for char in text)

    def label(self, text: str) -> str:
        """The name of a hole, or a text with holes, as a part of another name."""
        hole = self.table.holes.get(text)
        return f'"{self.words(text)}"' if hole is None else hole.name

    def has_holes(self, text: str) -> bool:
        """Whether a part of a text cannot be known."""
        holes = self.table.holes
        return bool(holes) and any(char in holes for char in text)


def _is_inner(value: Value, source: Source) -> bool:
    """Whether a template is a part of a file: other tools keep theirs in files of their own."""
    text, span = source.text, value.span
    return span.source is source and bool(text[: span.start].strip() or text[span.end :].strip())
