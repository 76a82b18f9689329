"""Draws HCL: the shape of a syntax tree, and a text that it can be read from."""

from __future__ import annotations

from collections.abc import Callable
from random import Random
from typing import Any

from hypothesis import strategies as st

from iamlint.source import Problem, Source
from iamlint.syntax.hcl import parse, parse_expression
from iamlint.syntax.hcl.bodies import Attribute, Block, Body
from iamlint.syntax.hcl.expressions import (
    Access,
    Call,
    Conditional,
    For,
    Get,
    Index,
    Item,
    Literal,
    Number,
    Object,
    Operation,
    Parens,
    Splat,
    Tuple,
    Unary,
    Unreadable,
    Variable,
)
from iamlint.syntax.hcl.node import Expression, Head, Node
from iamlint.syntax.hcl.templates import Choice, Interpolation, Loop, Template, Text

Shape = Any  # nested tuples and texts
Drawn = tuple[Shape, str]

NAMES = ("a", "b-c", "_d", "for_each", "é", "In", "trueish", "x1")
NUMBERS = ("0", "7", "007", "1.5", "1e3", "2.50E-3", "12345678901234567890")
LEVELS = (("||",), ("&&",), ("==", "!="), ("<", ">", "<=", ">="), ("+", "-"), ("*", "/", "%"))
BLANKS = ("", "", " ", "  ", "\t", "/* c */", " /* \n */ ")
FREE_BLANKS = (*BLANKS, "\n", "\r\n", " # c ] } \n", '// "\n', "\n\n  ")
ENDS = ("\n", "\r\n", " # c\n", "\n\n", "// c\n\n", "\n# c\n")
LETTERS = "ab ${}%~\"\\'\t\u00e9\u4e2d\U0001f680#/*:<"
EMPTY: Drawn = (("body", ()), "")
ESCAPES = {"\n": "\\n", "\r": "\\r", "\t": "\\t", '"': '\\"', "\\": "\\\\"}


def read(text: str) -> tuple[Body, list[Problem]]:
    return parse(Source("main.tf", text))


def sound(text: str) -> Body:
    """The body of a text in which nothing is wrong."""
    body, problems = read(text)
    assert problems == []
    return body


def expression(text: str) -> Expression:
    """The expression in a text in which nothing is wrong."""
    made, problems = parse_expression(Source("x.hcl", text))
    assert problems == []
    assert made is not None
    return made


# The shape of a tree that was read


def shape(node: Node | None) -> Shape:
    """Everything that a tree says, without places."""
    return _SHAPES[type(node)](node)


def shapes(nodes: tuple[Node, ...]) -> Shape:
    return tuple(shape(node) for node in nodes)


_SHAPES: dict[type, Callable[[Any], Shape]] = {
    type(None): lambda _: None,
    Body: lambda n: ("body", shapes(n.items)),
    Attribute: lambda n: ("attribute", n.name, shape(n.value)),
    Block: lambda n: ("block", n.type, tuple(x.text for x in n.labels), shape(n.body)),
    Number: lambda n: ("number", n.text),
    Literal: lambda n: ("literal", n.value),
    Variable: lambda n: ("variable", n.name),
    Parens: lambda n: ("parens", shape(n.inner)),
    Tuple: lambda n: ("tuple", shapes(n.items)),
    Object: lambda n: ("object", shapes(n.items)),
    Item: lambda n: (shape(n.key), shape(n.value)),
    Call: lambda n: ("call", n.name, shapes(n.arguments), n.expand),
    Access: lambda n: ("access", shape(n.base), shapes(n.steps)),
    Get: lambda n: ("get", n.name),
    Index: lambda n: ("index", shape(n.key), n.dotted),
    Splat: lambda n: ("splat", n.full),
    Unary: lambda n: ("unary", n.operator.symbol, shape(n.operand)),
    Operation: lambda n: (
        "operation",
        shapes(n.operands),
        tuple(x.symbol for x in n.operators),
    ),
    Conditional: lambda n: ("if", shape(n.condition), shape(n.then), shape(n.otherwise)),
    Head: lambda n: (n.key and n.key.text, n.value.text, shape(n.collection)),
    For: lambda n: (
        "for",
        shape(n.head),
        shape(n.key),
        shape(n.result),
        shape(n.condition),
        n.group,
    ),
    Unreadable: lambda _: ("unreadable",),
    Template: lambda n: ("template", shapes(n.parts)),
    Text: lambda n: n.text,
    Interpolation: lambda n: ("fill", shape(n.value)),
    Choice: lambda n: ("choice", shape(n.condition), shapes(n.then), shapes(n.otherwise)),
    Loop: lambda n: ("loop", shape(n.head), shapes(n.parts)),
}


