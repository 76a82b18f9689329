"""Reads expressions, by the precedence of HCL's operators."""

from __future__ import annotations

import re

from iamlint.syntax.hcl.expressions import (
    Access,
    Call,
    Conditional,
    For,
    Item,
    Literal,
    Object,
    Operation,
    Operator,
    Parens,
    Tuple,
    Unary,
    Variable,
)
from iamlint.syntax.hcl.node import Expression, Name
from iamlint.syntax.hcl.step_reader import Steps
from iamlint.syntax.hcl.templates import Template, Text
from iamlint.syntax.hcl.tokens import (
    CLOSER_AFTER_DOTS,
    DOTTED,
    FREE,
    ITEM_END,
    KEY,
    LINE,
    MARK,
    NAME,
    NEXT,
    STRING,
    name_end,
)

_RANKS = {"?": 0, "||": 1, "&&": 2, "==": 3, "!=": 3, "<": 4, ">": 4, "<=": 4, ">=": 4}
_RANKS |= {"+": 5, "-": 5, "*": 6, "/": 6, "%": 6}
_LITERALS: dict[str, bool | None] = {"true": True, "false": False, "null": None}

_VALUE = "where a value is due"
_FORMS = {
    "]": "it is `[for value in collection : result if condition]`",
    "}": "it is `{for key, value in collection : key => result if condition}`",
}
_ITEM = "an item is written `key = value`, on a line of its own or before a `,`"
_ON_ITS_LINE = "it is to begin on this line; between brackets it may stand on the next one"


