"""The evidence of the example school."""

from __future__ import annotations

from qualitycycle import config
from qualitycycle.cycle import demo_files, evidence
from qualitycycle.cycle import demo_texts as texts
from qualitycycle.cycle.demo_telling import Telling
from qualitycycle.cycle.demo_texts import EvidenceText
from qualitycycle.model import Evidence, Says


def add_evidence(told: Telling, text: EvidenceText) -> None:
    story = told.story
    piece = _piece(told, text)
    demo_files.attach(story.store, story.leader, piece)
    for title, says, note in text.links:
        target = told.goals.get(title) or told.actions[title]
        # A line of outcomes supports a claim only where the figures do.
        claimed = says is Says.SUPPORTS and bool(text.line)
        goes_up = not claimed or _last_points_rise(piece)
        evidence.link(
            story.store, story.leader, piece.evidence_id, target, says if goes_up else Says.NOTHING_YET, note
        )
    if text.reviewed:
        evidence.review(story.store, story.leader, piece.evidence_id)


def _piece(told: Telling, text: EvidenceText) -> Evidence:
    story, cycle_id = told.story, told.cycle.cycle_id
    if text.line:
        return evidence.from_series(story.store, story.leader, texts.LINES[text.line], cycle_id, text.title)
    if text.round is not None:
        round_id = told.rounds[text.round].round.round_id
        return evidence.from_round(story.store, story.leader, round_id, cycle_id)
    return evidence.add(
        story.store,
        story.leader,
        cycle_id=cycle_id,
        kind=text.kind,
        title=text.title,
        evidence_on=config.today(),
        text=text.text,
        source=text.source,
        n=text.n,
    )


def _last_points_rise(piece: Evidence) -> bool:
    values = [point.value for point in evidence.points_in(piece) if point.value is not None]
    return len(values) < 2 or values[-1] > values[-3 if len(values) > 2 else 0]
