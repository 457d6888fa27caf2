"""Every way out of the verbs, on a school whose small groups have unmistakable figures (see `tests.planted`).

A verb, a word in the terminal or a field of an error that is new fails here until somebody has thought about what it
lets out.
"""

from __future__ import annotations

import contextlib
import importlib
import inspect
import itertools
import json
import pkgutil
import re
from dataclasses import fields, is_dataclass, replace
from datetime import date

import pandas as pd
import pytest

from qualitycycle import config, cycle, errors, sentences
from qualitycycle.analysis import disclosure
from qualitycycle.cycle import (
    answering,
    attachments,
    baselines,
    coaching_totals,
    cohorts,
    confidence,
    corrections,
    counts,
    everyones_part,
    evidence,
    evidence_sources,
    expertise,
    expertise_matches,
    expertise_requests,
    goal_talks,
    group_reviews,
    guidance,
    help_requests,
    history,
    import_batches,
    import_preview,
    import_profiles,
    import_storing,
    import_versions,
    indicators,
    meeting_agenda,
    meetings,
    minutes,
    network,
    network_received,
    plan,
    policies,
    refused_rows,
    reports,
    results,
    rosters,
    rounds,
    school,
    series,
    small_tests,
    success_wall,
    thread,
    to_do,
    upkeep,
    views,
    wall,
    weighing,
)
from qualitycycle.cycle.views import View, ViewKind
from qualitycycle.errors import QualityCycleError
from qualitycycle.imports.corrections import Correction
from qualitycycle.imports.fields import Field
from qualitycycle.imports.files import read_tables
from qualitycycle.model import NOUNS, Action, Attachment, Evidence, Goal, Indicator, Measurement, Round
from qualitycycle.reports import refused_list
from qualitycycle.server import verbs
from qualitycycle.store.connect import open_store
from tests import planted
from tests.cycle.conftest import RESPONDENT

# --- the exits -------------------------------------------------------------------------------------------


def _actors(made):
    return [made.world.leader, made.world.coach, made.world.member, made.world.reader]


def _each(made, look):
    """What every role gets to see of it; refused is nothing."""
    for actor in _actors(made):
        with contextlib.suppress(QualityCycleError):
            yield look(made.world.store, actor)


def _all(made, noun):
    return plan.find(made.world.store, made.world.leader, noun, archived=True)


def _lines(store, actor):
    """Every line with every level it may be asked for."""
    for one in series.selections(store, actor):
        yield one
        levels = series.levels_of(store, one) if one.pupils else []
        yield from (replace(one, level=level) for level in levels)


def _file(store, actor, content=planted.FILE):
    prepared = import_preview.read_file(store, actor, content.encode(), "toetsen.csv")
    table = prepared.tables[0]
    mapping, _profile = import_preview.mapping_for(store, table)
    return prepared, table, mapping


def _preview(store, actor):
    _prepared, table, mapping = _file(store, actor)
    # Also with a column that was taken for another one.
    wrong = mapping.with_columns(**{Field.SUBJECT: "Vaardigheidsscore", Field.VALUE: "Leerlingnummer"})
    for one in (mapping, wrong):
        result = import_preview.preview(store, actor, table, one)
        yield (
            import_preview.groups_in(result),
            refused_rows.refused_in(result),
            refused_rows.unknown_words(result),
        )
    yield [import_preview.samples(table, column) for column in table.columns]


def _older(store, actor):
    _prepared, table, mapping = _file(store, actor)
    result = import_preview.preview(store, actor, table, mapping)
    return import_versions.older_version(store, actor, result, mapping)


def _corrected(store, actor, made):
    """The list of refused rows as it is saved, and what is said of it when it comes back filled in."""
    rows = refused_rows.refused_rows(store, actor, made.batch_id, most=None)
    sheet = refused_list.render(rows)
    told = read_tables(sheet, "apart.xlsx")[0]
    given = tuple(Correction(row.refused_row_id, row.column, "nog steeds niet") for row in rows)
    prepared = import_preview.Prepared("apart.xlsx", "", import_preview.CORRECTIONS, corrections=given)
    found = corrections.look_at(store, actor, prepared)
    # The rows that go in only go back into `read_in`.
    return told.frame, found.still_refused, found.n_unknown, len(found.accepted)


def _over_rounds(made, store, actor):
    closed = results.closed_rounds(store, actor)
    for group in rounds.result(store, actor, made.round_ids[0]).groups:
        for scale in ("shared_goals", *(scale.key for scale in group.scales)):
            yield results.over_rounds(store, actor, closed, group.key, scale)


