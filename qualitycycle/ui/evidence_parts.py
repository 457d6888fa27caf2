"""The parts of the pages about evidence."""

from __future__ import annotations

from typing import Any

import streamlit as st

from qualitycycle import charts, i18n
from qualitycycle.config import today
from qualitycycle.cycle import evidence, evidence_sources, frozen, plan, questionnaires
from qualitycycle.cycle.thread import Thread
from qualitycycle.errors import Incomplete, NotAllowed, NotFound
from qualitycycle.i18n import _, ngettext
from qualitycycle.model import Action, Cycle, Evidence, EvidenceKind, Goal, Link, Round, Says
from qualitycycle.ui import failure, figures, forms, navigation, parts, pictures, session, tie, words
from qualitycycle.ui.forms import Field, Kind
from qualitycycle.ui.page import Page
from qualitycycle.ui.text import plain, safe


def find_evidence(evidence_id: str) -> tuple[Evidence, Cycle]:
    """The evidence an address asks for, in a cycle this role may look into; raises `NotFound`."""
    store, actor = session.store(), session.actor()
    try:
        piece = plan.get(store, actor, Evidence, evidence_id)
    except NotAllowed:
        # That it exists is nobody's business who may not see it.
        raise NotFound("evidence", evidence_id) from None
    for cycle in plan.visible_cycles(store, actor):
        if cycle.cycle_id == piece.cycle_id:
            return piece, cycle
    raise NotFound("evidence", evidence_id)


# --- the list --------------------------------------------------------------------------------------------


def pick_kind() -> EvidenceKind | None:
    """The kind of evidence to list; None is all of it."""
    kinds: list[EvidenceKind | None] = [None, *EvidenceKind]
    return st.selectbox(
        _("Kind"),
        kinds,
        format_func=lambda kind: _(words.EVIDENCE_KINDS[kind]) if kind else _("All kinds"),
        key="evidence_kind",
        label_visibility="collapsed",
        width=260,
    )


def ordered(found: Thread, kind: EvidenceKind | None) -> list[Evidence]:
    """The evidence of a kind: contradicting first, then supporting, the newest first."""
    fitting = [piece for piece in found.evidence if kind in (None, piece.kind)]
    newest = sorted(fitting, key=lambda piece: piece.evidence_on, reverse=True)
    return sorted(newest, key=lambda piece: _first_rank(_links(found, piece)))


def _links(found: Thread, piece: Evidence) -> list[Link]:
    own = [link for link in found.links if link.evidence_id == piece.evidence_id]
    return sorted(own, key=lambda link: evidence.ORDER.index(link.says))


def _first_rank(links: list[Link]) -> int:
    # What contradicts comes first; what hangs on nothing last.
    return evidence.ORDER.index(links[0].says) if links else len(evidence.ORDER)


def row(page: Page, piece: Evidence, found: Thread) -> None:
    """One piece in the list: what it is, and what it says about what."""
    with parts.card(f"evidence_{piece.evidence_id}"):
        what, ties = st.columns([1, 1.1], vertical_alignment="center")
        with what:
            navigation.link("evidence", piece.title, query={"evidence": piece.evidence_id})
            st.html(f'<div class="qc-quiet">{safe(" · ".join(_facts_in_short(page, piece)))}</div>')
        with ties:
            tied = [_tied(found, link) for link in _links(found, piece)]
            st.html("".join(tied) or parts.badge(_("Tied to nothing yet"), "talk"))


def _facts_in_short(page: Page, piece: Evidence) -> list[str]:
    owner = page.staff.person_name(piece.owner_id)
    looked = _("not looked at yet") if piece.reviewed_on is None else ""
    found = [
        _(words.EVIDENCE_KINDS[piece.kind]),
        i18n.short_day(piece.evidence_on),
        piece.source,
        owner,
        looked,
    ]
    return [one for one in found if one]


def _tied(found: Thread, link: Link) -> str:
    target = _targets(found).get(link.noun_id)
    name = _target_name(target) if target else _("something that was put aside")
    return f"<div>{tie.says_badge(link.says)} {safe(name)}</div>"


def _targets(found: Thread) -> dict[str, Goal | Action]:
    everything: list[Goal | Action] = [*found.goals, *found.actions]
    return {one.id: one for one in everything}


def _target_name(target: Goal | Action) -> str:
    text = _("Goal: {title}") if isinstance(target, Goal) else _("Action: {title}")
    return text.format(title=target.title)


# --- adding and changing ---------------------------------------------------------------------------------


def fields(page: Page, *, with_kind: bool, with_n: bool = True) -> list[Field]:
    people = {one.person_id: one.name for one in page.staff.people if not one.archived}
    kinds = Field("kind", _("Kind"), Kind.CHOICE, words.options(words.EVIDENCE_KINDS), optional=False)
    number = Field("n", _("How many people or pupils is it about?"), Kind.WHOLE, half=True)
    return [
        *([kinds] if with_kind else []),
        Field(
            "title", _("What did you see, make, hear or read?"), help=_("No names of pupils or colleagues.")
        ),
        Field("text", _("Explanation"), Kind.TEXT),
        Field("source", _("Where is it kept, or where does it come from?")),
        Field("evidence_on", _("Date"), Kind.DATE, half=True),
        Field("owner_id", _("Who knows more about it?"), Kind.CHOICE, people, half=True),
        *([number] if with_n else []),
        Field("valid_until", _("Use it until"), Kind.DATE, half=True),
    ]


