"""The sections of a template as they are written, whatever they hold."""

from __future__ import annotations

from iamlint.formats.cloudformation.faults import Fault, Faults
from iamlint.syntax.value import Member, Value
from iamlint.syntax.yaml_values import tag_of

KINDS = {
    "object": "an object",
    "array": "a list",
    "string": "text",
    "number": "a number",
    "boolean": "`true` or `false`",
    "null": "nothing",
    "bad": "unreadable",
}
SECTIONS = ("Parameters", "Mappings", "Conditions", "Resources", "Outputs", "Globals")


class Template:
    """One template; a section that is of a wrong kind is told and counts as empty."""

    __slots__ = ("conditions", "globals", "is_open", "mappings", "outputs", "parameters", "value")

    def __init__(self, value: Value, faults: Faults, *, is_open: bool) -> None:
        self.value = value
        self.parameters = by_name(_section(value, "Parameters", faults))
        self.mappings = by_name(_section(value, "Mappings", faults))
        self.conditions = by_name(_section(value, "Conditions", faults))
        self.outputs = by_name(_section(value, "Outputs", faults))
        self.globals = value.get("Globals")
        # A macro, such as that of SAM, may add parameters and resources of any name; so may the
        # tool in whose file the template stands.
        self.is_open = is_open or value.get("Transform") is not None or _includes(value)

    def resources(self, faults: Faults) -> tuple[Member, ...]:
        """The resources as written: those of a loop are one member."""
        return _section(self.value, "Resources", faults)


def by_name(members: tuple[Member, ...]) -> dict[str, Value]:
    """Members by key; of duplicates the last."""
    return {member.key.data: member.value for member in members}


def text_of(value: Value | None) -> str:
    """The text of a plain string; empty for anything else."""
    return str(value.data) if value is not None and value.kind == "string" else ""


def number_or_text(value: Value) -> str | None:
    """The text of a scalar as CloudFormation takes it: `true` and `12` are texts, too."""
    if value.kind == "string":
        return str(value.data)
    if value.kind == "boolean":
        return "true" if value.data else "false"
    return value.span.text if value.kind == "number" else None


def _includes(value: Value) -> bool:
    """Whether a section takes in what stands in another file."""
    sections = (value.get(name) for name in SECTIONS)
    return any(each is not None and each.get("Fn::Transform") is not None for each in sections)


def _section(value: Value, name: str, faults: Faults) -> tuple[Member, ...]:
    section = value.get(name)
    if section is None or section.kind == "null":
        return ()
    if section.kind == "object" and not tag_of(section):
        return section.members
    message = f"`{name}` is {KINDS[section.kind]}, not an object, so it was not read"
    faults.tell(Fault(message, section.span, f"write `{name}` as an object of names"))
    return ()
