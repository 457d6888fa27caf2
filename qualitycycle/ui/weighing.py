"""The weight of the evidence for an action: four facts, the verdict with its rules, and saying otherwise."""

from __future__ import annotations

from typing import Any

import streamlit as st

from qualitycycle import charts, i18n, weighing_words
from qualitycycle.cycle import before_start, weighing, weight
from qualitycycle.cycle.toolkits import TOOLKITS
from qualitycycle.cycle.weighing import Weighed
from qualitycycle.cycle.weight import Rule
from qualitycycle.errors import Incomplete
from qualitycycle.i18n import _, ngettext
from qualitycycle.model import Verdict, Weighing
from qualitycycle.ui import failure, forms, parts, words
from qualitycycle.ui.forms import Field, Kind
from qualitycycle.ui.page import Page
from qualitycycle.ui.small_tests import whole
from qualitycycle.ui.text import safe
from qualitycycle.weighing_words import yes_no

TONES = {Verdict.CONTRADICTED: "late", Verdict.SUPPORTED: "good", Verdict.STRONG: "good"}


def badge(weighed: Weighed) -> str:
    """The verdict that stands, as words; our own HTML."""
    return parts.badge(_(weighing_words.VERDICTS[weighed.verdict]), TONES.get(weighed.verdict, "quiet"))


def show(page: Page, weighed: Weighed, *, editable: bool) -> None:
    """The verdict, why, the four facts, and for who may the ways to complete or overrule them."""
    with parts.card("weight"):
        verdict(page, weighed)
        facts(weighed)
        with st.expander(_("The rules"), key="weight_rules"):
            all_rules(weighed)
    if editable:
        with st.expander(_("Write down what is known"), key="weight_known"):
            _known_form(page, weighed)
        with st.expander(_("Say otherwise"), key="weight_overrule"):
            _overrule(page, weighed)


# --- the verdict -----------------------------------------------------------------------------------------


def verdict(page: Page, weighed: Weighed) -> None:
    """What stands, first; the derived verdict stays visible beside an overruling."""
    derived = _(weighing_words.VERDICTS[weighed.weight.verdict])
    if weighed.overruled is None:
        parts.verdict(derived, _(weighing_words.RULES[weighed.weight.decided_by]))
    else:
        said = weighed.overruled
        who = page.staff.person_name(said.person_id)
        when = " · ".join(one for one in (i18n.day(said.said_on), who) if one)
        parts.verdict(_(weighing_words.VERDICTS[said.verdict]), f"{said.note} ({when})")
        parts.note(
            _("The rules say: {verdict}. {why}").format(
                verdict=derived, why=_(weighing_words.RULES[weighed.weight.decided_by])
            )
        )
    for rule in weighed.weight.rules[1:]:
        parts.note(_(weighing_words.RULES[rule]))
    for caution in cautions(weighed):
        parts.note(caution)


def cautions(weighed: Weighed) -> list[str]:
    """What does not decide, but who reads the verdict should know."""
    said = []
    if weighed.weight.verdict is Verdict.CONTRADICTED and weight.says_nothing_of_action(weighed.weight):
        said.append(
            _(
                "Less than half of what was planned was done, or nobody knows how much. So this says little about "
                "whether the action works."
            )
        )
    if by_itself := _by_itself(weighed):
        said.append(by_itself)
    if weighed.n_beside:
        said.append(
            ngettext(
                "{n} other action for this goal ran at the same time; what came of which cannot be told apart.",
                "{n} other actions for this goal ran at the same time; what came of which cannot be told apart.",
                weighed.n_beside,
            ).format(n=weighed.n_beside)
        )
    return said


def _by_itself(weighed: Weighed) -> str:
    """How much a group that was chosen because it was low gains without any action; empty for any other group."""
    known = weighed.facts.weighing
    if weighed.by_itself is not None:
        return charts.by_themselves(weighed.by_itself)
    if known.chosen_low is not True:
        return ""
    if known.reliability is None:
        return _(
            "These pupils were chosen because they scored low, so part of their gain comes without any action. How "
            "much cannot be told: the reliability of the test is not known."
        )
    return _(
        "These pupils were chosen because they scored low. With a reliability of {reliability} they make up {share} "
        "of their distance to the mean without any action. Subtract that before you say anything."
    ).format(reliability=i18n.number(known.reliability, 2), share=i18n.percent(1 - known.reliability))