def add(page: Page, cycle: Cycle) -> None:
    """Add evidence of any kind; tying it comes next, on its own page."""
    parts.note(_("Questionnaire results and pupil outcomes bring their figure along when you start there:"))
    with st.container(horizontal=True, key="add_from"):
        navigation.link("results", _("Collective efficacy"))
        navigation.link("outcomes", _("Pupil outcomes"))
    start = {"kind": EvidenceKind.OBSERVATION, "evidence_on": today(), "owner_id": page.actor.person_id}
    values = forms.form("new_evidence", fields(page, with_kind=True), start, submit=_("Add evidence"))
    if values is None:
        return
    added = failure.attempt(
        lambda: evidence.add(page.store, page.actor, cycle_id=cycle.cycle_id, **values),
        done=_("Added. Now say what it is about."),
    )
    if added:
        forms.forget("new_evidence")
        navigation.go("evidence", evidence=added.evidence_id)


def edit(page: Page, piece: Evidence) -> None:
    """Change the words around it, or put it aside."""
    has_figure = bool(piece.figure)
    with st.expander(_("Change this evidence"), key="change_evidence"):
        if has_figure:
            parts.note(_("The figure stays as it was taken over; only the words around it can change."))
        saved = forms.edit(
            page,
            piece,
            fields(page, with_kind=not has_figure, with_n=not has_figure),
            key=f"evidence.{piece.evidence_id}",
            save=lambda seen, values: evidence.change(
                page.store, page.actor, piece.evidence_id, seen, **values
            ),
        )
        if saved:
            st.rerun()
        forms.archive_button(page, piece)


def put_aside(page: Page, piece: Evidence) -> None:
    """An archived piece says so, with its way back."""
    parts.note(_("This evidence was put aside. It counts nowhere until it is brought back."))
    if not page.may_edit or not st.button(_("Bring back"), key="bring_back"):
        return
    if failure.attempt(
        lambda: plan.restore(page.store, page.actor, Evidence, piece.evidence_id), done=_("It is back.")
    ):
        st.rerun()


# --- one piece -------------------------------------------------------------------------------------------


def facts(page: Page, piece: Evidence) -> None:
    """What it is, where it comes from, and who knows more."""
    n = ngettext("{n} person or pupil", "{n} people or pupils", piece.n).format(n=piece.n) if piece.n else ""
    past = piece.valid_until is not None and piece.valid_until < today()
    with parts.card("facts"):
        if past:
            st.html(parts.badge(_("Past its date: look for something newer"), "late"))
        parts.facts(
            [
                (_("Kind"), _(words.EVIDENCE_KINDS[piece.kind])),
                (_("Date"), i18n.day(piece.evidence_on)),
                (_("About"), n),
                (_("Source"), piece.source),
                (_("Who knows more"), page.staff.person_name(piece.owner_id) or _("nobody named")),
                (_("Explanation"), piece.text),
                (_("Use it until"), i18n.day(piece.valid_until) if piece.valid_until else ""),
                (_("Added on"), i18n.day(piece.added_on)),
                (_("Version"), _("{n} (each change counts)").format(n=piece.revision)),
                (_("Looked at on"), i18n.day(piece.reviewed_on) if piece.reviewed_on else _("not yet")),
            ]
        )


def review(page: Page, piece: Evidence) -> None:
    """I looked at it: one click, and the gap in the thread closes."""
    if piece.reviewed_on is not None:
        return
    clicked = st.button(_("I looked at it"), key="review", type="primary", icon=":material/visibility:")
    if not clicked:
        return
    if failure.attempt(lambda: evidence.review(page.store, page.actor, piece.evidence_id), done=_("Saved.")):
        st.rerun()


def figure(page: Page, piece: Evidence) -> None:
    """The figure as it was when it became evidence, and what became of its data since."""
    if not piece.figure:
        return
    parts.heading(_("The figure"))
    with parts.card("figure"):
        if piece.kind is EvidenceKind.QUESTIONNAIRE:
            _round_figure(page, piece)
        else:
            _outcome_figure(page, piece)
        parts.note(
            _(
                "This is how the figures stood on {day}, at data version {version}. Later imports do not change it."
            ).format(
                day=i18n.day(piece.added_on),
                version=piece.data_version if piece.data_version is not None else "–",
            )
        )
    if piece.kind is EvidenceKind.OUTCOME:
        _since(page, piece)


