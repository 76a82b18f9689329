"""The shape of a configuration as a pydantic model, which publishes its JSON Schema as well."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints

Severity = Literal["info", "low", "medium", "high", "critical"]


def _text(text: str) -> str:
    """Refuse what is blank, and what would steer the terminal of a person who is shown it."""
    if not text.strip() or not text.isprintable():
        raise ValueError("a text that is not empty and can be printed")
    return text


def _inside(path: str) -> str:
    """Refuse paths that leave the folder of the configuration."""
    if path.startswith("/") or ".." in path.split("/"):
        raise ValueError("a path below the folder of the configuration, such as `iam/rules`")
    return _text(path)


def _issuer(url: str) -> str:
    """Refuse schemes: conditions and ARNs name issuers without."""
    if "://" in url or url != url.lower():
        raise ValueError(
            "an issuer in lower case and without `https://`, such as"
            " `token.actions.githubusercontent.com`"
        )
    return _text(url)


Text = Annotated[str, AfterValidator(_text)]
Path = Annotated[str, AfterValidator(_inside)]
Issuer = Annotated[str, AfterValidator(_issuer)]
Account = Annotated[str, StringConstraints(pattern=r"^[0-9]{12}$")]
Organization = Annotated[str, StringConstraints(pattern=r"^o-[a-z0-9]{10,32}$")]
RuleId = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9]*(-[a-z0-9]+)*$")]
Name = Annotated[str, StringConstraints(pattern=r"^[A-Za-z][A-Za-z0-9_-]*$")]
Scalar = str | int | Annotated[float, Field(allow_inf_nan=False)] | bool
Given = Scalar | list[Scalar]


def _alias(name: str) -> str:
    return name.replace("_", "-")


class _Strict(BaseModel):
    model_config = ConfigDict(
        strict=True, extra="forbid", frozen=True, alias_generator=_alias, populate_by_name=False
    )


class OwnAccount(_Strict):
    """An account of yours, where more than its id is to be said."""

    id: Account
    environment: Annotated[
        Text | None, Field(description="what it is for, such as `prod`; see `cross-environment`")
    ] = None


class Estate(_Strict):
    """What is yours, and whom you trust."""

    accounts: Annotated[
        dict[Name, Account | OwnAccount],
        Field(description="your own accounts by name: the id, or a table with `id`"),
    ] = {}
    organizations: Annotated[list[Organization], Field(description="your own organisations")] = []
    trusted_accounts: Annotated[
        list[Account], Field(description="accounts of others that may enter")
    ] = []
    vendors: Annotated[
        list[Text], Field(description="vendors you work with, such as `Datadog`; none: any")
    ] = []
    tenants: Annotated[
        dict[Issuer, list[Text]],
        Field(
            description="what is yours at a shared OIDC provider, by issuer: GitHub organisations,"
            " GitLab groups, organisations of Terraform Cloud"
        ),
    ] = {}
    issuers: Annotated[
        list[Issuer] | None, Field(description="the OIDC providers that roles may trust; none: all")
    ] = None


class _Values(_Strict):
    """Values for parameters of templates and variables of Terraform."""

    parameters: Annotated[
        dict[Text, Scalar], Field(description="values for parameters of templates")
    ] = {}
    parameter_files: Annotated[
        list[Path], Field(description="files of such values, as the AWS CLI takes them")
    ] = []
    variables: Annotated[
        dict[Text, Given], Field(description="values for variables of Terraform")
    ] = {}
    variable_files: Annotated[
        list[Path], Field(description="files of such values, `.tfvars` or `.tfvars.json`")
    ] = []


class PathSettings(_Values):
    """What differs for some files."""

    match: Annotated[
        list[Text],
        Field(min_length=1, description="the files, in the patterns of `.gitignore`"),
    ]
    account: Annotated[
        Text | None,
        Field(description="the account they are deployed to: an id, or a name under `accounts`"),
    ] = None
    ignore: Annotated[list[RuleId], Field(description="rules to leave out")] = []
    severity: Annotated[
        dict[RuleId, Severity], Field(description="severities of rules, as you see them")
    ] = {}


class Configuration(_Values):
    """`iamlint.toml`, or the table `tool.iamlint` of `pyproject.toml`."""

    level: Annotated[Severity | None, Field(description="the lowest severity to show")] = None
    fail_on: Annotated[
        Severity | None, Field(description="the lowest severity that ends with status 1")
    ] = None
    fail_on_possible: Annotated[
        bool, Field(description="let possible findings end with status 1, too")
    ] = False
    select: Annotated[list[RuleId], Field(description="only these rules")] = []
    ignore: Annotated[list[RuleId], Field(description="all but these rules")] = []
    severity: Annotated[
        dict[RuleId, Severity], Field(description="severities of rules, as you see them")
    ] = {}
    rules: Annotated[list[Path], Field(description="folders with further rules")] = []
    exclude: Annotated[
        list[Text], Field(description="what not to search, in the patterns of `.gitignore`")
    ] = []
    gitignore: Annotated[
        bool, Field(description="whether what git ignores is not searched either")
    ] = True
    require_reason: Annotated[
        bool, Field(description="whether an ignore beside a policy has to give a reason")
    ] = False
    estate: Estate = Estate()
    paths: Annotated[
        list[PathSettings], Field(description="what differs for some files; the last match counts")
    ] = []


def schema() -> dict[str, Any]:
    """The JSON Schema of a configuration."""
    dialect = "https://json-schema.org/draft/2020-12/schema"
    made: dict[str, Any] = _closed(Configuration.model_json_schema(by_alias=True))
    return {"$schema": dialect, **made}


def _closed(part: Any) -> Any:
    """The schema with no names but those that fit where names have to fit a pattern."""
    if isinstance(part, list):
        return [_closed(each) for each in part]
    if not isinstance(part, dict):
        return part
    more = {"additionalProperties": False} if "patternProperties" in part else {}
    return {name: _closed(each) for name, each in part.items()} | more