def all_rules(weighed: Weighed) -> None:
    """Every rule in the order in which it is asked, with what it gives; those that speak here are marked."""
    items = "".join(_rule(rule, rule in weighed.weight.rules) for rule in Rule)
    st.html(f'<ol class="qc-rules">{items}</ol>')
    parts.note(
        _(
            "The first rule that decides gives the verdict. Rules that hold back leave it at an indication. How many "
            "pieces of evidence or files there are never counts, and grounds from outside change nothing: they say "
            "what may be expected. The shares and numbers are agreements of this program; no standard gives them."
        )
    )


def _rule(rule: Rule, speaks: bool) -> str:
    gives = _(weighing_words.VERDICTS[weight.GIVES.get(rule, Verdict.INDICATION)])
    text = f"{safe(_(weighing_words.RULES[rule]))} → <b>{safe(gives)}</b>"
    if rule in weight.HOLDS_BACK:
        text = f"{safe(_(weighing_words.RULES[rule]))} → <b>{safe(_('an indication at most'))}</b>"
    mark = f" {parts.badge(_('speaks here'), 'talk')}" if speaks else ""
    return f"<li>{text}{mark}</li>"


# --- the four facts --------------------------------------------------------------------------------------


def facts(weighed: Weighed) -> None:
    """Four facts, each by itself: none is added to another."""
    action = weighed.facts.action
    rows = [
        (_("1. Grounds from outside"), _grounds(weighed.facts.weighing)),
        (_("2. Design of our own evidence"), _design(weighed)),
        (_("3. Quality of the measure"), _measure(weighed.facts.weighing)),
        (_("4. Done as planned"), _done(weighed)),
        (
            _("Said before the result"),
            yes_no(before_start.was_said_before(action, weight.first_seen_on(weighed.facts))),
        ),
    ]
    parts.facts(rows)


def _grounds(known: Weighing) -> str:
    lines = [_(weighing_words.GROUNDS[known.ground_kind])]
    if known.ground_source:
        lines.append(known.ground_source)
    if known.ground_read_on:
        lines.append(_("read on {day}").format(day=i18n.day(known.ground_read_on)))
    if known.ground_population:
        lines.append(_("about: {who}").format(who=known.ground_population))
    return "\n".join(lines)


def _design(weighed: Weighed) -> str:
    design = weighed.weight.design
    known = weighed.facts.weighing
    lines = [_(weighing_words.DESIGNS[design]) if design else _("No evidence of our own that supports it")]
    lines.append(_("Compared: {with_what}").format(with_what=_(weighing_words.COMPARED[known.compared])))
    return "\n".join(lines)


def _measure(known: Weighing) -> str:
    kind = _(weighing_words.MEASURES[known.measure_kind]) if known.measure_kind else _("not known")
    reliability = i18n.number(known.reliability, 2) if known.reliability is not None else _("not known")
    n = _("not known") if known.n_measured is None else i18n.number(known.n_measured)
    n_missing = _("not known") if known.n_missing is None else i18n.number(known.n_missing)
    return "\n".join(
        [
            kind,
            _("Reliability: {value}").format(value=reliability),
            _("Measured: {n}; missing: {missing}").format(n=n, missing=n_missing),
            _("The same pupils: {answer}").format(answer=yes_no(known.same_pupils)),
            _("Measured by somebody else: {answer}").format(answer=yes_no(known.by_others)),
            _("Scored blind: {answer}").format(answer=yes_no(known.blind)),
        ]
    )


def _done(weighed: Weighed) -> str:
    action, share = weighed.facts.action, weighed.weight.done_share
    if share is None:
        return _("not known")
    if action.sessions_planned and action.sessions_held is not None:
        text = _("{held} of {planned} planned sessions held").format(
            held=action.sessions_held, planned=action.sessions_planned
        )
        return f"{text} ({i18n.percent(share)})"
    said = _(words.AS_PLANNED[action.done_as_planned]) if action.done_as_planned else ""
    return _("{said}, says the owner; the sessions were not counted").format(said=said)


