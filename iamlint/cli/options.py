"""Names the options of `check`, once for all, and reads plain command lines without click."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from iamlint.findings import SEVERITIES
from iamlint.reporters import FORMATS
from iamlint.typed import NamedTuple

COLOURS = ("auto", "always", "never")


class Option(NamedTuple):
    """One option; its name without dashes is its name everywhere."""

    name: str
    help: str
    metavar: str = ""  # empty: a switch
    choices: tuple[str, ...] = ()
    commas: bool = False  # one value may hold several, with commas between them
    setting: bool = True  # what it says could stand in a configuration, or tells which one

    @property
    def flag(self) -> str:
        return f"--{self.name}"


class Asked(NamedTuple):
    """A command line, taken apart but not judged: values by option, in the order given."""

    paths: tuple[str, ...]
    values: dict[str, tuple[str, ...]]
    switches: frozenset[str]

    def last(self, name: str) -> str | None:
        values = self.values.get(name)
        return values[-1] if values else None

    def all(self, name: str) -> tuple[str, ...]:
        """Every value of an option, without repeats."""
        values = self.values.get(name, ())
        if _BY_NAME[name].commas:
            values = tuple(part.strip() for value in values for part in value.split(","))
        return tuple(dict.fromkeys(value for value in values if value))


OPTIONS = (
    Option(
        "format",
        "How to write the report; text is the default. May be repeated, with an --output each.",
        "FORMAT",
        tuple(FORMATS),
        setting=False,
    ),
    Option(
        "output",
        "Write the report to a file, all or nothing; `-` is standard output.",
        "FILE",
        setting=False,
    ),
    Option(
        "category",
        "What GitHub keeps a SARIF report apart by from others of iamlint; default iamlint.",
        "NAME",
        setting=False,
    ),
    Option(
        "with-ignored",
        "Let SARIF reports hold what was ignored, and why; GitHub shows that as open.",
        setting=False,
    ),
    Option("level", "The lowest severity to show; default low.", "SEVERITY", SEVERITIES),
    Option(
        "fail-on",
        "The lowest severity that ends with status 1; default low.",
        "SEVERITY",
        SEVERITIES,
    ),
    Option("fail-on-possible", "Let possible findings end with status 1, too."),
    Option("select", "Only these rules.", "RULE[,RULE]", commas=True),
    Option("ignore", "All but these rules.", "RULE[,RULE]", commas=True),
    Option("rules", "A folder with further rules; may be repeated.", "DIR"),
    Option("exclude", "What not to search, as in a `.gitignore`; may be repeated.", "PATTERN"),
    Option(
        "as-found",
        "Take files as if a search had found them: what holds no role is passed over.",
        setting=False,
    ),
    Option("config", "The configuration; default: the nearest one upwards.", "FILE"),
    Option("no-config", "Leave configurations alone."),
    Option("root", "The folder beyond which nothing is read; default: the repository.", "DIR"),
    Option("account", "An account of your own; may be repeated.", "ID", commas=True),
    Option(
        "organization",
        "An organisation of your own; may be repeated.",
        "o-ID",
        commas=True,
    ),
    Option(
        "trusted-account",
        "An account of others that may enter; may be repeated.",
        "ID",
        commas=True,
    ),
    Option("parameter", "A value for a parameter of templates; may be repeated.", "NAME=VALUE"),
    Option(
        "parameters",
        "A file of values for parameters, as the AWS CLI or CodePipeline takes it.",
        "FILE",
    ),
    Option("var", "A value for a variable of Terraform; may be repeated.", "NAME=VALUE"),
    Option("var-file", "A file of values for variables of Terraform; may be repeated.", "FILE"),
    Option(
        "fix",
        "Make the edits that surely end a finding, and report what is left.",
        setting=False,
    ),
    Option("diff", "Show what --fix would change instead, and change nothing.", setting=False),
    Option(
        "baseline",
        "What was found before, as `iamlint baseline` wrote it: tell what is new.",
        "FILE",
        setting=False,
    ),
    Option(
        "since",
        "A revision of git: tell what is found now and was not there then.",
        "REV",
        setting=False,
    ),
    Option(
        "now",
        "The day that dates in conditions are held against; default: today. `never`: no day.",
        "DAY",
        setting=False,
    ),
    Option("verbose", "Say what was passed over, and how long each part took.", setting=False),
    Option("quiet", "Leave the closing line out.", setting=False),
    Option(
        "color", "Colour the text; default auto: on a terminal.", "WHEN", COLOURS, setting=False
    ),
)
_BY_NAME = {option.name: option for option in OPTIONS}
_BY_FLAG = {option.flag: option for option in OPTIONS}


def plain_check(arguments: Sequence[str]) -> Asked | None:
    """Read the arguments of `check`; None for whatever click must explain or refuse.

    Importing click costs more than everything else a check of one file does. What is read here
    is read as click reads it.
    """
    paths: list[str] = []
    values: dict[str, tuple[str, ...]] = {}
    switches = set()
    rest = iter(arguments)
    for argument in rest:
        if argument == "-" or not argument.startswith("-"):
            paths.append(argument)
            continue
        flag, equals, value = argument.partition("=")
        option = _BY_FLAG.get(flag)
        if option is None or (equals and not option.metavar):
            return None
        if not option.metavar:
            switches.add(option.name)
            continue
        given = value if equals else _value(rest)
        if given is None:
            return None
        values[option.name] = (*values.get(option.name, ()), given)
    return Asked(tuple(paths), values, frozenset(switches))


def _value(rest: Iterator[str]) -> str | None:
    """The argument behind an option; one that looks like an option is left to click."""
    value = next(rest, "-")
    return None if value.startswith("-") else value