def _pictures(store, actor):
    """Every line as the picture it is, where something of it can be shown."""
    asked = [View(ViewKind.LINE, one) for one in _lines(store, actor)]
    return [one for one in asked if views.result(store, actor, one).figures is not None]


def _every_view(store, actor):
    """Every picture of every line, at every moment and pair of moments, as far as it can be asked."""
    for line in _lines(store, actor):
        sat = cohorts.sat(store, actor, line) if line.pupils else []
        labels = list(dict.fromkeys(one.label for one in sat))
        ends = [*labels, *dict.fromkeys(label.split(" ")[-1] for label in labels)]
        pairs = [(None, None), *((None, end) for end in ends), *((start, None) for start in labels)]
        pairs += list(itertools.product(labels, labels))
        for kind, (start, end) in itertools.product(ViewKind, pairs):
            with contextlib.suppress(QualityCycleError):
                yield views.result(store, actor, View(kind, line, start=start, end=end))


def _looked_at_wall(store, actor, made):
    """Every line as the only picture there."""
    for selection in _lines(store, made.world.leader):
        hung = wall.hang(store, made.world.leader, View(ViewKind.LINE, selection))
        yield wall.look(store, actor)
        wall.take_down(store, made.world.leader, hung.id)


def _register(store, actor, made):
    """A policy that rests on every piece of evidence there is."""
    new = {"title": "Doubleren", "writer_id": made.world.leader.person_id, "review_on": config.today()}
    policy = policies.add(store, made.world.leader, **new, text="Zo doen wij dat")
    for piece in _all(made, Evidence):
        policies.rest_on(store, made.world.leader, policy.policy_id, piece.evidence_id)
    return policies.register(store, actor)


def _new_indicator(store, actor, made):
    new = {"title": "Nieuw", "unit": "", "direction": "increase", "target": 99.0}
    goal = _all(made, Goal)[0]
    return [indicators.make(store, actor, one, goal_id=goal.id, **new) for one in _pictures(store, actor)]