# --- recording -------------------------------------------------------------------------------------------


def _known_form(page: Page, weighed: Weighed) -> None:
    yes = {True: _("Yes"), False: _("No")}
    fields = [
        Field(
            "ground_kind",
            _("Grounds from outside"),
            Kind.CHOICE,
            words.options(weighing_words.GROUNDS),
            optional=False,
        ),
        Field("ground_source", _("Source"), help=_places()),
        Field("ground_read_on", _("Read on"), Kind.DATE, half=True),
        Field("ground_population", _("About whom was it?"), half=True),
        Field(
            "compared",
            _("What did we compare with?"),
            Kind.CHOICE,
            words.options(weighing_words.COMPARED),
            optional=False,
        ),
        Field("similar_start", _("Were the groups alike at the start?"), Kind.CHOICE, yes, half=True),
        Field("repeated_in", _("Repeated in which team or year?"), half=True),
        Field(
            "measure_kind", _("Measured with"), Kind.CHOICE, words.options(weighing_words.MEASURES), half=True
        ),
        Field(
            "reliability",
            _("Reliability (0 to 1)"),
            Kind.NUMBER,
            help=_("In the manual of the test."),
            half=True,
        ),
        Field("n_measured", _("Pupils measured"), Kind.NUMBER, half=True),
        Field("n_missing", _("Pupils missing"), Kind.NUMBER, half=True),
        Field("same_pupils", _("The same pupils before and after?"), Kind.CHOICE, yes, half=True),
        Field("by_others", _("Measured by somebody else?"), Kind.CHOICE, yes, half=True),
        Field("blind", _("Scored blind?"), Kind.CHOICE, yes, half=True),
        Field("chosen_low", _("Chosen because they scored low?"), Kind.CHOICE, yes, half=True),
    ]
    known = weighed.facts.weighing
    saved = forms.edit(
        page,
        known,
        fields,
        key=f"weighing.{known.action_id}",
        save=lambda seen, values: _know(page, known, seen, values),
    )
    if saved:
        st.rerun()


def _know(page: Page, known: Weighing, seen: int, values: dict[str, Any]) -> Weighing:
    typed = whole(values, "weighing", "n_measured", "n_missing")
    return weighing.know(
        page.store, page.actor, known.action_id, seen if known.weighing_id else None, **typed
    )


def _places() -> str:
    """Where to look: names and addresses as text, nothing is fetched."""
    listed = "\n".join(f"- {one.name}: {one.address}" for one in TOOLKITS)
    return _("Such as a guideline, an article or a toolkit. Places to look:") + "\n" + listed


def _overrule(page: Page, weighed: Weighed) -> None:
    parts.note(
        _("A verdict of your own stands beside that of the rules, with your reason, your name and the date.")
    )
    fields = [
        Field("verdict", _("What do you say?"), Kind.CHOICE, words.options(weighing_words.VERDICTS)),
        Field("note", _("Why?"), Kind.TEXT),
    ]
    action_id = weighed.facts.action.action_id
    values = forms.form(f"overrule.{action_id}", fields, {}, submit=_("Save our verdict"), primary=False)
    if values and failure.worked(lambda: _say(page, weighed, values), done=_("Saved.")):
        forms.forget(f"overrule.{action_id}")
        st.rerun()
    if weighed.overruled and st.button(_("Let the rules speak again"), key="overrule.back", type="tertiary"):
        said = weighed.overruled
        if failure.attempt(
            lambda: weighing.take_back(page.store, page.actor, said.overruling_id), done=_("Saved.")
        ):
            st.rerun()


def _say(page: Page, weighed: Weighed, values: dict[str, Any]) -> object:
    if values["verdict"] is None:
        raise Incomplete("overruling", "verdict")
    action_id = weighed.facts.action.action_id
    derived = weighed.weight.verdict
    return weighing.overrule(page.store, page.actor, action_id, derived, values["verdict"], values["note"])
