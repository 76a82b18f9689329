"""Knows what the resources of a template are called, as far as their properties say it.

The forms are those of the return values in the CloudFormation resource and property reference,
and of the ARNs in the service authorization reference.
"""

from __future__ import annotations

from iamlint.formats.cloudformation.faults import Fault
from iamlint.formats.cloudformation.intrinsics import NO_VALUE
from iamlint.formats.cloudformation.run import Run
from iamlint.formats.cloudformation.template import number_or_text, text_of
from iamlint.formats.cloudformation.world import LONGEST_TEXT, World
from iamlint.source import Span
from iamlint.syntax.holes import Hole
from iamlint.syntax.value import Value
from iamlint.typed import NamedTuple


class Form(NamedTuple):
    """What the resources of one type are called.

    In the forms `N` is the physical name, `P` `A` `R` `U` are the own partition, account, region
    and suffix, `path` is the IAM path, `url` is the address of a provider without its scheme, and
    `X` is a part that AWS makes up.
    """

    name: str  # the property with the physical name; empty when AWS makes it up
    ref: str
    attributes: dict[str, str]


def _arn(service: str, resource: str) -> str:
    return f"arn:{{P}}:{service}:{{R}}:{{A}}:{resource}"


def _iam(resource: str) -> str:
    return f"arn:{{P}}:iam::{{A}}:{resource}"


def _named(name: str, service: str, resource: str, **more: str) -> Form:
    return Form(name, "{N}", {"Arn": _arn(service, resource), **more})


def _by_arn(name: str, arn: str, **more: str) -> Form:
    return Form(name, arn, {"Arn": arn, **more})


_OIDC = "oidc.eks.{R}.{U}/id/{X}"
_POOL = "cognito-idp.{R}.{U}/{R}_{N}"
_ISSUER = {"OpenIdConnectIssuerUrl": f"https://{_OIDC}"}
_TOPIC = _arn("sns", "{N}")

FORMS = {
    "AWS::IAM::Role": Form("RoleName", "{N}", {"Arn": _iam("role{path}{N}")}),
    "AWS::IAM::User": Form("UserName", "{N}", {"Arn": _iam("user{path}{N}")}),
    "AWS::IAM::Group": Form("GroupName", "{N}", {"Arn": _iam("group{path}{N}")}),
    "AWS::IAM::InstanceProfile": Form(
        "InstanceProfileName", "{N}", {"Arn": _iam("instance-profile{path}{N}")}
    ),
    "AWS::IAM::ManagedPolicy": Form(
        "ManagedPolicyName", _iam("policy{path}{N}"), {"PolicyArn": _iam("policy{path}{N}")}
    ),
    "AWS::IAM::OIDCProvider": _by_arn("", _iam("oidc-provider/{url}")),
    "AWS::IAM::SAMLProvider": _by_arn("Name", _iam("saml-provider/{N}")),
    "AWS::Cognito::IdentityPool": Form("", "{R}:{N}", {}),
    "AWS::Cognito::UserPool": Form(
        "",
        "{R}_{N}",
        {
            "Arn": _arn("cognito-idp", "userpool/{R}_{N}"),
            "ProviderName": _POOL,
            "ProviderURL": f"https://{_POOL}",
            "UserPoolId": "{R}_{N}",
        },
    ),
    "AWS::CodeBuild::Project": _named("Name", "codebuild", "project/{N}"),
    "AWS::DynamoDB::Table": _named("TableName", "dynamodb", "table/{N}"),
    "AWS::ECR::Repository": _named("RepositoryName", "ecr", "repository/{N}"),
    "AWS::ECS::Cluster": _named("ClusterName", "ecs", "cluster/{N}"),
    "AWS::EKS::Cluster": _named("Name", "eks", "cluster/{N}", **_ISSUER),
    "AWS::KMS::Key": Form("", "{N}", {"Arn": _arn("kms", "key/{N}"), "KeyId": "{N}"}),
    "AWS::Kinesis::Stream": _named("Name", "kinesis", "stream/{N}"),
    "AWS::Lambda::Function": _named("FunctionName", "lambda", "function:{N}"),
    "AWS::Logs::LogGroup": _named("LogGroupName", "logs", "log-group:{N}:*"),
    "AWS::S3::Bucket": Form("BucketName", "{N}", {"Arn": "arn:{P}:s3:::{N}"}),
    "AWS::SNS::Topic": Form("TopicName", _TOPIC, {"TopicArn": _TOPIC, "TopicName": "{N}"}),
    "AWS::SQS::Queue": Form(
        "QueueName",
        "https://sqs.{R}.{U}/{A}/{N}",
        {"Arn": _arn("sqs", "{N}"), "QueueName": "{N}"},
    ),
    "AWS::SecretsManager::Secret": Form("Name", _arn("secretsmanager", "secret:{N}-{X}"), {}),
    "AWS::Serverless::Function": _named("FunctionName", "lambda", "function:{N}"),
    "AWS::Serverless::StateMachine": _by_arn("Name", _arn("states", "stateMachine:{N}")),
    "AWS::StepFunctions::StateMachine": _by_arn(
        "StateMachineName", _arn("states", "stateMachine:{N}"), Name="{N}"
    ),
}