# What gives something about people back, and how it is looked at.
LOOKED_AT = {
    "act.still_open": lambda made: _each(made, lambda s, a: act_still_open(s, made)),
    "baselines.line_of": lambda made: _each(
        made, lambda s, a: [baselines.line_of(s, a, one) for one in _all(made, Indicator)]
    ),
    "baselines.decisions": lambda made: _each(
        made, lambda s, a: [baselines.decisions(s, a, one) for one in _all(made, Indicator)]
    ),
    "confidence.votes_about": lambda made: _each(
        made, lambda s, a: [confidence.votes_about(s, a, one.goal_id) for one in _all(made, Goal)]
    ),
    "confidence.beside": lambda made: _each(
        made,
        lambda s, a: [
            confidence.beside(s, a, one, [baselines.line_of(s, a, own) for own in _all(made, Indicator)], [])
            for one in _all(made, Goal)
        ],
    ),
    "evidence.links_of": lambda made: _each(
        made,
        lambda s, a: [evidence.links_of(s, a, one) for noun in (Goal, Action) for one in _all(made, noun)],
    ),
    "evidence.targets_of": lambda made: _each(
        made, lambda s, a: [evidence.targets_of(s, a, one.evidence_id) for one in _all(made, Evidence)]
    ),
    "evidence.matrix": lambda made: _each(made, lambda s, a: evidence.matrix(s, a, made.world.running)),
    "evidence.from_round": lambda made: _each(
        made, lambda s, a: evidence.from_round(s, a, made.round_ids[0], made.world.running)
    ),
    "evidence.from_series": lambda made: _each(
        made, lambda s, a: evidence.from_series(s, a, planted.line("5"), made.world.running, "Nog eens")
    ),
    "evidence.from_view": lambda made: _each(
        made, lambda s, a: [evidence.from_view(s, a, one, made.world.running, "x") for one in _pictures(s, a)]
    ),
    "evidence_sources.sources": lambda made: _each(
        made, lambda s, a: [evidence_sources.sources(s, a, one) for one in _all(made, Evidence)]
    ),
    "indicators.points_of": lambda made: _each(
        made, lambda s, a: [indicators.points_of(s, a, one) for one in _all(made, Indicator)]
    ),
    "indicators.make": lambda made: _each(made, lambda s, a: _new_indicator(s, a, made)),
    "wall.look": lambda made: _each(made, lambda s, a: list(_looked_at_wall(s, a, made))),
    "wall.n_hanging": lambda made: [wall.n_hanging(made.world.store)],
    "wall.on_wall": lambda made: [wall.on_wall(made.world.store, View(ViewKind.LINE, planted.line("5")))],
    "wall.taken_down": lambda made: _each(made, wall.taken_down),
    "coaching_totals.shared": lambda made: _each(made, coaching_totals.shared),
    "guidance.trajectories": lambda made: _each(made, guidance.trajectories),
    "guidance.find": lambda made: _each(
        made, lambda s, a: [guidance.find(s, a, one.id) for one in guidance.trajectories(s, a)]
    ),
    "help_requests.requests": lambda made: _each(made, help_requests.requests),
    "help_requests.put_aside": lambda made: _each(made, help_requests.put_aside),
    # What these let out is attacked in `test_network_attack`.
    "network.questions": lambda made: _each(made, network.questions),
    "network.given": lambda made: _each(
        made, lambda s, a: [network.given(s, a, one) for one in network.periods()]
    ),
    "network.own": lambda made: _each(
        made, lambda s, a: [network.own(s, a, one) for one in network.periods()]
    ),
    "network_received.received": lambda made: _each(made, network_received.received),
    "network_received.told_periods": lambda made: _each(made, network_received.told_periods),
    "network_received.beside": lambda made: _each(
        made, lambda s, a: [network_received.beside(s, a, one) for one in network.periods()]
    ),
    "expertise.board": lambda made: _each(made, expertise.board),
    "expertise.own": lambda made: _each(made, expertise.own),
    "expertise_matches.uses": lambda made: _each(made, _uses),
    "expertise_matches.whole": lambda made: _each(
        made, lambda s, a: expertise_matches.whole(s, a, expertise.board(s, a))
    ),
    "expertise_matches.of_action": lambda made: _each(
        made, lambda s, a: [expertise_matches.of_action(s, a, one, None) for one in _all(made, Action)]
    ),
    "expertise_requests.waiting": lambda made: _each(made, expertise_requests.waiting),
    "expertise_requests.concerning": lambda made: _each(made, expertise_requests.concerning),
    "expertise_requests.agreed": lambda made: _each(made, expertise_requests.agreed),
    "expertise_requests.about": lambda made: _each(
        made, lambda s, a: [expertise_requests.about(s, a, "goal", one.id) for one in _all(made, Goal)]
    ),
    # What pictures let out is attacked in `tests/analysis/test_evenness.py`.
    "everyones_part.pictures": lambda made: _each(made, everyones_part.pictures),
    "everyones_part.to_draw": lambda made: _each(made, everyones_part.to_draw),
    "group_reviews.year": lambda made: _each(made, lambda s, a: group_reviews.year(s, a, "2026-2027")),
    "group_reviews.put_aside": lambda made: _each(made, group_reviews.put_aside),
    "history.changes": lambda made: _each(made, lambda s, a: history.changes(s, a, limit=10_000)),
    "history.n_changes": lambda made: _each(made, lambda s, a: history.n_changes(s, a)),
    "import_batches.batches": lambda made: _each(made, import_batches.batches),
    "import_batches.undone_batches": lambda made: _each(made, import_batches.undone_batches),
    "import_profiles.profiles": lambda made: [import_profiles.profiles(made.world.store)],
    "import_profiles.forgotten": lambda made: [import_profiles.forgotten(made.world.store)],
    "import_versions.older_version": lambda made: _each(made, _older),
    "corrections.look_at": lambda made: _each(made, lambda s, a: _corrected(s, a, made)),
    "refused_rows.refused_rows": lambda made: _each(
        made, lambda s, a: refused_rows.refused_rows(s, a, made.batch_id)
    ),
    "refused_rows.n_refused": lambda made: _each(
        made, lambda s, a: refused_rows.n_refused(s, a, made.batch_id)
    ),
    "import_preview.preview": lambda made: _each(made, lambda s, a: list(_preview(s, a))),
    "import_files.import_file": lambda made: _terminal(made, "import"),
    "meeting_agenda.gather": lambda made: _each(
        made, lambda s, a: meeting_agenda.gather(s, a, made.world.running)
    ),
    "meeting_agenda.lines_of": lambda made: _each(
        made, lambda s, a: meeting_agenda.lines_of(s, a, thread.thread(s, a, made.world.running))
    ),
    "meeting_agenda.goal_facts": lambda made: _each(made, lambda s, a: _goal_facts(s, a, made)),
    "meeting_agenda.closed_meetings": lambda made: _each(
        made, lambda s, a: meeting_agenda.closed_meetings(s, a, made.world.running, None)
    ),
    "meeting_agenda.next_focus": lambda made: _each(
        made, lambda s, a: [meeting_agenda.next_focus(s, a, one) for one in meetings.held(s, a)] or None
    ),
    "meetings.held": lambda made: _each(made, meetings.held),
    "minutes.minutes": lambda made: _each(
        made, lambda s, a: [minutes.minutes(s, a, one.meeting_id) for one in meetings.held(s, a)]
    ),
    "to_do.everything": lambda made: _each(made, to_do.everything),
    "to_do.mine": lambda made: _each(made, to_do.mine),
    "to_do.people_with_work": lambda made: _each(
        made, lambda s, a: to_do.people_with_work(s, to_do.everything(s, a))
    ),
    "policies.register": lambda made: _each(made, lambda s, a: _register(s, a, made)),
    "plan.find": lambda made: _each(
        made,
        # Nobody asks for typed values this way, as a test below says.
        lambda s, a: [plan.find(s, a, noun, archived=True) for noun in NOUNS if noun is not Measurement],
    ),
    "plan.get": lambda made: _each(made, lambda s, a: [plan.get(s, a, Round, one) for one in made.round_ids]),
    "plan.all_cycles": lambda made: [plan.all_cycles(made.world.store)],
    "plan.running_cycle": lambda made: [plan.running_cycle(made.world.store)],
    "plan.visible_cycles": lambda made: _each(made, plan.visible_cycles),
    # What is drawn of it is attacked where reports are: `tests/reports/test_no_small_groups.py`.
    "reports.review": lambda made: _each(
        made,
        lambda s, a: [
            _but_for_instruments(reports.review(s, a, kind, made.world.running))
            for kind in reports.kinds_for(a)
            if kind is not reports.Kind.MINUTES
        ],
    ),
    "reports.cycle_for": lambda made: _each(made, reports.cycle_for),
    "reports.goals_of": lambda made: _each(made, lambda s, a: reports.goals_of(s, a, made.world.running)),
    "results.changes": lambda made: _each(
        made,
        lambda s, a: [
            results.changes(s, a, one, results.closed_rounds(s, a)) for one in results.closed_rounds(s, a)
        ],
    ),
    "results.closed_rounds": lambda made: _each(made, results.closed_rounds),
    "results.evidence_of": lambda made: _each(
        made, lambda s, a: results.evidence_of(s, a, made.round_ids[0], made.world.running)
    ),
    "results.over_rounds": lambda made: _each(made, lambda s, a: list(_over_rounds(made, s, a))),
    "rounds.invited_teams": lambda made: [rounds.invited_teams(made.world.store, made.round_ids[0])],
    "rounds.last_closed": lambda made: _each(
        made, lambda s, a: rounds.last_closed(s, a, "collectief_vakmanschap")
    ),
    "rounds.progress": lambda made: _each(made, lambda s, a: rounds.progress(s, a, made.round_ids[0])),
    "rounds.result": lambda made: _each(
        made, lambda s, a: [rounds.result(s, a, one) for one in made.round_ids]
    ),
    "rounds.rounds_of": lambda made: _each(made, lambda s, a: rounds.rounds_of(s, a, made.world.running)),
    "school.find_school": lambda made: [school.find_school(made.world.store)],
    "school.staff": lambda made: [school.staff(made.world.store)],
    "series.selections": lambda made: _each(made, series.selections),
    "series.levels_of": lambda made: _each(made, lambda s, a: list(_lines(s, a))),
    "series.series": lambda made: _each(
        made, lambda s, a: [series.series(s, a, one) for one in _lines(s, a)]
    ),
    "counts.lines": lambda made: _each(made, lambda s, a: [counts.lines(s, a, one) for one in _lines(s, a)]),
    "cohorts.sat": lambda made: _each(made, lambda s, a: [cohorts.sat(s, a, one) for one in _lines(s, a)]),
    "views.result": lambda made: _each(made, lambda s, a: list(_every_view(s, a))),
    "series.line_of": lambda made: _each(
        made, lambda s, a: [series.line_of(s, a, one) for one in _all(made, Indicator)]
    ),
    "series.year_groups": lambda made: _each(made, series.year_groups),
    # What an indicator shows of a line, whoever asks.
    "series.whole": lambda made: [
        series.whole(made.world.store, one) for one in _lines(made.world.store, made.world.leader)
    ],
    "series.indicators_of": lambda made: [series.indicators_of(made.world.store, _all(made, Goal))],
    "thread.thread": lambda made: _each(made, lambda s, a: thread.thread(s, a, made.world.running)),
    "thread.this_week": lambda made: _each(made, thread.this_week),
    "thread.goal_line": lambda made: _each(
        made,
        lambda s, a: [
            thread.goal_line(s, a, thread.thread(s, a, made.world.running), one, config.today())
            for one in _all(made, Goal)
        ],
    ),
    "attachments.of_evidence": lambda made: _each(
        made, lambda s, a: [attachments.of_evidence(s, a, one.evidence_id) for one in _all(made, Evidence)]
    ),
    "attachments.content_of": lambda made: _each(
        made,
        lambda s, a: [attachments.content_of(s, a, one.attachment_id) for one in _all(made, Attachment)],
    ),
    "small_tests.notes_of": lambda made: _each(
        made, lambda s, a: [small_tests.notes_of(s, a, one.action_id) for one in _all(made, Action)]
    ),
    "success_wall.wall": lambda made: _each(made, success_wall.wall),
    "weighing.weigh": lambda made: _each(
        made,
        lambda s, a: [
            weighing.weigh(s, a, one, thread.thread(s, a, one.cycle_id)) for one in _all(made, Action)
        ],
    ),
    "weighing.weigh_all": lambda made: _each(
        made, lambda s, a: weighing.weigh_all(s, a, thread.thread(s, a, made.world.running))
    ),
    "upkeep.doctor": lambda made: _terminal(made, "doctor"),
    "upkeep.export": lambda made: _terminal(made, "export"),
    "rosters.held": lambda made: _each(made, rosters.held),
    "rosters.to_export": lambda made: rosters.to_export(made.world.store),
    # Names of groups and year groups, without a number.
    "rosters.year_groups": lambda made: [rosters.year_groups(made.world.store)],
    "upkeep.back_up": lambda made: _terminal(made, "backup"),
    "upkeep.backups": lambda made: _each(made, upkeep.backups),
    "upkeep.is_left_out": lambda made: _each(made, upkeep.is_left_out),
    "upkeep.backup_folder": lambda made: [upkeep.backup_folder(made.world.store)],
}
# What lets nothing about people out: it gives back what was put in, or nothing.
GIVES_NOTHING = {
    "access": "year_groups_seen",
    # Files are a school's own; who opens them is tested in test_attachments.
    "attachments": "attach erase folders faults export",
    # It writes only in the example school.
    "demo_weight": "weigh",
    "demo_files": "attach",
    "small_tests": "lock note_later follow_up",
    "weighing": "know overrule take_back",
    "act": "evaluate_action close_goal reopen_goal close_cycle check_closing suggested add_missing_year start_first "
    "start_next",
    "baselines": "decide take_back bring_back",
    "confidence": "open_vote new_code change_present look_up ticket answer open_vote_of cancel_vote",
    "demo": "is_filled fill",
    "demo_meetings": "days",
    # Its small schools are told into stores of their own.
    "demo_network": "fill small_school",
    "demo_outcomes": "import_year",
    "elsewhere": "fillable open_rounds into_round as_round",
    "evidence": "add change link unlink review",
    "import_batches": "undo redo",
    "indicators": "feed",
    "wall": "hang move take_down",
    "import_storing": "import_table",
    "import_rosters": "import_roster",
    "corrections": "read_in",
    "open_data": "import_inspectie import_own_lines",
    "import_profiles": "rename forget bring_back",
    "reached_levels": "of_line other_source",
    "refused_rows": "deal_with",
    "plan": "record change archive restore reorder move_phase",
    "answering": "look_up answer is_vote n_so_far open_rounds",
    "questionnaires": "get offered to_open own_files check add put_aside bring_back",
    "rounds": "open_round more_codes extend enter_paper close_round",
    "school": "set_up add_school_year",
    "sign_in": "door session use leaders has_access sign_in choose claim change_own hand_out sign_out "
    "sign_out_everywhere begin has_passphrase is_own_passphrase check_chosen",
    "goal_talks": "talks owned_since school_mondays",
    "meeting_clock": "look beat",
    "meeting_entries": "add_success success decide hinder solve park settle say agree keep carry_over drop predict "
    "undo",
    "meetings": "usual_blocks arrange running all_running streak suggested_roles expected start change_present "
    "write_notes feel close cancel",
    "name_check": "known_words",
    # Seen by its owner in her own session alone: `test_coaching_log` attacks it.
    "coaching_access": "is_made follows_sign_in make open_log recover lock_anew give_up close is_open data_key",
    "coaching_key": "is_made stored with_other_passphrase hold held forget",
    "coaching_log": "read change save_conversation remove_conversation set_kinds save_week remove_week "
    "set_reflection set_note",
    "coaching_totals": "share take_back",
    "guidance": "begin begin_with_group write_together change change_with_group move close reopen",
    "help_requests": "ask ask_all change come withdraw archive bring_back of_everybody",
    # Figures leave as they were put down, so what putting down gives is what `network.own` gives.
    "network": "decides set_themes put_down give content doubtful",
    "network_cases": "found",
    "network_received": "receive remove",
    "demo_support": "fill",
    "meeting_book": "put_down",
    "meeting_points": "points name put_off hold look_again agree",
    # Who has which task, and what was agreed, in words; a task counts nobody.
    "policies": "due add change write_version look_again rest_on let_go",
    "support_tasks": "look start add change divide mark_done",
    "support_team": "look join change_role give_reason agree change_agreement look_again",
    "waiting": "everything for_meeting",
    "way_of_working": "look write rewrite put_up take_back put_aside remark sign_off",
    "group_reviews": "years add lay_out change hold archive bring_back",
    "demo_guidance": "fill",
    "demo_expertise": "fill",
    "expertise": "add change put_aside bring_back lay_out_themes",
    "expertise_requests": "ask answer end",
    "everyones_part": "draw",
    "school_accounts": "people_with_account set_account enter",
}
# A file as it was read, which only goes back into `preview` and `import_table`: `groups_in`, `refused_in`,
# `unknown_words` and `samples` are what is looked at of it.
# Forms that were filled in elsewhere go back into `elsewhere.into_round` and `elsewhere.as_round`; rows put aside
# say where, not what. `sheets_read` gives some of what `import_batches.batches` gives.
OPAQUE = {
    "import_preview.read_file",
    "import_preview.known_again",
    "import_preview.sheet_of",
    "import_preview.sheets_read",
    "import_preview.mapping_for",
    "elsewhere.receive",
}
# Tested where votes are: what closing gives is what `confidence.votes_about` gives afterwards.
OF_VOTES = {"confidence.progress", "confidence.close_vote", "confidence.result"}


