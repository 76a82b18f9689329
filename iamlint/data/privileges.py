"""What permissions make of a role: policies of AWS and actions that tell how much it may do.

Sources: the managed policies are those of
https://docs.aws.amazon.com/aws-managed-policy/latest/reference/policy-list.html; the actions are
those by which who holds them gives himself more, out of
https://docs.aws.amazon.com/service-authorization/latest/reference/list_awsidentityandaccessmanagementiam.html
(access level "Permissions management" or "Write"; a role that can be passed or re-trusted).

To refresh: read the newest version of each policy below on its page of the reference; then move
`CHECKED_ON`. `tests/test_privilege.py` holds the tables against themselves.
"""

from __future__ import annotations

CHECKED_ON = "2026-11-24"

ADMINISTRATOR = "administrator"  # may do everything
ESCALATING = "escalating"  # may give itself more, or may do nearly everything
HARMLESS = "harmless"  # may write logs, metrics and traces, and nothing else

# Of AWS's own policies (`arn:aws:iam::aws:policy/` and this): whose holder is what, and why.
MANAGED: dict[str, tuple[str, str]] = {
    "AdministratorAccess": (ADMINISTRATOR, "it allows `*` on `*`"),
    "IAMFullAccess": (ESCALATING, "it allows `iam:*`"),
    "PowerUserAccess": (ESCALATING, "it allows all but IAM, Organizations and accounts"),
    "service-role/AWSLambdaBasicExecutionRole": (HARMLESS, "it writes logs"),
    "AWSXRayDaemonWriteAccess": (HARMLESS, "it writes traces"),
}

# Whoever may do one of these to any resource may do whatever somebody else may.
ESCALATIONS = (
    "iam:AddUserToGroup",
    "iam:AttachGroupPolicy",
    "iam:AttachRolePolicy",
    "iam:AttachUserPolicy",
    "iam:CreateAccessKey",
    "iam:CreateLoginProfile",
    "iam:CreatePolicyVersion",
    "iam:PassRole",
    "iam:PutGroupPolicy",
    "iam:PutRolePolicy",
    "iam:PutUserPolicy",
    "iam:SetDefaultPolicyVersion",
    "iam:UpdateAssumeRolePolicy",
    "iam:UpdateLoginProfile",
)

# What writes logs, metrics and traces, reads none of them back and changes nothing else.
WRITES_LOGS = (
    "cloudwatch:PutMetricData",
    "logs:CreateLogDelivery",
    "logs:CreateLogGroup",
    "logs:CreateLogStream",
    "logs:DescribeLogGroups",
    "logs:DescribeLogStreams",
    "logs:PutLogEvents",
    "xray:GetSamplingRules",
    "xray:GetSamplingTargets",
    "xray:GetSamplingStatisticSummaries",
    "xray:PutTelemetryRecords",
    "xray:PutTraceSegments",
)
