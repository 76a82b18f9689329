"""The words rules speak: for each kind of node its facts, with type and meaning.

A `truth` is yes, no, possible or undecided, and may carry a witness: a call that the policy admits.
"""

from __future__ import annotations

from iamlint.policy.faults import FAULTS
from iamlint.typed import NamedTuple


class Field(NamedTuple):
    """One fact: its type (a trailing `?`: may be null), meaning, and for enums the words."""

    type: str
    doc: str
    choices: tuple[str, ...] = ()
    of: str = ""


FENCES = (
    "organisation", "account", "principal", "network", "source", "external-id", "subject",
    "audience", "claim", "mfa", "tag", "session", "time", "constant", "other",
)  # fmt: skip
FORMS = (
    "any", "account", "role", "user", "session", "federated-user", "unique-id", "service",
    "oidc", "saml", "builtin", "invalid",
)  # fmt: skip
FAMILIES = (
    "string", "arn", "numeric", "date", "boolean", "binary", "address", "null", "unknown",
)  # fmt: skip
VERSIONS = ("2012-10-17", "2008-10-17", "none", "other")
OWNERS = ("none", "own", "trusted", "aws", "vendor", "former", "sample", "unknown")
GUESSES = (
    "none", "a placeholder", "a name", "the id of an account", "short",
    "made of one kind of character",
)  # fmt: skip
_ROLE = Field("text", "the role: its ARN, name or address, in backticks")