def _uses(store, actor):
    board = expertise.board(store, actor)
    return [expertise_matches.uses(store, actor, board, one) for one in board.offers]


def _goal_facts(store, actor, made):
    found = thread.thread(store, actor, made.world.running)
    lines = meeting_agenda.lines_of(store, actor, found)
    known = goal_talks.talks(store, made.world.running)
    return meeting_agenda.goal_facts(store, actor, found, lines, known, [])


# Asked by `views.result` only, which looks at who asks; a test below holds screens to that.
OF_VIEWS = {
    "cohorts.of", "counts.counts", "gains.cohort_line", "gains.gain", "level_shares.funnel", "level_shares.levels",
    "import_states.counted", "level_rows.read", "level_sides.beside_of", "level_sides.published",
    "level_sides.weighting_of", "reached_levels.files_of", "reached_levels.moving", "reached_levels.reached_levels",
    "other_names.elsewhere", "series.after_imports", "series.elsewhere", "series.year_held",
}  # fmt: skip


def act_still_open(store, made):
    from qualitycycle.cycle import act

    return act.still_open(store, made.world.running)


def _but_for_instruments(found):
    """A review without the questionnaires themselves, which are full of figures that are about nobody."""
    return replace(found, rounds=tuple(replace(one, instrument=None) for one in found.rounds))