_ROLE = "AWS::IAM::Role"
_CUSTOM = ("Custom::", "AWS::CloudFormation::CustomResource", "AWS::CloudFormation::Macro")
# Types whose attributes hold whatever a person, or another template, put there.
_FREE = ("AWS::CloudFormation::", "AWS::Serverless::Application", "AWS::SSM::", "AWS::SecretsM")
_OWN = {
    "P": Hole("AWS::Partition", "own-partition"),
    "A": Hole("AWS::AccountId", "own-account"),
    "R": Hole("AWS::Region", "own-region"),
    "U": Hole("AWS::URLSuffix", "own-suffix"),
}


def described(run: Run, logical: str, attr: str, place: Span) -> Value:
    """What `Ref`, or an attribute, of a declared resource is, used at a place."""
    key = ("resource", logical, attr, run.deciding)
    text = run.once(key, place, lambda: _text(run, logical, attr))
    return Value("string", text, place)


def type_of(world: World, logical: str) -> str:
    """The type of a resource; that of a role for one that SAM makes."""
    declared = world.resources.get(logical)
    if declared is None:
        return _ROLE if made_by_sam(world, logical) else ""
    return text_of(declared.get("Type"))


def made_by_sam(world: World, logical: str) -> bool:
    """Whether SAM makes a role of that id: of a function without one."""
    function = world.resources.get(logical.removesuffix("Role"))
    if function is None or not logical.endswith("Role"):
        return False
    properties = function.get("Properties")
    return text_of(function.get("Type")) in (
        "AWS::Serverless::Function",
        "AWS::Serverless::StateMachine",
    ) and (properties is None or properties.get("Role") is None)


def unknown_attribute(name: str, *, wild: bool = False) -> Hole:
    """What stands for an attribute of which only the name says something."""
    return Hole(name, "arn" if name.endswith("Arn") else "text", (), wild)


def _text(run: Run, logical: str, attr: str) -> str:
    kind = type_of(run.world, logical)
    form = FORMS.get(kind)
    pattern = None if form is None else (form.ref if attr == "Ref" else form.attributes.get(attr))
    if form is None or pattern is None:
        return _other(run, logical, attr, kind)
    text = pattern.format_map(_Parts(run, logical, attr, form))
    if len(text) > LONGEST_TEXT:
        raise Fault(f"the name of `{logical}` is too long", run.world.here)
    return text


def _other(run: Run, logical: str, attr: str, kind: str) -> str:
    world = run.world
    label = logical if attr == "Ref" else f"{logical}.{attr}"
    if attr.startswith("Outputs."):
        known = world.outputs(logical, attr.removeprefix("Outputs."))
        return known if known is not None else world.char(Hole(label))
    if kind == "AWS::SSM::Parameter" and attr == "Value":
        value = _property(run, logical, "Value")
        if value is not None and value.kind == "string":
            return str(value.data)
    if kind.startswith(_CUSTOM) or kind.endswith("::MODULE") or not kind:
        return world.char(Hole(label, "list"))
    return world.char(unknown_attribute(label, wild=attr != "Ref" and kind.startswith(_FREE)))


class _Parts(dict[str, str]):
    """The parts of a form, evaluated when they are asked for."""

    def __init__(self, run: Run, logical: str, attr: str, form: Form) -> None:
        super().__init__()
        self._run, self._logical, self._attr, self._form = run, logical, attr, form

    def __missing__(self, key: str) -> str:
        run, world = self._run, self._run.world
        if key in _OWN:
            return world.char(_OWN[key])
        if key == "path":
            value = _property(run, self._logical, "Path")
            return "/" if value is None or value.kind != "string" else str(value.data)
        if key == "url":
            return self._url()
        if key == "X":
            return self._made_up(f"{self._logical}.{self._attr}")
        value = _property(run, self._logical, self._form.name) if self._form.name else None
        text = number_or_text(value) if value is not None else None
        return text if text is not None else self._made_up(self._logical)

    def _url(self) -> str:
        value = _property(self._run, self._logical, "Url")
        if value is None or value.kind != "string":
            return self._run.world.char(Hole(f"{self._logical}.Url", "text", (), wild=False))
        return str(value.data).removeprefix("https://")

    def _made_up(self, name: str) -> str:
        char = self._run.world.char(Hole(name, "name", (), wild=False))
        self._run.world.tame.add(char)
        return char


def _property(run: Run, logical: str, name: str) -> Value | None:
    declared = run.world.resources.get(logical)
    properties = declared.get("Properties") if declared is not None else None
    written = properties.get(name) if properties is not None else None
    value = run.value(written) if written is not None else None
    return None if value is NO_VALUE else value
