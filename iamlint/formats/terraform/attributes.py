"""Knows what the attributes of resources and data sources are, as far as their arguments say it.

The forms are those of the documentation of the AWS provider, and of the ARNs in the service
authorization reference.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from iamlint.formats.terraform import policies
from iamlint.formats.terraform.convert import scalar_text
from iamlint.formats.terraform.evaluate import evaluate
from iamlint.formats.terraform.run import Run
from iamlint.formats.terraform.scope import Scope
from iamlint.formats.terraform.types import ANY, STRING
from iamlint.formats.terraform.values import Datum
from iamlint.source import Span
from iamlint.syntax.hcl.bodies import Block
from iamlint.syntax.holes import Composed, Hole, Piece, pieces_of
from iamlint.syntax.value import Value
from iamlint.typed import NamedTuple


class Resource(NamedTuple):
    """One instance of a resource or a data source; `scope` is that of its arguments."""

    kind: str  # resource or data
    block: Block
    address: str
    scope: Scope

    @property
    def type(self) -> str:
        return self.block.labels[0].text

    def argument(self, run: Run, name: str) -> Datum | None:
        """What an argument is; None when it is not given."""
        attribute = self.block.body.attribute(name)
        if attribute is None:
            return None
        value = attribute.value
        made = run.once(
            (self.address, "argument", name),
            f"{self.address}.{name}",
            attribute.name_span,
            lambda: evaluate(run, value, self.scope),
        )
        return None if made.kind == "null" else made

    def is_left_alone(self, name: str) -> bool:
        """Whether Terraform keeps what others make of an argument once the resource is there."""
        held = [
            each.body.attribute("ignore_changes") for each in self.block.body.blocks("lifecycle")
        ]
        texts = [attribute.value.span.text for attribute in held if attribute is not None]
        return any({name, "all"} & set(re.findall(r"[A-Za-z_][\w-]*", text)) for text in texts)


# In the forms `{x}` is the argument `x`; `{P}` `{A}` `{R}` `{U}` are the own partition, account,
# region and suffix; `{path}` is the IAM path, `{url}` the address of a provider without its scheme,
# and `{X}` is a part that AWS makes up. A `?` in front says that AWS makes up what is not given.
_OWN = {
    "P": ("data.aws_partition.partition", "own-partition"),
    "A": ("data.aws_caller_identity.account_id", "own-account"),
    "R": ("data.aws_region.name", "own-region"),
    "U": ("data.aws_partition.dns_suffix", "own-suffix"),
}


def _iam(resource: str, **more: str) -> dict[str, str]:
    return {"arn": f"arn:{{P}}:iam::{{A}}:{resource}", **more}


def _arn(service: str, resource: str, **more: str) -> dict[str, str]:
    return {"arn": f"arn:{{P}}:{service}:{{R}}:{{A}}:{resource}", **more}


_NAME = {"name": "{?name}", "id": "{?name}"}
_OIDC = _iam("oidc-provider/{url}", url="{url}", id="arn:{P}:iam::{A}:oidc-provider/{url}")

FORMS: Mapping[str, Mapping[str, str]] = {
    "aws_iam_role": _iam("role{path}{?name}", **_NAME),
    "aws_iam_user": _iam("user{path}{?name}", **_NAME),
    "aws_iam_group": _iam("group{path}{?name}", **_NAME),
    "aws_iam_policy": _iam(
        "policy{path}{?name}", name="{?name}", id="arn:{P}:iam::{A}:policy{path}{?name}"
    ),
    "aws_iam_instance_profile": _iam("instance-profile{path}{?name}", **_NAME),
    "aws_iam_openid_connect_provider": _OIDC,
    "aws_iam_saml_provider": _iam(
        "saml-provider/{name}", id="arn:{P}:iam::{A}:saml-provider/{name}"
    ),
    "aws_s3_bucket": {"arn": "arn:{P}:s3:::{?bucket}", "id": "{?bucket}", "bucket": "{?bucket}"},
    "aws_sns_topic": _arn("sns", "{?name}", id="arn:{P}:sns:{R}:{A}:{?name}"),
    "aws_sqs_queue": _arn("sqs", "{?name}"),
    "aws_lambda_function": _arn("lambda", "function:{function_name}"),
    "aws_codebuild_project": _arn("codebuild", "project/{name}"),
    "aws_cloudwatch_event_rule": _arn("events", "rule/{?name}"),
    "aws_cloudwatch_log_group": _arn("logs", "log-group:{?name}"),
    "aws_dynamodb_table": _arn("dynamodb", "table/{name}"),
    "aws_ecs_cluster": _arn("ecs", "cluster/{name}"),
    "aws_eks_cluster": _arn("eks", "cluster/{name}", id="{name}"),
    "aws_ecr_repository": _arn("ecr", "repository/{name}"),
    "aws_sfn_state_machine": _arn("states", "stateMachine:{?name}"),
    "terraform_data": {},
    # whoever runs Terraform is of this account: a user, or a session of a role
    "data.aws_caller_identity": {"account_id": "{A}", "id": "{A}", **_iam("user/{?user}")},
    "data.aws_partition": {"partition": "{P}", "id": "{P}", "dns_suffix": "{U}"},
    "data.aws_region": {"name": "{R}", "id": "{R}", "region": "{R}"},
    "data.aws_iam_openid_connect_provider": _OIDC,
    "data.aws_iam_role": _iam("role/{name}", id="{name}"),
    "data.aws_iam_user": _iam("user/{user_name}", id="{user_name}"),
    "data.aws_service_principal": {"name": "{service_name}.amazonaws.com"},
}
# Attributes that hold whatever a person, or another configuration, put there.
_FREE = ("data.terraform_remote_state", "data.tfe_outputs", "data.aws_ssm_", "data.aws_secrets")
_FREE_RESOURCES = ("aws_ssm_parameter", "aws_secretsmanager_secret_version")
# Names of attributes that are one text and never a list.
_ONE_TEXT = ("arn", "id", "url", "name", "issuer", "json", "account", "region", "endpoint", "email")


def attribute(run: Run, resource: Resource, name: str, place: Span) -> Datum:
    """What an attribute of a resource is, used at a place."""
    made: Datum | None = run.once(
        (resource.address, "attribute", name),
        f"{resource.address}.{name}",
        place,
        lambda: _written(run, resource, name),  # type: ignore[arg-type, return-value]
    )
    if made is None:  # it is written nowhere but where it is used
        return _unwritten(run, resource, name, place)
    return _placed(made, place) if made.kind == "unknown" else made


def _placed(made: Datum, place: Span) -> Datum:
    """An unknown value where it is used."""
    moved = made.like(data=made.data)
    moved.span = place
    return moved


def _written(run: Run, resource: Resource, name: str) -> Datum | None:
    """The attribute, where the configuration says it; nothing of that is due to who asks first."""
    type = _type(resource)
    if type == "data.aws_iam_policy_document" and name in ("json", "minified_json"):
        return policies.document(run, resource.block, resource.scope)
    if type == "data.template_file" and name == "rendered":
        made = policies.template(run, resource.block, resource.scope)
        if made is not None:
            return made
    form = _form(resource, name)
    if form is not None:
        return _as_written(run, resource, form, name)
    alias = _alias(resource, name)
    given = resource.argument(run, alias)
    return None if given is None or resource.is_left_alone(alias) else given


def _unwritten(run: Run, resource: Resource, name: str, place: Span) -> Datum:
    """What AWS makes of the arguments, or nobody knows."""
    form = _form(resource, name)
    if form is not None:
        return _Form(run, resource, place).made(form)
    wild = _is_free(_type(resource))
    return unknown(run, f"{resource.address}.{name}", name, place, wild=wild)


def _type(resource: Resource) -> str:
    return resource.type if resource.kind == "resource" else f"data.{resource.type}"


def _form(resource: Resource, name: str) -> str | None:
    return None if _is_elsewhere(resource) else FORMS.get(_type(resource), {}).get(name)


def _alias(resource: Resource, name: str) -> str:
    """The argument that an attribute repeats."""
    return "input" if (_type(resource), name) == ("terraform_data", "output") else name


def _is_elsewhere(resource: Resource) -> bool:
    """Whether what a data source tells of is not the account of the role."""
    return resource.kind == "data" and resource.block.body.attribute("provider") is not None


def _as_written(run: Run, resource: Resource, form: str, name: str) -> Datum | None:
    """The value of the argument of that name, where nothing has to be added or taken away."""
    same = form in (f"{{{name}}}", f"{{?{name}}}", "{R}") and name != "url"
    if not same and (resource.kind, name) != ("data", "arn"):
        return None
    given = resource.argument(run, name)
    return given if given is not None and given.type == STRING else None


def _is_free(type: str) -> bool:
    return type.startswith(_FREE) or type in _FREE_RESOURCES


def unknown(run: Run, full: str, name: str, place: Span, *, wild: bool) -> Datum:
    """An attribute that cannot be known; what is in it has a name of its own, too."""
    if name == "issuer":
        scheme = Piece("https://", Value("string", "https://", place), 0, place)
        return Datum("string", Composed([scheme, address(run, full, place)], place), place)
    is_text = any(name == each or name.endswith(f"_{each}") for each in _ONE_TEXT)
    kind = "arn" if name == "arn" or name.endswith("_arn") else ""
    if is_text and not wild:
        return run.unknown(full, place, STRING, kind=kind, nullable=False, wild=wild)

    def step(key: Datum | None, span: Span) -> Datum | None:
        if key is None:
            return unknown(run, f"{full}[*]", "", span, wild=wild)
        plain = key.kind == "string" and key.string.replace("-", "_").isidentifier()
        if plain:
            return unknown(run, f"{full}.{key.string}", key.string, span, wild=wild)
        return unknown(run, f"{full}[{run.label(key)}]", "", span, wild=wild)

    kind = kind or ("text" if is_text else "")
    return run.unknown(full, place, ANY, kind=kind, nullable=False, wild=wild, step=step)


def address(run: Run, name: str, place: Span) -> Piece:
    """A host and a path that nobody knows, without a scheme."""
    char = run.world.char(Hole(name, "text", (), wild=False), place)
    run.world.addresses.add(char)
    return Piece(char, Value("string", char, place), 0, place)


class _Form:
    """Puts the text of one form together."""

    def __init__(self, run: Run, resource: Resource, place: Span) -> None:
        self._run = run
        self._resource = resource
        self._place = place

    def made(self, form: str) -> Datum:
        pieces: list[Piece] = []
        frame = Value("string", "", self._place)
        for number, part in enumerate(form.replace("{", "}").split("}")):
            if number % 2:
                pieces += self._part(part)
            elif part:
                pieces.append(Piece(part, frame, 0, self._place))
        if len(pieces) == 1 and pieces[0].place is None:
            whole = pieces[0].value
            if whole.data == pieces[0].text:
                return Datum("string", whole, self._place)
        return Datum("string", Composed(pieces, self._place), self._place)

    def _part(self, part: str) -> list[Piece]:
        resource = self._resource
        if part in _OWN:
            name, kind = _OWN[part]
            return [self._hole(Hole(name, kind))]
        if part == "path":
            given = self._text("path")
            return given or [Piece("/", Value("string", "/", self._place), 0, self._place)]
        if part == "url":
            return self._url()
        name = part.removeprefix("?")
        found = self._text(name)
        if found is not None:
            return found
        kind = "name" if part != name else "text"
        return [self._hole(Hole(f"{resource.address}.{name}", kind, (), wild=False))]

    def _text(self, name: str) -> list[Piece] | None:
        given = self._resource.argument(self._run, name)
        text = scalar_text(self._run, given) if given is not None else None
        return pieces_of(text, 0, len(text.data)) if text is not None else None

    def _url(self) -> list[Piece]:
        """The address without its scheme, as the provider keeps it."""
        found = self._text("url")
        if not found or self._run.holes(found[0].text[:1]):
            # What is not known begins with a scheme, and the rest of it is not known either.
            name = f"{self._resource.address}.url"
            return [address(self._run, name, self._place)]
        given = self._resource.argument(self._run, "url")
        assert given is not None
        text = scalar_text(self._run, given)
        assert text is not None
        start = len("https://") if text.data.startswith("https://") else 0
        return pieces_of(text, start, len(text.data))

    def _hole(self, hole: Hole) -> Piece:
        char = self._run.world.char(hole, self._place)
        return Piece(char, Value("string", char, self._place), 0, self._place)