def _terminal(made, verb):
    """What a verb of the terminal gives back, and every file it leaves behind that can be read."""
    folder = made.world.store.path.parent
    file = folder / "toetsen.csv"
    file.write_text(planted.FILE, encoding="utf-8")
    arguments = {"path": str(file), "dry_run": True, "folder": str(folder)}
    yield verbs.VERBS[verb](made.world.store, arguments, lambda share: None)
    for path in folder.glob("export-*/*"):
        yield path.read_text(encoding="utf-8-sig")


def _public_verbs():
    """Every public function of the cycle that is given an open store."""
    found = set()
    for module in pkgutil.iter_modules(cycle.__path__):
        room = importlib.import_module(f"qualitycycle.cycle.{module.name}")
        for name, one in vars(room).items():
            own = inspect.isfunction(one) and one.__module__ == room.__name__ and not name.startswith("_")
            if own and "store" in inspect.signature(one).parameters:
                found.add(f"{module.name}.{name}")
    return found


# --- nothing is forgotten --------------------------------------------------------------------------------


def test_every_verb_of_the_cycle_has_been_thought_about():
    quiet = {f"{room}.{name}" for room, names in GIVES_NOTHING.items() for name in names.split()}
    known = set(LOOKED_AT) | quiet | OPAQUE | OF_VOTES | OF_VIEWS
    found = _public_verbs()

    # A new one belongs in LOOKED_AT when anything about people comes out of it, else in GIVES_NOTHING.
    assert (sorted(found - known), sorted(known - found)) == ([], [])
    assert not set(LOOKED_AT) & quiet


