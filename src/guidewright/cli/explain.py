"""``guidewright explain``."""

from __future__ import annotations

from guidewright.cli.console import show_json, wrong_use
from guidewright.problems import did_you_mean


def run(name: str | None, *, as_json: bool) -> None:
    """Show one rule of the audit in full, or the list of all."""
    from guidewright.audit.rules import rules

    known = rules()
    if name is None:
        if as_json:
            show_json({"rules": [dict(rule.__dict__) for rule in known.values()]})
            return
        topic = ""
        for rule in known.values():
            if rule.topic != topic:
                topic = rule.topic
                print(f"\n{topic}" if topic != next(iter(known.values())).topic else topic)
            print(f"  {rule.id:<32} {rule.severity:<8} {rule.title['en']}")
        return
    if name not in known:
        hint = did_you_mean(name, known)
        wrong_use(f"there is no rule `{name}`; {hint or 'guidewright explain lists all rules'}")
    rule = known[name]
    if as_json:
        show_json(dict(rule.__dict__))
        return
    print(f"{rule.id} ({rule.severity}, {rule.topic})\n{rule.title['en']}\n{rule.title['zh']}\n")
    for heading, words in (("says", rule.found), ("why it matters", rule.why), ("what to do", rule.do)):
        print(f"{heading}:\n  {words['en']}\n  {words['zh']}")
    print(
        "\nto answer a finding of this rule, in grading/audit.yml:\n"
        f"  answers:\n    - rule: {rule.id}\n      place: r01  # as guidewright check --format json gives it\n"
        "      accepted: true\n      reason: {zh: ……, en: ...}\n      by: steering-committee\n      date: 2026-01-31"
    )
