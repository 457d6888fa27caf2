"""The register of policies: who writes, who decides, when it is looked at again, what it rests on, what changed.

The text of a policy is never overwritten: another text is another version, from a day on.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from qualitycycle import config
from qualitycycle.cycle import plan
from qualitycycle.cycle.access import Right, may, require
from qualitycycle.cycle.support_team import is_due
from qualitycycle.errors import Incomplete
from qualitycycle.model import Actor, Evidence, Policy, PolicyEvidence, PolicyVersion, Says
from qualitycycle.store import records
from qualitycycle.store.connect import Store
from qualitycycle.store.records import Transaction, new_id
from qualitycycle.store.remembered import PerVersion


@dataclass(frozen=True)
class Ground:
    """Evidence a policy rests on or that speaks against it."""

    link: PolicyEvidence
    evidence: Evidence


@dataclass(frozen=True)
class PolicyLine:
    """A policy with its versions, latest first, and its evidence, what contradicts it first.

    A reader sees what is in force: versions whose day has come, without who is at work on the next one.
    """

    policy: Policy
    versions: tuple[PolicyVersion, ...] = ()
    grounds: tuple[Ground, ...] = ()

    @property
    def in_force(self) -> PolicyVersion | None:
        """The latest version whose day has come."""
        today = config.today()
        return next((one for one in self.versions if one.applies_on <= today), None)

    @property
    def due(self) -> bool:
        return not self.policy.archived and is_due(self.policy.review_on, config.today())


# --- reading ---------------------------------------------------------------------------------------------


def register(store: Store, actor: Actor, *, archived: bool = False) -> list[PolicyLine]:
    """Every policy this role may see: what is due first, then by title."""
    require(actor, Right.SEE_THREAD)
    with store.cursor() as con:
        found = records.find(con, Policy, order="lower(title), policy_id", archived=True)
        versions = records.find(con, PolicyVersion, order="number DESC, policy_version_id")
        links = records.find(con, PolicyEvidence)
    seen = {one.evidence_id: one for one in plan.find(store, actor, Evidence, archived=True)} if links else {}
    staff = may(actor, Right.EDIT_OWN_ACTION)
    today = config.today()
    lines = [
        PolicyLine(
            one,
            tuple(
                version
                for version in versions
                if version.policy_id == one.policy_id and (staff or version.applies_on <= today)
            ),
            _grounds(one, links, seen),
        )
        for one in found
        if one.archived == archived
    ]
    if not staff:
        return [_as_read(one) for one in lines if one.versions and not archived]
    return sorted(lines, key=lambda one: not one.due)


def _as_read(line: PolicyLine) -> PolicyLine:
    """Who is at work on it, and when, is not what holds."""
    return replace(line, policy=replace(line.policy, writer_id=None, review_on=None, reviewed_on=None))


def _grounds(
    policy: Policy, links: Sequence[PolicyEvidence], seen: dict[str, Evidence]
) -> tuple[Ground, ...]:
    order = list(Says)
    found = [
        Ground(one, seen[one.evidence_id])
        for one in links
        if one.policy_id == policy.policy_id and one.evidence_id in seen
    ]
    return tuple(sorted(found, key=lambda one: (order.index(one.link.says), one.evidence.title)))


def due(store: Store, actor: Actor) -> list[Policy]:
    """What is to be looked at again, now or within two weeks."""
    require(actor, Right.EDIT_OWN_ACTION)
    today = config.today()
    return [one for one in _present(store) if is_due(one.review_on, today)]


def _read(store: Store) -> list[Policy]:
    with store.cursor() as con:
        return records.find(con, Policy)


_present = PerVersion(_read)


# --- writing ---------------------------------------------------------------------------------------------


def add(
    store: Store,
    actor: Actor,
    *,
    title: str,
    writer_id: str | None,
    decides: str = "",
    review_on: date | None = None,
    text: str = "",
) -> Policy:
    """A new subject; where there is a text already it is the first version, from today on. Raises `Incomplete`."""
    require(actor, Right.EDIT_THREAD)
    new = Policy(
        policy_id=new_id(),
        title=title.strip(),
        writer_id=writer_id,
        decides=decides.strip(),
        review_on=review_on,
    )
    _check(new)

    def use_case(tx: Transaction) -> Policy:
        made = tx.insert(new)
        if text.strip():
            tx.insert(_version(made.policy_id, 1, text, "", config.today()))
        return made

    return store.write(use_case, actor=actor, verb="add_policy")


def change(store: Store, actor: Actor, policy_id: str, seen: int | None, **changes: Any) -> Policy:
    """Another title, writer, decider or day to look at it again."""
    require(actor, Right.EDIT_THREAD)

    def use_case(tx: Transaction) -> Policy:
        before = tx.get(Policy, policy_id)
        _check(Policy(**{**vars(before), **changes}))
        return tx.change(Policy, policy_id, seen, **changes)

    return store.write(use_case, actor=actor, verb="change_policy")


def write_version(
    store: Store,
    actor: Actor,
    policy_id: str,
    seen: int,
    *,
    text: str,
    changed: str,
    applies_on: date | None,
) -> PolicyVersion:
    """Another text from a day on, and what changed. `seen` is the number of versions the writer saw.

    Raises `Incomplete`; also when somebody else wrote a version meanwhile, so that no text is passed over unread.
    """
    require(actor, Right.EDIT_THREAD)
    if not text.strip():
        raise Incomplete("policy_version", "text")
    if applies_on is None:
        raise Incomplete("policy_version", "applies_on")
    if seen and not changed.strip():
        raise Incomplete("policy_version", "changed")

    def use_case(tx: Transaction) -> PolicyVersion:
        tx.get(Policy, policy_id)
        before = tx.find(PolicyVersion, where="policy_id = $policy", policy=policy_id, order="number DESC")
        if len(before) != seen:
            raise Incomplete("policy_version", "text", "version_meanwhile")
        if before and applies_on < before[0].applies_on:
            raise Incomplete("policy_version", "applies_on", "before_version")
        return tx.insert(_version(policy_id, seen + 1, text, changed, applies_on))

    return store.write(use_case, actor=actor, verb="write_policy")


def _version(policy_id: str, number: int, text: str, changed: str, applies_on: date) -> PolicyVersion:
    return PolicyVersion(
        policy_version_id=new_id(),
        policy_id=policy_id,
        number=number,
        text=text.strip(),
        changed=changed.strip(),
        applies_on=applies_on,
    )


def look_again(store: Store, actor: Actor, policy_id: str, next_on: date | None) -> Policy:
    """It was looked at today and holds; the next time is on another day."""
    require(actor, Right.EDIT_THREAD)
    if next_on is None:
        raise Incomplete("policy", "review_on")
    if next_on <= config.today():
        raise Incomplete("policy", "review_on", "in_future_only")
    return store.write(
        lambda tx: tx.change(Policy, policy_id, None, review_on=next_on, reviewed_on=config.today()),
        actor=actor,
        verb="review_policy",
    )


def rest_on(
    store: Store, actor: Actor, policy_id: str, evidence_id: str, says: Says = Says.SUPPORTS
) -> PolicyEvidence:
    """Tie evidence to a policy; tying it again says anew what it says."""
    require(actor, Right.EDIT_THREAD)

    def use_case(tx: Transaction) -> PolicyEvidence:
        tx.get(Policy, policy_id)
        tx.get(Evidence, evidence_id)
        same = tx.find(
            PolicyEvidence,
            where="policy_id = $policy AND evidence_id = $evidence",
            policy=policy_id,
            evidence=evidence_id,
        )
        if same:
            return tx.change(PolicyEvidence, same[0].policy_evidence_id, None, says=says)
        return tx.insert(
            PolicyEvidence(
                policy_evidence_id=new_id(), policy_id=policy_id, evidence_id=evidence_id, says=says
            )
        )

    return store.write(use_case, actor=actor, verb="tie_policy")


def let_go(store: Store, actor: Actor, policy_evidence_id: str) -> PolicyEvidence:
    """The policy no longer rests on this; the evidence itself stays."""
    require(actor, Right.EDIT_THREAD)
    return store.write(
        lambda tx: tx.archive(PolicyEvidence, policy_evidence_id), actor=actor, verb="untie_policy"
    )


def _check(policy: Policy) -> None:
    if not policy.title.strip():
        raise Incomplete("policy", "title")
    if policy.writer_id is None:
        raise Incomplete("policy", "writer_id")
    if policy.review_on is None:
        raise Incomplete("policy", "review_on")