def test_every_verb_of_the_terminal_has_been_looked_at():
    looked_at = {"backup", "doctor", "export", "import", "report"}

    # A new passphrase is shown once to who asks for it, and is about nobody else.
    assert set(verbs.VERBS) == looked_at | {"reset-passphrase"}


def test_no_screen_asks_a_picture_past_its_view():
    asked = re.compile("|".join(rf"\b{re.escape(verb)}\(" for verb in OF_VIEWS))
    app = config.app_folder()
    files = [*(app / "pages").rglob("*.py"), *(app / "qualitycycle").rglob("*.py")]
    screens = [file for file in files if {"pages", "ui", "reports", "server"} & set(file.parts)]

    assert screens
    assert [file.name for file in screens if asked.search(file.read_text(encoding="utf-8"))] == []


def test_no_screen_asks_for_typed_values_as_they_are_stored():
    app = config.app_folder()
    files = [*(app / "pages").rglob("*.py"), *(app / "qualitycycle").rglob("*.py")]
    screens = [file for file in files if {"pages", "ui", "reports", "server"} & set(file.parts)]

    asks = re.compile(r"(find|get)\([^)]*\bMeasurement\b")

    assert screens
    assert [file.name for file in screens if asks.search(file.read_text(encoding="utf-8"))] == []


