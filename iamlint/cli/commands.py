"""Builds the commands for click, which explains and refuses command lines."""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Sequence

import click

from iamlint.cli.check import check
from iamlint.cli.options import OPTIONS, Asked, Option
from iamlint.cli.output import show
from iamlint.cli.settings import groups
from iamlint.cli.usage import known_rule
from iamlint.project.books import open_rules
from iamlint.project.fault import UsageFault
from iamlint.rules.book import RuleBook
from iamlint.typed import Any
from iamlint.version import VERSION

_CHECK_HELP = """Judge the trust policies in files and folders; `-` reads standard input.

Status: 0 nothing to report, 1 findings, 2 wrong usage, 3 some input was not judged."""


def run(arguments: Sequence[str], started: float) -> int:
    """Run a command line and return the exit status; raises UsageFault."""
    try:
        status = _group(started).main(
            list(arguments) or ["--help"], prog_name="iamlint", standalone_mode=False
        )
    except click.Abort:
        raise KeyboardInterrupt from None
    except click.ClickException as error:
        context = getattr(error, "ctx", None)
        command = context.command_path if context else "iamlint"
        raise UsageFault(_lowered(error.format_message()), f"see `{command} --help`") from None
    return int(status or 0)


def _lowered(message: str) -> str:
    return (message[:1].lower() + message[1:]).rstrip(".")


def _group(started: float) -> click.Group:
    return click.Group(
        "iamlint",
        help="Who can get into this role? An exact linter for AWS IAM trust policies.",
        context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
        params=[_version()],
        commands=[
            *(_check(started), _baseline(), _config(), _explain(), _lsp(), _rules(), _schema()),
        ],
    )


def _version() -> click.Option:
    def told(context: click.Context, _: click.Parameter, asked: bool) -> None:
        if asked:
            show(f"iamlint {VERSION}\n")
            context.exit()

    return click.Option(
        ["--version"], is_flag=True, expose_value=False, is_eager=True, callback=told,
        help="Show the version and exit.",
    )  # fmt: skip


def _check(started: float) -> click.Command:
    def called(paths: tuple[str, ...], **given: Any) -> int:
        return check(_asked(paths, given), started, os.environ)

    return click.Command(
        "check",
        callback=called,
        params=_params(OPTIONS),
        help=_CHECK_HELP,
        short_help="Judge the trust policies in files and folders.",
    )


def _baseline() -> click.Command:
    def called(paths: tuple[str, ...], **given: Any) -> int:
        from iamlint.cli.baseline import baseline  # noqa: PLC0415

        return baseline(_asked(paths, given), os.environ)

    mine = "Write the baseline to a file; default: standard output."
    options = [
        option._replace(help=mine) if option.name == "output" else option
        for option in OPTIONS
        if (option.setting and option.name != "fail-on-possible")
        or option.name in ("output", "now")
    ]
    return click.Command(
        "baseline",
        callback=called,
        params=_params(options),
        help="Write what is found now, for `check --baseline` to tell only what is new.",
        short_help="Write what is found now, to tell only what is new.",
    )


def _config() -> click.Command:
    def called(paths: tuple[str, ...], **given: Any) -> None:
        from iamlint.cli.in_force import told  # noqa: PLC0415

        asked = _asked(paths, given)
        show("\n".join(told(group, asked) for group in groups(asked, os.environ)))

    options = [option for option in OPTIONS if option.setting]
    return click.Command(
        "config",
        callback=called,
        params=_params(options),
        help="Show the settings in force for files and folders, and where each was made.",
        short_help="Show the settings in force.",
    )


def _asked(paths: tuple[str, ...], given: dict[str, Any]) -> Asked:
    named = {name.replace("_", "-"): value for name, value in given.items() if value}
    switches = {option.name for option in OPTIONS if not option.metavar} & named.keys()
    values = {name: value for name, value in named.items() if name not in switches}
    return Asked(paths, values, frozenset(switches))


def _params(options: Iterable[Option]) -> list[click.Parameter]:
    paths = click.Argument(["paths"], nargs=-1, metavar="[PATHS]...")
    return [paths, *map(_option, options)]


def _option(option: Option) -> click.Option:
    if not option.metavar:
        return click.Option([option.flag], is_flag=True, help=option.help)
    metavar = "|".join(option.choices) or option.metavar
    return click.Option([option.flag], multiple=True, metavar=metavar, help=option.help)


def _folders() -> click.Option:
    return click.Option(["--rules", "folders"], multiple=True, metavar="DIR", help="Further rules.")


def _rules_here(folders: tuple[str, ...]) -> RuleBook:
    """The rules of the working folder: those shipped, those of its configuration, and others."""
    (here,) = groups(Asked((), {}, frozenset()), os.environ)
    return open_rules((*here.config.rules, *folders), os.environ)


def _explain() -> click.Command:
    def called(rule: str, folders: tuple[str, ...]) -> None:
        from iamlint.rules.page import explain  # noqa: PLC0415

        if rule == "severity":
            from iamlint.severity import page  # noqa: PLC0415

            show(page())
            return
        known = open_rules(folders, os.environ).get(rule)
        show(explain(known or known_rule(_rules_here(folders), rule)))

    params = [click.Argument(["rule"]), _folders()]
    return click.Command(
        "explain",
        callback=called,
        params=params,
        help="Show the page of a rule; `severity` tells how severe a finding is.",
        short_help="Show the page of a rule.",
    )


def _lsp() -> click.Command:
    def called(stdio: bool) -> int:
        try:
            from iamlint.lsp.starting import serve  # noqa: PLC0415
        except ModuleNotFoundError as error:
            if str(error.name).partition(".")[0] not in ("pygls", "lsprotocol"):
                raise
            message = "the language server needs `pygls` 2, which is not installed here"
            raise UsageFault(message, "install it: `pip install 'iamlint[lsp]'`") from None
        return serve(os.environ)

    stdio = "Talk on standard input and output; there is no other way."
    return click.Command(
        "lsp",
        callback=called,
        params=[click.Option(["--stdio"], is_flag=True, help=stdio)],
        help="Run the language server, for an editor to start.",
    )


def _rules() -> click.Command:
    def called(format: str, folders: tuple[str, ...]) -> None:
        rules = _rules_here(folders).rules
        if format == "json":
            rows = [
                {"id": rule.id, "severity": rule.severity, "for": rule.node, "title": rule.title}
                for rule in rules
            ]
            show(json.dumps(rows, indent=2) + "\n", "utf-8")
            return
        width = max((len(rule.id) for rule in rules), default=0)
        show("".join(f"{rule.id:{width}}  {rule.severity:8}  {rule.title}\n" for rule in rules))

    formats = click.Choice(["text", "json"])
    params: list[click.Parameter] = [
        click.Option(["--format"], type=formats, default="text"),
        _folders(),
    ]
    return click.Command("rules", callback=called, params=params, help="List all rules.")


def _schema() -> click.Command:
    def called(what: str) -> None:
        place = {"report": "iamlint.reporters.json_schema", "config": "iamlint.settings.schema"}
        schema = __import__(place[what], fromlist=["schema"]).schema()
        show(json.dumps(schema, indent=2) + "\n", "utf-8")

    what = click.Argument(["what"], type=click.Choice(["report", "config"]), default="report")
    return click.Command(
        "schema",
        callback=called,
        params=[what],
        hidden=True,
        help="Show the JSON Schema of the JSON report, or of the configuration.",
    )