VOCABULARY: dict[str, dict[str, Field]] = {
    "fault": {
        "code": Field("enum", "what the grammar of trust policies objects to", tuple(FAULTS)),
        "text": Field("text", "the fault in words"),
        "advice": Field("text", "what to write instead"),
        "meant": Field("text?", "the text that was meant in its place, in backticks"),
        "written": Field("text", "the text that is at fault, in backticks"),
        "refused": Field("bool", "IAM is known to refuse this when the policy is saved"),
        "verdict": Field("text", "`will not deploy` where `refused`, else `may not deploy`"),
        "effect": Field("enum", "effect of the statement around it", ("Allow", "Deny", "none")),
        "role": _ROLE,
    },
    "policy": {
        "locked": Field("truth", "its Denies forbid every call that its Allows admit"),
        "version": Field("enum", "the version as written", VERSIONS),
        "size": Field("number", "how many characters IAM counts: white space is left out"),
        "denies": Field("nodes", "the Deny statements", of="statement"),
        "allows": Field("nodes", "the Allow statements", of="statement"),
        "role": _ROLE,
    },
    "statement": {
        "effect": Field("enum", "effect as written", ("Allow", "Deny", "none")),
        "dead": Field("truth", "an Allow: its principals can call, and nobody gets in through it"),
        "over": Field("bool", "a guard of it asks for a time that is over by now (`--now`)"),
        "reason": Field("text", "for a dead statement: why, in words"),
        "fits": Field("bool", "some principal can use some action of the statement"),
        "mismatch": Field("text", "for one that does not fit: which principal, which action"),
        "needless": Field("truth", "an Allow: others admit all it covers, and it covers some"),
        "twin_wider": Field("truth", "it also admits what a guard of this one keeps out"),
        "idle": Field("truth", "a Deny: it surely forbids nothing that the Allows admit"),
        "twin": Field("text?", "the other statement that makes this one needless, in backticks"),
        "public": Field(
            "truth", "an Allow: it admits accounts without end, from any network or not"
        ),
        "wildcard_action": Field("text?", "an action that stands for several, in backticks"),
        "needed_action": Field(
            "text?", "the one action that all its principals call, in backticks"
        ),
        "inverted_actions": Field("bool", "the statement says `NotAction`"),
        "inverted_principals": Field("bool", "the statement says `NotPrincipal`"),
        "actions": Field("texts", "the assume actions the statement names, wildcards resolved"),
        "guards": Field("nodes", "its guards", of="guard"),
        "principals": Field("nodes", "its principals", of="principal"),
        "sound": Field("bool", "none of its principals, actions and conditions is at fault"),
        "role": _ROLE,
    },
    "principal": {
        "form": Field("enum", "what kind of principal it is", FORMS),
        "text": Field("text", "as written, in backticks"),
        "fits": Field("bool", "it can use one of the statement's actions"),
        "foreign": Field(
            "truth", "it is of an account that is neither the role's nor known to be trusted"
        ),
        "other_partition": Field("bool", "it is of another partition of AWS than the role"),
        "dead": Field("truth", "it can call but never meets the guards, which others do"),
        "provider_known": Field("bool", "it is an OIDC provider whose customers are known"),
        "audience": Field(
            "text?", "the audience that its tokens and assertions for AWS have, in backticks"
        ),
        "audience_key": Field("text?", "the key of that audience, in backticks"),
        "permission_set": Field("text?", "the permission set whose generated role it is"),
        "unlisted": Field("bool", "the estate lists vendors or OIDC providers, and not this one"),
        "namesake": Field(
            "text?", "a vendor of the estate that role or statement is named after, and not this"
        ),
        "owner": Field("enum", "whose account it is of; former: given up by a vendor", OWNERS),
        "vendor": Field("text", "the vendor (or the service of AWS) that owns the account"),
        "service": Field("node", "the AWS service it is, if it is one", of="service"),
        "statement": Field("node", "the statement it stands in", of="statement"),
        "role": _ROLE,
    },
    "service": {
        "name": Field("text", "its name without region and suffix; empty where it is no service"),
        "tier": Field("number", "how much its roles need a guard on the source: 1 most, 0 unknown"),
        "misspelt": Field("truth", "there is no such service; in words: the one that was meant"),
        "global_name": Field("text?", "its name without a region or partition that is wrong there"),
        "ended": Field("text?", "the day AWS ended the service"),
        "stage": Field("text?", "the part of its name that only unreleased stages have"),
        "staff": Field("text?", "who works for AWS and calls by its name"),
        "lacks": Field("texts", "actions all its calls need and no Allow names, in backticks"),
        "beside": Field("text?", "an earlier runtime of another kind that shares the role"),
        "role": _ROLE,
    },
    "guard": {
        "effect": Field("enum", "effect of its statement", ("Allow", "Deny", "none")),
        "operator": Field("text", "the operator as written, in backticks"),
        "family": Field("enum", "what the operator compares", FAMILIES),
        "quantifier": Field("enum", "set operator", ("ForAllValues", "ForAnyValue", "none")),
        "if_exists": Field("bool", "the operator ends in `IfExists`"),
        "negated": Field("bool", "the operator is a negated one"),
        "key": Field("text", "the key as written, in backticks"),
        "key_known": Field("bool", "AWS or the identity provider has such a key"),
        "suggestion": Field("text?", "a key of nearly that name, in backticks"),
        "many": Field("bool", "the key can have several values at once"),
        "fence": Field("enum", "what the key fences by", FENCES),
        "missing": Field("truth", "the statement's callers never carry the key"),
        "void": Field("truth", "every call of the statement's callers meets it, for sure"),
        "passes": Field("truth", "some call of the statement's callers meets this guard alone"),
        "passes_without_key": Field(
            "truth", "an Allow lets in a call without the key; some that carry it fail"
        ),
        "leaks": Field("truth", "an Allow lets in callers whose values of the key have no end"),
        "spared": Field(
            "truth", "a Deny lets pass a call without the key, and forbids some that carry it"
        ),
        "unproved_mfa": Field(
            "truth", "an Allow lets in a user who says there was no MFA, or whose MFA is long ago"
        ),
        "jumps": Field(
            "truth", "an Allow lets in an ARN that the wildcards match only across its fields"
        ),
        "caller_chosen": Field(
            "bool", "session name, user agent or referer, compared with fixed text"
        ),
        "plain_variables": Field(
            "bool", "a value has a variable that the version of the policy takes for plain text"
        ),
        "strange_recipient": Field(
            "text?", "a value of `SAML:aud` that no sign-in page of AWS has, in backticks"
        ),
        "unsplit": Field("bool", "a key of several values is compared without a set operator"),
        "wrong_audience": Field("truth", "tokens hardly have it; in words: what to write"),
        "sample_tenant": Field("text?", "a tenant out of samples that it names, in backticks"),
        "unowned": Field("truth", "on the source's ARN: it lets in accounts without end"),
        "odd_source": Field("truth", "no ARN that the service sends meets it; in words: which do"),
        "unsent_source": Field(
            "truth", "on the source: a service hardly sends it; in words: which service"
        ),
        "foreign_source": Field(
            "truth", "on the source: a service gets in for an account of others; in words: whose"
        ),
        "guess": Field("enum", "on the external id: how a value can be guessed", GUESSES),
        "weakness": Field("text", "for one that lets strangers through: how, in words"),
        "closed_operator": Field(
            "text?", "the operator that no call passes for want of the key, in backticks"
        ),
        "field_operator": Field(
            "text?", "the operator whose wildcards keep to the fields of an ARN, in backticks"
        ),
        "lonely": Field("bool", "no other guard of the statement fences who may call"),
        "statement": Field("node", "the statement it stands in", of="statement"),
        "role": _ROLE,
    },
    "grant": {
        "principal": Field("node", "the principal", of="principal"),
        "statement": Field("node", "the Allow statement", of="statement"),
        "action": Field("text", "the assume action, in backticks"),
        "unsaved_claim": Field(
            "text?", "a claim without which AWS refuses to save the trust, in backticks"
        ),
        "admits": Field("node", "who gets in through it, less all Denies", of="admits"),
        "callers": Field("node", "the IAM users and role sessions among them", of="callers"),
        "identity": Field("node", "the web and SAML identities among them", of="identity"),
        "role": _ROLE,
    },
    "admits": {
        "anyone": Field("truth", "somebody gets in"),
        "public_from_anywhere": Field(
            "truth",
            "callers of accounts without end get in, those fenced to listed organisations left out",
        ),
        "network_only": Field("truth", "the same, but only from networks that are listed"),
        "foreign_tenant": Field("truth", "tenants without end of a shared identity provider"),
        "foreign_account": Field(
            "truth",
            "anybody of a whole account that is not known to be trusted, with any external id",
        ),
        "any_customer": Field("truth", "an IAM caller gets in with any external id, or with none"),
        "any_source": Field("truth", "a service calls for customers without end"),
        "any_anchor": Field("truth", "a service calls for resources without end"),
        "any_certificate": Field("truth", "a service calls for whoever has a certificate"),
        "any_pod": Field("truth", "a service calls for any pod of any cluster"),
    },
    "callers": {
        "anybody_at_home": Field("truth", "just anybody of the role's own account"),
        "organisation_wide": Field(
            "truth", "just anybody of accounts without end, all of organisations that are listed"
        ),
        "lower_environment": Field(
            "truth", "somebody of an own account that is not for production, as the role's is"
        ),
        "names_without_end": Field(
            "truth", "users or roles whose names have no end, though not just anybody"
        ),
        "without_mfa": Field("truth", "an IAM user who did not use MFA"),
        "any_tag": Field("truth", "whoever passes session tags, with whatever keys"),
    },
    "identity": {
        "caller_of_workflow": Field(
            "truth", "tenants without end, each by way of a shared workflow that is listed"
        ),
        "other_tenant": Field(
            "truth", "tenants that are listed, none of them one of the estate's own"
        ),
        "any_project": Field("truth", "projects without end, of tenants that are listed"),
        "any_ref": Field("truth", "branches or tags without end, of projects that are listed"),
        "any_environment": Field("truth", "environments without end, of projects that are listed"),
        "pull_request": Field("truth", "a pull request of a project that is listed"),
        "plan_and_apply": Field("truth", "both a plan and an apply of a project that is listed"),
        "names_alone": Field("truth", "subjects of names alone, and none that holds ids"),
        "anybody": Field("truth", "just anybody whom a provider of one tenant knows"),
        "any_audience": Field("truth", "web identities with tokens made for whomever"),
        "guest": Field("truth", "a guest of an identity pool of Cognito"),
        "guest_and_member": Field("truth", "such a guest, and users who signed in as well"),
        "any_tag": Field("truth", "whoever passes session tags, with whatever keys"),
        "any_recipient": Field("truth", "SAML identities with assertions made for whomever"),
        "any_saml_user": Field("truth", "whomever the SAML provider sends"),
    },
}

POINTS: dict[str, tuple[str, ...]] = {
    "fault": ("self",),
    "policy": ("self", "statement", "version"),
    "statement": ("self", "effect", "action", "wildcard", "principal", "condition"),
    "principal": ("self",),
    "guard": ("self", "key", "operator", "values"),
    "grant": (
        "principal",
        "statement",
        "action",
        "condition",
        "subject",
        "ref",
        "environment",
        "pull_request",
        "plan",
    ),
}