# Fields of errors are put in sentences. None may hold a figure about people other than what its reader typed.
FIELDS = {
    "StoreBusy": "path port",
    "StoreTooNew": "path found known",
    "StoreDamaged": "path detail",
    "DiskFull": "path",
    "BackupInvalid": "path detail",
    "BadSetting": "name value expected",
    "NotAllowed": "role right",
    "NotYours": "noun",
    "NotFound": "noun id",
    "ChangedMeanwhile": "noun id seen current theirs",
    "CycleClosed": "cycle_id title",
    "Incomplete": "noun name reason detail",
    "TooManyGoals": "team n_open limit",
    "StillOpen": "what n",
    "SignInRefused": "reason seconds",
    "LogRefused": "reason seconds",
    "LogClosed": "",
    "CodeRefused": "reason",
    "RoundClosed": "round_id",
    "RoundNotClosed": "round_id",
    "VoteNotOpen": "vote_id",
    "VoteNotClosed": "vote_id",
    "AnswersUnreadable": "path",
    "TooManyCodes": "n_asked n_left",
    "TooMuchPaper": "n_forms",
    "TooFewResponses": "n_floor",
    "AnswersRefused": "items",
    "InstrumentInvalid": "file where detail",
    "ViewRefused": "kind reason",
    "ImportRejected": "file reason detail",
    "AttachmentRefused": "file reason detail",
    "NetworkFileRefused": "file reason detail",
    "TooManyRefused": "file n n_cause cause column",
    "WallFull": "n",
}


def test_every_field_of_an_error_has_been_thought_about():
    found = {
        name: {field.name for field in fields(one)}
        for name, one in vars(errors).items()
        if inspect.isclass(one) and issubclass(one, QualityCycleError) and is_dataclass(one)
    }

    assert found == {name: set(own.split()) for name, own in FIELDS.items()}


# --- nothing small comes out -----------------------------------------------------------------------------


@pytest.fixture(scope="module")
def _made(tmp_path_factory):
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("QUALITYCYCLE_TODAY", date(2026, 11, 22).isoformat())
        store = open_store(tmp_path_factory.mktemp("planted"))
        yield planted.school(store)
        store.close()