def _round_figure(page: Page, piece: Evidence) -> None:
    one = plan.get(page.store, page.actor, Round, str(piece.data_ref.get("round_id", "")))
    result = frozen.published(frozen.from_json(piece.figure))
    instrument = questionnaires.get(page.store, one.instrument_key, one.instrument_version)
    text = ngettext("{n} of {all} person answered.", "{n} of {all} people answered.", result.n_invited)
    parts.note(text.format(n=result.n_answered, all=result.n_invited))
    if not result.school.shown:
        parts.note(_("Too few answers to show."))
        return
    picture = charts.scale_results(result, result.school, instrument, theme=page.theme)
    figures.chart(picture, key="snapshot")
    navigation.link("results", _("See the whole round"), query={"round": one.round_id})


def _outcome_figure(page: Page, piece: Evidence) -> None:
    taken = evidence.shown_by(piece)
    if taken is not None:
        parts.note(pictures.title(taken.view))
        pictures.draw(taken, key="snapshot", theme=page.theme)


def _since(page: Page, piece: Evidence) -> None:
    """Files that were taken back or replaced, and newer figures beside the ones that were kept."""
    became = evidence_sources.sources(page.store, page.actor, piece)
    for sentence in _gone(became):
        st.warning(plain(sentence), icon=":material/undo:")
    if became.now is None:
        return
    st.info(plain(_("There are other figures now than these.")), icon=":material/update:")
    if not st.toggle(_("Show the newest figures beside it"), key=f"newest.{piece.evidence_id}"):
        return
    with parts.card("newest"):
        parts.note(
            _("The newest figures, at data version {version}. They are not the evidence.").format(
                version=became.now.data_version
            )
        )
        pictures.draw(became.now, key="newest", theme=page.theme)


def _gone(became: evidence_sources.Sources) -> list[str]:
    back = ngettext(
        "The file behind this evidence was taken back since. The figure stays; look whether it still holds.",
        "{n} files behind this evidence were taken back since. The figure stays; look whether it still holds.",
        became.n_taken_back,
    )
    replaced = ngettext(
        "The file behind this evidence was replaced by a corrected one since. The figure stays as it was.",
        "{n} files behind this evidence were replaced by corrected ones since. The figure stays as it was.",
        became.n_replaced,
    )
    told = ((became.n_taken_back, back), (became.n_replaced, replaced))
    return [text.format(n=n) for n, text in told if n]


# --- what it is tied to ----------------------------------------------------------------------------------


def links(page: Page, piece: Evidence, found: Thread, editable: bool) -> None:
    """Every goal and action it is tied to, contradicting first; change, take away, and one more."""
    tied = _links(found, piece)
    if not tied:
        parts.note(_("Tied to nothing yet, so it supports and contradicts nothing."))
    targets = _targets(found)
    for link in tied:
        with parts.card(f"link_{link.link_id}"):
            _link(page, link, targets.get(link.noun_id), editable)
    if editable:
        with st.expander(_("Tie it to a goal or action"), expanded=not tied, key="add_link"):
            _add_link(page, piece, found)


def _link(page: Page, link: Link, target: Goal | Action | None, editable: bool) -> None:
    st.html(f"<div>{tie.says_badge(link.says)} {safe(link.note)}</div>")
    if target is None:
        parts.note(_("This goal or action was put aside."))
    else:
        navigation.link(link.noun, _target_name(target), query={link.noun: link.noun_id})
    if not editable or target is None:
        return
    with st.expander(_("Change"), key=f"change.{link.link_id}"):
        note = Field("note", _("Why do you say so?"))
        saved = forms.edit(
            page,
            link,
            [tie.says_field(), note],
            key=f"link.{link.link_id}",
            save=lambda seen, values: _change_link(page, link, seen, values),
        )
        if saved:
            st.rerun()
        _untie(page, link)


def _untie(page: Page, link: Link) -> None:
    icon = ":material/link_off:"
    if not st.button(_("Untie"), key=f"untie.{link.link_id}", type="tertiary", icon=icon):
        return
    done = _("Untied. The evidence itself stays.")
    if failure.attempt(lambda: evidence.unlink(page.store, page.actor, link.link_id), done=done):
        st.rerun()


def _change_link(page: Page, link: Link, seen: int, values: dict[str, Any]) -> Link:
    if values["says"] is None:
        raise Incomplete("link", "says")
    says: Says = values["says"]
    return plan.change(page.store, page.actor, Link, link.link_id, seen, says=says, note=values["note"])


def _add_link(page: Page, piece: Evidence, found: Thread) -> None:
    tied = {link.noun_id for link in _links(found, piece)}
    options = {
        choice: name
        for choice, name in tie.targets(found.goals, found.actions).items()
        if choice.partition(":")[2] not in tied
    }
    if not options:
        parts.note(_("There is no other goal or action in this cycle."))
        return
    values = forms.form("new_link", tie.link_fields(options), {}, submit=_("Tie"))
    if values and failure.worked(lambda: tie.save_link(page, piece.evidence_id, values), done=_("Tied.")):
        forms.forget("new_link")
        st.rerun()
