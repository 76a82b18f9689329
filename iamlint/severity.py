"""How bad a finding is: its rule, who gets in, and how much the role may do, in one table."""

from __future__ import annotations

from iamlint.findings import SEVERITIES, severity_rank
from iamlint.formats.role import Role
from iamlint.privilege import privilege_of

# By who gets in and by what the role may do: how many steps worse it is. Never more than one: the
# rule has said already how wide the door is, and what a role may do is seldom known whole.
STEPS: dict[str, dict[str, int]] = {
    "outside": {"administrator": 1, "escalating": 1, "ordinary": 0, "harmless": -1},
    "service": {"administrator": 1, "escalating": 0, "ordinary": 0, "harmless": -1},
    "home": {"administrator": 1, "escalating": 0, "ordinary": 0, "harmless": -1},
    "nobody": {"administrator": 0, "escalating": 0, "ordinary": 0, "harmless": 0},
}
EXPOSURES = {
    "outside": "somebody of another account, or of an identity provider",
    "service": "an AWS service, maybe on behalf of somebody else",
    "home": "somebody of an account of yours",
    "nobody": "the finding is not about who gets in",
}
PRIVILEGES = {
    "administrator": "it may do everything (`AdministratorAccess`, `*` on `*`)",
    "escalating": "it may give itself more, or do nearly everything (`IAMFullAccess`,"
    " `PowerUserAccess`, `iam:PassRole` on `*`)",
    "ordinary": "its policies are known, and neither strong nor harmless",
    "harmless": "it may write logs, metrics and traces, and nothing else",
    "unknown": "some of its policies are not known, or none is told: nothing moves",
}
_WORDS = {
    "administrator": "the role is an administrator",
    "escalating": "the role may give itself more, or do nearly everything",
    "harmless": "the role may only write logs, metrics and traces",
}


def moved(severity: str, exposure: str, role: Role) -> tuple[str, str]:
    """The severity of a finding about a role, and why it differs from that of the rule."""
    privilege = privilege_of(role)
    step = STEPS[exposure].get(privilege.kind, 0)
    rank = min(max(severity_rank(severity) + step, 0), len(SEVERITIES) - 1)
    if SEVERITIES[rank] == severity:
        return severity, ""
    return SEVERITIES[rank], f"{severity} by its rule; {_WORDS[privilege.kind]}: {privilege.by}"


def page() -> str:
    """What `iamlint explain severity` shows."""
    kinds = list(PRIVILEGES)
    lines = [
        "How severe a finding is",
        "",
        "  A rule has a severity. A finding takes it, one step higher or lower where it is known",
        "  what the role may do, by who gets in:",
        "",
        f"    {'who gets in':12}" + "".join(f"{kind:>15}" for kind in kinds),
    ]
    for exposure, steps in STEPS.items():
        cells = (f"{steps.get(kind, 0):+d}" if steps.get(kind) else "·" for kind in kinds)
        lines.append(f"    {exposure:12}" + "".join(f"{cell:>15}" for cell in cells))
    for head, words in (("Who gets in", EXPOSURES), ("What the role may do", PRIVILEGES)):
        lines += ["", head, ""]
        lines += [f"  {name}: {text}" for name, text in words.items()]
    lines += ["", "Your own word", "", *_OWN]
    return "\n".join(lines) + "\n"


_OWN = (
    "  A severity that your configuration gives to a rule stands as it is: nothing moves it.",
    "  `--level` and `--fail-on` go by the severity of the finding; fingerprints leave it out.",
    "  What is attached to a role elsewhere is not known: that is why it is one step at most.",
    "  A role with a permissions boundary, or with a Deny on what makes it strong, is not raised.",
)