def _text(value):
    """Everything that stands in a value, however deep."""
    if isinstance(value, str):
        return value
    if isinstance(value, pd.DataFrame):
        return value.to_csv()
    if isinstance(value, dict):
        return "\n".join(f"{_text(name)} {_text(one)}" for name, one in value.items())
    if isinstance(value, list | tuple | set | frozenset):
        return "\n".join(_text(one) for one in value)
    if is_dataclass(value):
        return "\n".join(_text(getattr(value, one.name)) for one in fields(value))
    return str(value)


def _planted_in(text):
    return planted.HIDDEN_SCORE.findall(text), planted.SMALL_MEAN.findall(text)


@pytest.mark.parametrize("verb", LOOKED_AT)
def test_a_verb_lets_no_small_group_out(_made, verb):
    seen = list(LOOKED_AT[verb](_made))

    assert seen
    assert _planted_in(_text(seen)) == ([], [])


@pytest.mark.parametrize(
    "verb",
    [
        "series.series",
        "views.result",
        "indicators.points_of",
        "rounds.result",
        "upkeep.export",
        "results.over_rounds",
    ],
)
def test_without_the_gate_the_same_search_finds_them(tmp_path, monkeypatch, verb):
    def whoever_there_is(cells, plan, *, floor=5, already=()):
        sizes = {group.name: sum(cells[cell] for cell in group.cells) for group in plan}
        shown = {True: disclosure.Shown.SHOWN, False: disclosure.Shown.HIDDEN}
        return {
            group.name: disclosure.Verdict(group, shown[sizes[group.name] > 0], sizes[group.name], None)
            for group in plan
        }

    monkeypatch.setattr(disclosure, "decide", whoever_there_is)
    store = open_store(tmp_path / "open")
    made = planted.school(store)

    seen = _text(list(LOOKED_AT[verb](made)))

    store.close()
    assert any(_planted_in(seen))


def test_hidden_and_empty_teams_look_the_same(_made):
    world = _made.world
    one = rounds.result(world.store, world.leader, _made.round_ids[0])
    hidden, silent = (
        replace(next(group for group in one.groups if group.key == world.teams[name]), key="")
        for name in (planted.SMALL, planted.SILENT)
    )

    assert hidden == silent


def test_the_sentences_of_errors_hold_no_figure_of_a_small_group(_made):
    world, said = _made.world, []
    wrong = planted.FILE.replace("Leerlingnummer", "Leerlingnummer;Naam")
    attempts = [
        lambda: answering.answer(world.store, RESPONDENT, "NOCODE00", {}),
        lambda: evidence.from_series(world.store, world.leader, planted.line("7"), world.running, "x"),
        lambda: import_preview.read_file(world.store, world.leader, b"\x00\x01", "x.csv"),
        lambda: import_storing.import_table(
            world.store,
            world.leader,
            *_result(world),
            all_or_nothing=True,
        ),
        lambda: import_preview.read_file(world.store, world.leader, wrong.encode(), "x.xlsx"),
        lambda: plan.change(
            world.store, world.leader, Measurement, _all(_made, Measurement)[0].id, 99, note="x"
        ),
    ]
    for attempt in attempts:
        with pytest.raises(QualityCycleError) as refused:
            attempt()
        said.append(sentences.of(refused.value))

    assert _planted_in("\n".join(said)) == ([], [])


def _result(world):
    prepared, table, mapping = _file(world.store, world.leader)
    return prepared, import_preview.preview(world.store, world.leader, table, mapping), mapping


def test_a_typed_value_that_ever_was_about_few_stays_hidden_in_the_record_of_changes(north_school):
    indicator = north_school.indicator(north_school.goal(), title="Van drie")
    measured = north_school.measure(indicator, date(2026, 10, 1), 7123.25, n=3)
    for changes in ({"value": 7124.5}, {"n": 30, "value": 55.0}):
        plan.change(
            north_school.store, north_school.leader, Measurement, measured.measurement_id, None, **changes
        )

    found = history.changes(north_school.store, north_school.leader, noun="measurement")

    shown = {field.name for change in found for field in change.fields if change.title == "Van drie"}
    assert "measured_on" in shown
    assert not shown & {"value", "n", "note"}


def test_the_record_of_changes_repeats_no_figure(_made):
    found = history.changes(_made.world.store, _made.world.leader, limit=10_000)

    assert not {"result", "figure"} & {field.name for change in found for field in change.fields}


def test_an_export_counts_no_rows_that_stayed(_made):
    made = list(_terminal(_made, "export"))
    document = next(json.loads(text) for text in made[1:] if '"format": "qualitycycle-export"' in text)

    assert all(set(one) == {"table", "reason", "why"} for one in document["left_out"])