class Expressions(Steps):
    """A cursor that reads expressions."""

    def expression(self) -> Expression:
        """The expression at the cursor; raises Fault."""
        first = self._operand()
        return first if self.next is None else self._operation(first)

    def _operation(self, operand: Expression) -> Expression:
        levels: list[_Level] = []  # from the weakest operator to the strongest
        while (found := self.next) and (rank := _RANKS[found[1]]):
            while levels and levels[-1].rank > rank:
                operand = levels.pop().closed(operand)
            if not levels or levels[-1].rank < rank:
                levels.append(_Level(rank))
            levels[-1].operands.append(operand)
            levels[-1].operators.append(Operator(self.source, *found.span(1)))
            self.at = found.end()
            operand = self._operand()
        while levels:
            operand = levels.pop().closed(operand)
        return self._conditional(operand, found) if found else operand

    def _conditional(self, condition: Expression, mark: re.Match[str]) -> Conditional:
        self.deeper(mark.start(1))
        self.at = mark.end()
        then = self.expression()
        self.expect(":", "where `:` is due", "it is `condition ? then : otherwise`")
        made = Conditional(condition, then, self.expression())
        self.depth -= 1
        return made

    def _operand(self) -> Expression:
        found = self.mode.term(self.text, self.at)
        if found is None:
            made = self._odd_term()
        else:
            kind = found.lastindex
            if kind == STRING:
                made = self._plain(*found.span(STRING))
            elif kind == DOTTED:
                made = self._named(found)
            elif kind == MARK:
                made = self._marked(found.start(MARK), found[MARK])
                if type(made) is Unary:
                    return made  # `next` is known
            else:
                made = self.number(found)
        if self.text[self.at : self.at + 1] in self.mode.ends:
            self.next = None
            return made
        self.next = found = self.mode.follow(self.text, self.at)
        return self.stepped(made) if found and found[1] in (".", "[") else made

    def _plain(self, start: int, end: int) -> Template:
        """A string with nothing to decode in it."""
        self.at = end
        source, inner = self.source, (start + 1, end - 1)
        text = self.text[start + 1 : end - 1]
        parts = (Text(source, (inner,), True, text),) if text else ()
        return Template(source, start, end, parts)

    def _named(self, found: re.Match[str]) -> Expression:
        """A variable and the `.name`s after it, a literal word, or a call."""
        start, end = found.span(NAME)
        self.at = found.end()
        if self.at == end:
            return self._word(start, end)
        steps = self.gets(end, found[DOTTED])
        base = self._leaf(start, end)
        return Access(self.source, start, self.at, base, steps)

    def _word(self, start: int, end: int) -> Expression:
        """A name that stands alone, or begins a call."""
        self.at = end
        words = [self.text[start:end]]
        while self.take("::"):
            part = self.name("where the name of a function is due")
            words.append(part.text)
            end = part.end
        if self.take("("):
            return self._call(Name(self.source, start, end, "::".join(words)), self.at - 1)
        if len(words) > 1:
            raise self.misplaced("where `(` is due", "a name with `::` is that of a function")
        self.at = end
        return self._leaf(start, end)

    def _leaf(self, start: int, end: int) -> Expression:
        name = self.text[start:end]
        if name in _LITERALS:
            return Literal(self.source, start, end, _LITERALS[name])
        return Variable(self.source, start, end, name)

    def _odd_term(self) -> Expression:
        """What no pattern knows: a name with letters beyond ASCII, or a fault."""
        at = self.gap(self.mode)
        end = name_end(self.text, at)
        if end > at:
            return self._word(at, end)
        line_ends = self.text.startswith(("\n", "\r\n", "#", "//"), at)
        raise self.misplaced(_VALUE, _ON_ITS_LINE if line_ends else None)

    # What begins with a mark

    def _marked(self, start: int, mark: str) -> Expression:
        self.at = start + 1
        if mark == '"':
            return self.quoted(start)
        if mark == "<<":
            return self.heredoc(start)
        self.deeper(start)
        made = _MARKED[mark](self, start)
        self.depth -= 1
        return made

    def _unary(self, start: int) -> Unary:
        return Unary(Operator(self.source, start, start + 1), self._operand())

    def _parens(self, start: int) -> Parens:
        outer, self.mode = self.mode, FREE
        inner = self.expression()
        if not self.take(")"):
            raise self.unclosed(start, "`)`")
        self.mode = outer
        return Parens(self.source, start, self.at, inner)

    def _call(self, name: Name, start: int) -> Call:
        self.deeper(start)
        arguments, expand = self._list(start, ")")
        self.depth -= 1
        return Call(self.source, name.start, self.at, name, arguments, expand)

    def _tuple(self, start: int) -> Expression:
        if self.take_word("for", FREE):
            return self._for(start, "]")
        items, _ = self._list(start, "]")
        return Tuple(self.source, start, self.at, items)

    def _list(self, start: int, closer: str) -> tuple[tuple[Expression, ...], bool]:
        """What stands in the brackets opened at `start`, and whether it ends with `...`."""
        outer, self.mode = self.mode, FREE
        self.at = start + 1
        items: list[Expression] = []
        kind: int | None = None
        if not self.take(closer):
            while kind is None:
                items.append(self.expression())
                found = NEXT(self.text, self.at)
                kind = found.lastindex if found else None
                if found is None or (kind and found[kind] != closer):
                    raise self.unclosed(start, f"`,` or `{closer}`")
                self.at = found.end()
        self.mode = outer
        return tuple(items), kind == CLOSER_AFTER_DOTS

    def _object(self, start: int) -> Expression:
        if self.take_word("for", FREE):
            return self._for(start, "}")
        outer, self.mode = self.mode, LINE
        items: list[Item] = []
        while key := self._key(start):
            value = self.expression()
            items.append(Item(self.source, key.start, value.end, key, value))
            found = ITEM_END(self.text, self.at)
            if found is None:
                raise self.unclosed(start, "a line break, `,` or `}`")
            self.at = found.end()
            if found.lastindex == 2:
                break
        self.mode = outer
        return Object(self.source, start, self.at, tuple(items))

    def _key(self, start: int) -> Expression | None:
        """The next key of the object at `start`, and past its `=`; None past the end of it."""
        if found := KEY(self.text, self.at):
            self.at = found.end()
            if found.lastindex == 1:
                return self._leaf(*found.span(1))
            key: Expression = self._plain(*found.span(2))
            self.at = found.end()
            return key
        if self.take("}", FREE):
            return None
        self.at = self.gap(FREE)
        if self.at == len(self.text):
            raise self.unclosed(start, "`}`")
        key = self.expression()
        if not self.take("="):
            self.expect(":", "where `=` is due", _ITEM)
        return key

    def _for(self, start: int, closer: str) -> For:
        """The `for` just passed over, in the brackets opened at `start`."""
        outer, self.mode = self.mode, FREE
        form = _FORMS[closer]
        head = self.head(self.at - len("for"))
        self.expect(":", "where `:` is due", form)
        key, result, group = None, self.expression(), False
        if closer == "}":
            self.expect("=>", "where `=>` is due", form)
            key, result = result, self.expression()
            group = self.take("...")
        condition = self.expression() if self.take_word("if") else None
        if not self.take(closer):
            raise self.unclosed(start, f"`{closer}`")
        self.mode = outer
        return For(start, self.at, head, key, result, condition, group)


class _Level:
    """Operands that wait, and after each its operator, all of one rank."""

    __slots__ = ("operands", "operators", "rank")

    def __init__(self, rank: int) -> None:
        self.rank = rank
        self.operands: list[Expression] = []
        self.operators: list[Operator] = []

    def closed(self, last: Expression) -> Operation:
        return Operation((*self.operands, last), tuple(self.operators))


_MARKED = {
    "(": Expressions._parens,
    "[": Expressions._tuple,
    "{": Expressions._object,
    "-": Expressions._unary,
    "!": Expressions._unary,
}
