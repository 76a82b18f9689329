"""The nodes of expressions other than templates; nothing in them is evaluated."""

from __future__ import annotations

from collections.abc import Iterator

from iamlint.source import Source, Span
from iamlint.syntax.hcl.node import Expression, Head, Name, Node
from iamlint.syntax.hcl.templates import Template


class Number(Expression):
    """A number of any length and precision, as text."""

    __slots__ = ()

    @property
    def text(self) -> str:
        return self.source.text[self.start : self.end]


class Literal(Expression):
    """`true`, `false` or `null`."""

    __slots__ = ("value",)

    def __init__(self, source: Source, start: int, end: int, value: bool | None) -> None:
        super().__init__(source, start, end)
        self.value = value


class Variable(Expression):
    """A name that stands for a value."""

    __slots__ = ("name",)

    def __init__(self, source: Source, start: int, end: int, name: str) -> None:
        self.source = source
        self.start = start
        self.end = end
        self.name = name


class Parens(Expression):
    """`(inner)`: kept, for an object's key in parentheses is not a literal name."""

    __slots__ = ("inner",)
    holds = ("inner",)

    def __init__(self, source: Source, start: int, end: int, inner: Expression) -> None:
        super().__init__(source, start, end)
        self.inner = inner


class Tuple(Expression):
    """`[item, item]`."""

    __slots__ = ("items",)
    holds = ("items",)

    def __init__(self, source: Source, start: int, end: int, items: tuple[Expression, ...]) -> None:
        self.source = source
        self.start = start
        self.end = end
        self.items = items


class Object(Expression):
    """`{ key = value }`, duplicates kept."""

    __slots__ = ("items",)
    holds = ("items",)

    def __init__(self, source: Source, start: int, end: int, items: tuple[Item, ...]) -> None:
        self.source = source
        self.start = start
        self.end = end
        self.items = items


class Item(Node):
    """`key = value` or `key : value`, in an object."""

    __slots__ = ("key", "value")
    holds = ("key", "value")

    def __init__(
        self, source: Source, start: int, end: int, key: Expression, value: Expression
    ) -> None:
        self.source = source
        self.start = start
        self.end = end
        self.key = key
        self.value = value

    @property
    def name(self) -> str | None:
        """The key where it is one as written: a bare word or a string with nothing to fill in."""
        key = self.key
        if isinstance(key, Variable):
            return key.name
        if isinstance(key, Literal):
            return key.source.text[key.start : key.end]
        return key.literal if isinstance(key, Template) else None


class Call(Expression):
    """`name(argument, argument...)`; a name in a namespace is written with `::`, without blanks.

    `expand`: the last argument ends with `...`, its elements are the arguments.
    """

    __slots__ = ("arguments", "expand", "name", "name_end")
    holds = ("arguments",)

    def __init__(
        self,
        source: Source,
        start: int,
        end: int,
        name: Name,
        arguments: tuple[Expression, ...],
        expand: bool,
    ) -> None:
        self.source = source
        self.start = start
        self.end = end
        self.name = name.text
        self.name_end = name.end
        self.arguments = arguments
        self.expand = expand

    @property
    def name_span(self) -> Span:
        return Span(self.source, self.start, self.name_end)


class Access(Expression):
    """`base.name[key].0.*[*]`: steps into a value, one after the other.

    The steps after `[*]` are taken in each element of what is there; so are, after `.*`, the
    steps with a dot up to the next one with a bracket.
    """

    __slots__ = ("base", "steps")
    holds = ("base", "steps")

    def __init__(
        self,
        source: Source,
        start: int,
        end: int,
        base: Expression,
        steps: tuple[Step, ...],
    ) -> None:
        self.source = source
        self.start = start
        self.end = end
        self.base = base
        self.steps = steps


class Get(Node):
    """`.name`, in an Access."""

    __slots__ = ("name",)

    def __init__(self, source: Source, start: int, end: int, name: str) -> None:
        self.source = source
        self.start = start
        self.end = end
        self.name = name


class Index(Node):
    """`[key]`, or `.0` with a number as the key, in an Access."""

    __slots__ = ("key",)
    holds = ("key",)

    def __init__(self, source: Source, start: int, end: int, key: Expression) -> None:
        super().__init__(source, start, end)
        self.key = key

    @property
    def dotted(self) -> bool:
        return self.source.text[self.start] == "."


class Splat(Node):
    """`[*]` when `full`, else `.*`, in an Access."""

    __slots__ = ("full",)

    def __init__(self, source: Source, start: int, end: int, full: bool) -> None:
        super().__init__(source, start, end)
        self.full = full


Step = Get | Index | Splat


class Operator(Node):
    """A sign between or before operands."""

    __slots__ = ()

    @property
    def symbol(self) -> str:
        return self.source.text[self.start : self.end]


class Unary(Expression):
    """`-operand` or `!operand`."""

    __slots__ = ("operand", "operator")
    holds = ("operator", "operand")

    def __init__(self, operator: Operator, operand: Expression) -> None:
        super().__init__(operator.source, operator.start, operand.end)
        self.operator = operator
        self.operand = operand


class Operation(Expression):
    """Operands with one operator between each two, all of one precedence, done left to right."""

    __slots__ = ("operands", "operators")

    def __init__(self, operands: tuple[Expression, ...], operators: tuple[Operator, ...]) -> None:
        super().__init__(operands[0].source, operands[0].start, operands[-1].end)
        self.operands = operands
        self.operators = operators

    def children(self) -> Iterator[Node]:
        yield self.operands[0]
        for operator, operand in zip(self.operators, self.operands[1:], strict=True):
            yield operator
            yield operand


class Conditional(Expression):
    """`condition ? then : otherwise`."""

    __slots__ = ("condition", "otherwise", "then")
    holds = ("condition", "then", "otherwise")

    def __init__(self, condition: Expression, then: Expression, otherwise: Expression) -> None:
        super().__init__(condition.source, condition.start, otherwise.end)
        self.condition = condition
        self.then = then
        self.otherwise = otherwise


class For(Expression):
    """`[for … : result if condition]`, or with a `key` `{for … : key => result... if condition}`.

    `group`: results of equal keys are collected (`...`).
    """

    __slots__ = ("condition", "group", "head", "key", "result")
    holds = ("head", "key", "result", "condition")

    def __init__(
        self,
        start: int,
        end: int,
        head: Head,
        key: Expression | None,
        result: Expression,
        condition: Expression | None,
        group: bool,
    ) -> None:
        super().__init__(head.source, start, end)
        self.head = head
        self.key = key
        self.result = result
        self.group = group
        self.condition = condition


class Unreadable(Expression):
    """Where a value is due and none could be read; the fault is among the problems."""

    __slots__ = ()