# Shapes that are drawn, with their text


class Draw:
    """Draws shapes; `free`: whether line ends are blanks where it stands."""

    def __init__(self, random: Random, size: int) -> None:
        self.random = random
        self.left = size  # nodes; after these only small ones are drawn
        self.free = False

    def one(self, *things: Any) -> Any:
        return self.random.choice(things)

    def many(self, most: int = 3) -> range:
        return range(self.random.randint(0, most) if self.left > 0 else 0)

    def gap(self) -> str:
        return str(self.one(*(FREE_BLANKS if self.free else BLANKS)))

    def space(self) -> str:
        return f" {self.gap()}"

    def inside(self, free: bool, draw: Callable[[], Any]) -> Any:
        """What is drawn where line ends mean something else."""
        outer, self.free = self.free, free
        drawn = draw()
        self.free = outer
        return drawn

    def body(self, depth: int = 0) -> Drawn:
        names = self.random.sample(NAMES, len(self.many(4)))
        drawn = [
            self.block(name, depth) if self.random.random() < 0.3 else self.attribute(name)
            for name in names
        ]
        text = "".join(self.one("", "  ", "\t", "# c\n") + text for _, text in drawn)
        return ("body", tuple(made for made, _ in drawn)), text

    def attribute(self, name: str) -> Drawn:
        value, text = self.heredoc() if self.random.random() < 0.15 else self.expression()
        end = "\n" if value[0] == "template" and text.startswith("<<") else self.one(*ENDS)
        return ("attribute", name, value), f"{name}{self.gap()}={self.gap()}{text}{end}"

    def block(self, name: str, depth: int) -> Drawn:
        labels = [self.label() for _ in self.many()]
        header = name + "".join(f" {text}" for _, text in labels) + " {"
        if self.random.random() < 0.3:
            value, text = self.expression()
            made: Shape = ("body", (("attribute", "only", value),))
            inner = f" only = {text} "
        else:
            made, inner = self.body(depth + 1) if depth < 3 else EMPTY
            inner = self.one("\n", " # c\n", "\r\n") + inner if inner else self.one("", " ", "\n")
        return ("block", name, tuple(x for x, _ in labels), made), f"{header}{inner}}}\n"

    def label(self) -> Drawn:
        name = self.one(*NAMES)
        if self.random.random() < 0.4:
            return name, name
        text = self.letters()
        return text, f'"{self.quoted(text, closed=True)}"'

    def expression(self) -> Drawn:
        self.left -= 1
        drawn = self.operation(0)
        if self.left > 0 and self.random.random() < 0.1:
            then, otherwise = self.expression(), self.expression()
            made = ("if", drawn[0], then[0], otherwise[0])
            texts = (drawn[1], "?", then[1], ":", otherwise[1])
            return made, self.space().join(texts)
        return drawn

    def operation(self, rank: int) -> Drawn:
        if rank == len(LEVELS):
            return self.operand()
        operands = [self.operation(rank + 1)]
        operators: list[str] = []
        text = operands[0][1]
        while self.left > 0 and self.random.random() < 0.08:
            operands.append(self.operation(rank + 1))
            operators.append(self.one(*LEVELS[rank]))
            text += f"{self.space()}{operators[-1]}{self.space()}{operands[-1][1]}"
        if not operators:
            return operands[0]
        return ("operation", tuple(made for made, _ in operands), tuple(operators)), text

    def operand(self) -> Drawn:
        if self.left > 0 and self.random.random() < 0.08:
            made, text = self.operand()
            sign = self.one("-", "!")
            return ("unary", sign, made), f"{sign}{self.space()}{text}"
        base, text = self.atom()
        steps: list[Shape] = []
        dotted_splat = dotted_index = False
        while base[0] != "number" and self.left > 0 and self.random.random() < 0.3:
            step, written = self.step(dotted_splat, dotted_index)
            steps.append(step)
            text += self.gap() + written
            dotted_splat = written[0] == "." and (dotted_splat or step[0] == "splat")
            dotted_index = step[0] == "index" and step[2]
        return (("access", base, tuple(steps)) if steps else base), text

    def step(self, dotted_splat: bool, dotted_index: bool) -> Drawn:
        kind = self.random.randint(0, 4)
        if kind == 0 and not dotted_splat:
            return ("splat", False), f".{self.gap()}*"
        if kind == 1 and not dotted_index:
            return ("index", ("number", "3"), True), ".3"
        if kind == 2:
            return ("splat", True), f"[{self.gap()}*{self.gap()}]"
        if kind == 3:
            made, text = self.inside(True, self.padded)
            return ("index", made, False), f"[{text}]"
        name = self.one(*NAMES)
        return ("get", name), f".{self.gap()}{name}"

    def padded(self) -> Drawn:
        before, (made, text) = self.gap(), self.expression()
        return made, f"{before}{text}{self.gap()}"

    def atom(self) -> Drawn:
        small = (self.number, self.literal, self.variable, self.string)
        large = (self.list, self.object, self.call, self.parens, self.for_)
        drawn: Drawn = self.one(*small, *(large if self.left > 0 else ()))()
        return drawn

    def number(self) -> Drawn:
        text = self.one(*NUMBERS)
        return ("number", text), text

    def literal(self) -> Drawn:
        text = self.one("true", "false", "null")
        return ("literal", {"true": True, "false": False, "null": None}[text]), text

    def variable(self) -> Drawn:
        name = self.one(*NAMES)
        return ("variable", name), name

    def parens(self) -> Drawn:
        made, text = self.inside(True, self.padded)
        return ("parens", made), f"({text})"

    def listed(self) -> tuple[tuple[Shape, ...], str]:
        """What stands between brackets, between commas."""
        drawn = [self.padded() for _ in self.many()]
        return tuple(made for made, _ in drawn), ",".join(text for _, text in drawn)

    def comma(self, items: tuple[Shape, ...]) -> str:
        return self.one("", f",{self.gap()}") if items else ""

    def list(self) -> Drawn:
        items, text = self.inside(True, self.listed)
        return ("tuple", items), f"[{text}{self.inside(True, lambda: self.comma(items))}]"

    def call(self) -> Drawn:
        name = self.one("f", "core::f", "provider::x::f")
        arguments, text = self.inside(True, self.listed)
        expand = bool(arguments) and self.random.random() < 0.3
        text += "..." if expand else self.inside(True, lambda: self.comma(arguments))
        return ("call", name, arguments, expand), f"{name}{self.one('', ' ')}({text})"

    def object(self) -> Drawn:
        items: list[Shape] = []
        text = self.inside(True, self.gap)
        for _ in self.many():
            key, written = self.key()
            value, inner = self.inside(False, self.expression)
            items.append((key, value))
            sign = self.one("=", ":")
            end = self.one(",", "\n", ",\n", " # c\n", "\r\n", ",\n\n")
            text += f"{written} {sign} {inner}{end}{self.one('', ' ')}"
        return ("object", tuple(items)), f"{{{text}}}"

    def key(self) -> Drawn:
        made = self.inside(False, self.one(self.variable, self.string, self.parens, self.literal))
        drawn: Drawn = made
        return drawn

    def for_(self) -> Drawn:
        return self.inside(True, self.for_inside)  # type: ignore[no-any-return]

    def for_inside(self) -> Drawn:
        keyed, group = self.random.random() < 0.5, False
        head, start = self.head()
        key, result = (self.expression() if keyed else (None, "")), self.expression()
        arrow = f"{key[1]}{self.space()}=>{self.space()}" if keyed else ""
        text = f"{self.gap()}{start}{self.space()}:{self.space()}{arrow}{result[1]}"
        if keyed and self.random.random() < 0.3:
            group, text = True, f"{text}{self.space()}..."
        condition: Drawn = self.expression() if self.random.random() < 0.3 else (None, "")
        if condition[0]:
            text += f"{self.space()}if{self.space()}{condition[1]}"
        made = ("for", head, key[0], result[0], condition[0], group)
        return made, f"{{{text}{self.gap()}}}" if keyed else f"[{text}{self.gap()}]"

    def head(self) -> Drawn:
        key, value = self.one(None, *NAMES), self.one(*NAMES)
        collection, text = self.expression()
        names = f"{key}{self.gap()},{self.gap()}{value}" if key else value
        made = (key, value, collection)
        return made, f"for{self.space()}{names}{self.space()}in{self.space()}{text}"

    # Templates

    def letters(self) -> str:
        return "".join(self.one(*LETTERS, "\n") for _ in range(self.random.randint(1, 6)))

    def string(self) -> Drawn:
        parts, text = self.parts(quoted=True)
        return ("template", parts), f'"{text}"'

    def heredoc(self) -> Drawn:
        parts, text = self.parts(quoted=False)
        end = self.one("", " ", "\t")
        last = parts[-1] if parts else ""
        last = last if isinstance(last, str) else None
        made = (*parts[:-1], last + "\n") if last is not None else (*parts, "\n")
        return ("template", made), f"<<EOT\n{text}\n{end}EOT{end}"

    def parts(self, quoted: bool, depth: int = 0) -> tuple[tuple[Shape, ...], str]:
        made: list[Shape] = []
        text = ""
        count = self.random.randint(0, 3) if self.left > 0 else self.random.randint(0, 1)
        for _ in range(count):
            literal = self.random.random() < 0.5 and not (made and isinstance(made[-1], str))
            if literal or self.left <= 0:
                if made and isinstance(made[-1], str):
                    continue
                part: Shape = self.letters()
                written = self.quoted(part) if quoted else self.bare(part)
                part = part if quoted else _unbare(written)
            else:
                part, written = self.inside(True, lambda: self.sequence(quoted, depth))
            made.append(part)
            text += written
        return tuple(made), text

    def sequence(self, quoted: bool, depth: int) -> Drawn:
        if depth > 1 or self.random.random() < 0.6:
            value, text = self.padded()
            return ("fill", value), f"${{{text}}}"
        if self.random.random() < 0.5:
            head, start = self.head()
            parts, text = self.parts(quoted, depth + 1)
            return ("loop", head, parts), f"%{{ {start} }}{text}%{{ endfor }}"
        condition, written = self.padded()
        then, first = self.parts(quoted, depth + 1)
        otherwise, second = self.parts(quoted, depth + 1)
        middle = f"%{{{self.gap()}else }}{second}" if otherwise else ""
        made = ("choice", condition, then, otherwise)
        return made, f"%{{if {written}}}{first}{middle}%{{ endif{self.gap()}}}"

    def quoted(self, text: str, closed: bool = False) -> str:
        """A text as it is written between quotes; unless `closed`, braces may follow it."""
        written = ""
        for letter in text:
            if letter in ESCAPES and (letter != "\t" or self.random.random() < 0.5):
                written += ESCAPES[letter]
            elif letter == "é" and self.random.random() < 0.5:
                written += "\\u00e9"
            elif letter == "\U0001f680" and self.random.random() < 0.5:
                written += "\\U0001F680"
            else:
                written += letter
        written = written.replace("${", "$${").replace("%{", "%%{")
        if not closed and written[-1] in "$%":
            written = f"{written[:-1]}\\u00{ord(written[-1]):02x}"
        return written

    def bare(self, text: str) -> str:
        """A text as it is written in a heredoc, where nothing else is an escape."""
        text = text.replace("${", "$${").replace("%{", "%%{")
        return text + "." if text[-1] in "$%" else text


def _unbare(text: str) -> str:
    return text.replace("$${", "${").replace("%%{", "%{")


def bodies(size: int = 40) -> st.SearchStrategy[Drawn]:
    """Whole files, with the shapes they must have."""
    seeds = st.integers(0, 2**32)
    return seeds.map(lambda seed: Draw(Random(seed), size).body())
