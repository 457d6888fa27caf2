"""What must hold in a school's file. There are no foreign keys, so `upkeep.doctor` asks these questions."""

from __future__ import annotations

from qualitycycle.i18n import N_


def _missing(table: str, column: str, other: str) -> str:
    """Records whose `column` names a record of `other` that is not there. All names are our own."""
    return (
        f"SELECT {table}_id AS id FROM {table} WHERE {column} IS NOT NULL"  # noqa: S608
        f" AND {column} NOT IN (SELECT {other}_id FROM {other}) ORDER BY id"
    )


def _loose(table: str, column: str, other: str) -> str:
    """Values of `column` in rows without an id of their own that name no record of `other`."""
    return (
        f"SELECT DISTINCT {column} AS id FROM {table}"  # noqa: S608
        f" WHERE {column} NOT IN (SELECT {other}_id FROM {other}) ORDER BY id"
    )


def _target(table: str) -> str:
    """Records that point at a goal, an action or a cycle by `noun` and `noun_id`."""
    return f"""
        SELECT {table}_id AS id FROM {table}
        WHERE (noun = 'goal' AND noun_id NOT IN (SELECT goal_id FROM goal))
           OR (noun = 'action' AND noun_id NOT IN (SELECT action_id FROM action))
           OR (noun = 'cycle' AND noun_id NOT IN (SELECT cycle_id FROM cycle))
        ORDER BY id
    """  # noqa: S608


def _union(*parts: str) -> str:
    return " UNION ALL ".join(f"({part})" for part in parts)


def _listed(table: str, column: str, other: str) -> str:
    """Records with a list of ids of which one is not there."""
    return f"""
        SELECT DISTINCT {table}_id AS id
        FROM (SELECT {table}_id, unnest(json_extract_string({column}, '$[*]')) AS listed FROM {table})
        WHERE listed NOT IN (SELECT {other}_id FROM {other})
        ORDER BY id
    """  # noqa: S608


# To which closed cycle a record belongs, through however many records lie between.
_BELONGS = """
    SELECT 'cycle' AS noun, cycle_id AS noun_id, cycle_id FROM cycle
    UNION ALL SELECT 'goal', goal_id, cycle_id FROM goal
    UNION ALL SELECT 'action', action_id, cycle_id FROM action
    UNION ALL SELECT 'evidence', evidence_id, cycle_id FROM evidence
    UNION ALL SELECT 'round', round_id, cycle_id FROM round
    UNION ALL SELECT 'weighing', w.weighing_id, a.cycle_id FROM weighing w JOIN action a USING (action_id)
    UNION ALL SELECT 'later_note', n.later_note_id, a.cycle_id FROM later_note n JOIN action a USING (action_id)
    UNION ALL SELECT 'overruling', o.overruling_id, a.cycle_id FROM overruling o JOIN action a USING (action_id)
    UNION ALL SELECT 'link', l.link_id, e.cycle_id FROM link l JOIN evidence e USING (evidence_id)
    UNION ALL SELECT 'indicator', i.indicator_id, g.cycle_id FROM indicator i JOIN goal g USING (goal_id)
    UNION ALL
    SELECT 'measurement', m.measurement_id, g.cycle_id
    FROM measurement m JOIN indicator i USING (indicator_id) JOIN goal g USING (goal_id)
    UNION ALL
    SELECT 'baseline', b.baseline_id, g.cycle_id
    FROM baseline b JOIN indicator i USING (indicator_id) JOIN goal g USING (goal_id)
    UNION ALL
    SELECT 'phase_move', p.phase_move_id, coalesce(g.cycle_id, p.noun_id)
    FROM phase_move p LEFT JOIN goal g ON p.noun = 'goal' AND g.goal_id = p.noun_id
"""

# Code to a query with the ids of what is wrong; no rows when all is well.
CHECKS: dict[str, str] = {
    "link_without_evidence": _missing("link", "evidence_id", "evidence"),
    "link_without_target": _target("link"),
    "goal_without_cycle": _missing("goal", "cycle_id", "cycle"),
    "action_without_cycle": _missing("action", "cycle_id", "cycle"),
    "evidence_without_cycle": _missing("evidence", "cycle_id", "cycle"),
    "round_without_cycle": _missing("round", "cycle_id", "cycle"),
    "cycle_follows_nothing": _missing("cycle", "follows_cycle_id", "cycle"),
    "ambition_without_vision": _missing("ambition", "vision_id", "vision"),
    "goal_without_ambition": _missing("goal", "ambition_id", "ambition"),
    "indicator_without_goal": _missing("indicator", "goal_id", "goal"),
    "measurement_without_indicator": _missing("measurement", "indicator_id", "indicator"),
    "baseline_without_indicator": _missing("baseline", "indicator_id", "indicator"),
    "action_without_goal": _missing("action", "goal_id", "goal"),
    "guidance_without_goal": _missing("guidance_trajectory", "goal_id", "goal"),
    "expertise_loose": _union(
        _missing("expertise", "theme_id", "expertise_theme"),
        _missing("expertise_request", "expertise_id", "expertise"),
        _target("expertise_request"),
        _loose("everyones_part", "cycle_id", "cycle"),
    ),
    "weighing_loose": _union(
        _missing("action", "follows_action_id", "action"),
        _missing("weighing", "action_id", "action"),
        _missing("later_note", "action_id", "action"),
        _missing("overruling", "action_id", "action"),
        _missing("attachment", "evidence_id", "evidence"),
    ),
    "phase_move_without_target": _target("phase_move"),
    "meeting_parts_loose": _union(
        _missing("meeting", "cycle_id", "cycle"),
        _missing("decision", "meeting_id", "meeting"),
        _missing("decision", "goal_id", "goal"),
        _missing("success", "cycle_id", "cycle"),
        _target("success"),
        _missing("obstacle", "cycle_id", "cycle"),
        _missing("obstacle", "goal_id", "goal"),
        _missing("success", "meeting_id", "meeting"),
        _missing("obstacle", "meeting_id", "meeting"),
        _missing("parked", "meeting_id", "meeting"),
        _missing("meeting_action", "meeting_id", "meeting"),
        _missing("meeting_action", "action_id", "action"),
        _missing("goal_check", "meeting_id", "meeting"),
        _missing("goal_check", "goal_id", "goal"),
        _missing("figure_prediction", "meeting_id", "meeting"),
        _missing("figure_prediction", "indicator_id", "indicator"),
        _missing("confidence_vote", "goal_id", "goal"),
        _missing("task_role", "task_id", "task"),
        _missing("task_done", "task_id", "task"),
        _missing("task_done", "cycle_id", "cycle"),
        _missing("policy_version", "policy_id", "policy"),
        _missing("policy_evidence", "policy_id", "policy"),
        _missing("policy_evidence", "evidence_id", "evidence"),
        _missing("way_remark", "way_version_id", "way_version"),
        _missing("way_version", "meeting_id", "meeting"),
        _missing("meeting_point", "meeting_id", "meeting"),
    ),
    "confidence_without_vote": _union(
        *(
            _loose(table, "confidence_vote_id", "confidence_vote")
            for table in ("confidence_answer", "confidence_code", "confidence_ticket")
        )
    ),
    "team_missing": _union(
        _missing("goal", "team_id", "team"),
        _missing("meeting", "team_id", "team"),
        _missing("group_review", "team_id", "team"),
        _missing("guidance_trajectory", "team_id", "team"),
        _loose("round_team", "team_id", "team"),
        _loose("invite", "team_id", "team"),
        _loose("response", "team_id", "team"),
        _listed("person", "team_ids", "team"),
    ),
    "person_missing": _union(
        _missing("goal", "owner_id", "person"),
        _missing("action", "owner_id", "person"),
        _missing("evidence", "owner_id", "person"),
        _missing("obstacle", "owner_id", "person"),
        _missing("task_role", "person_id", "person"),
        _missing("support_member", "person_id", "person"),
        _missing("support_agreement", "owner_id", "person"),
        _missing("policy", "writer_id", "person"),
        _missing("way_remark", "person_id", "person"),
        _missing("meeting_point", "person_id", "person"),
        _loose("coaching_log", "owner_id", "person"),
        _loose("coaching_key", "owner_id", "person"),
        _loose("coaching_total", "owner_id", "person"),
        _missing("guidance_trajectory", "owner_id", "person"),
        _missing("guidance_trajectory", "colleague_id", "person"),
        _missing("expertise", "person_id", "person"),
        _missing("expertise_request", "asker_id", "person"),
        _missing("expertise_request", "decider_id", "person"),
        _missing("later_note", "person_id", "person"),
        _missing("overruling", "person_id", "person"),
        _missing("attachment", "person_id", "person"),
        _listed("action", "helper_ids", "person"),
        _listed("meeting", "present_ids", "person"),
        _listed("decision", "present_ids", "person"),
    ),
    "answer_without_response": _loose("answer", "response_id", "response"),
    "response_without_round": _loose("response", "round_id", "round"),
    "invite_without_round": _union(
        _loose("invite", "round_id", "round"),
        _loose("round_team", "round_id", "round"),
        _loose("filled_in_elsewhere", "round_id", "round"),
    ),
    # Answers of a closed round may be gone by a retention rule; those of an open one are not rows yet.
    "spent_differs": """
        SELECT round_id AS id FROM round
        LEFT JOIN (SELECT round_id, count(*) AS n FROM response GROUP BY round_id) AS given USING (round_id)
        LEFT JOIN (SELECT round_id, count(*) AS n FROM invite WHERE spent GROUP BY round_id) AS used USING (round_id)
        WHERE coalesce(given.n, 0) <> coalesce(used.n, 0)
          AND state = 'closed' AND coalesce(given.n, 0) > 0
        ORDER BY id
    """,
    "closed_without_result": "SELECT round_id AS id FROM round WHERE state = 'closed' AND result = '{}' ORDER BY id",
    "open_in_closed_cycle": """
        SELECT round_id AS id FROM round JOIN cycle USING (cycle_id)
        WHERE round.state = 'open' AND cycle.state = 'closed' AND round.archived_at IS NULL
        ORDER BY id
    """,
    "closed_cycle_changed": f"""
        WITH belongs AS ({_BELONGS}),
        closing AS (
          SELECT noun_id AS cycle_id, max(data_version) AS at_version
          FROM audit WHERE noun = 'cycle' AND verb = 'close_cycle' GROUP BY noun_id
        )
        SELECT DISTINCT a.noun || ' ' || a.noun_id AS id
        FROM audit a
        JOIN belongs b ON a.noun = b.noun AND a.noun_id = b.noun_id
        JOIN closing c ON c.cycle_id = b.cycle_id
        WHERE a.data_version > c.at_version
        ORDER BY id
    """,  # noqa: S608
    "outcome_without_batch": _union(
        _loose("outcome", "batch_id", "batch"),
        _loose("reference_value", "batch_id", "batch"),
        _loose("refused_row", "batch_id", "batch"),
        _loose("roster_group", "batch_id", "batch"),
    ),
    "batch_incomplete": """
        SELECT batch_id AS id FROM batch
        LEFT JOIN (SELECT batch_id, count(*) AS n FROM outcome GROUP BY batch_id) AS there USING (batch_id)
        LEFT JOIN (SELECT batch_id, count(*) AS n FROM roster_group GROUP BY batch_id) AS placed USING (batch_id)
        LEFT JOIN (
          SELECT batch_id, count(*) AS n FROM reference_value WHERE name = 'school_weighting' GROUP BY batch_id
        ) AS weighed USING (batch_id)
        WHERE coalesce(there.n, placed.n, weighed.n, 0) <> n_accepted
        ORDER BY id
    """,
    "version_behind": """
        SELECT max(a.data_version)::VARCHAR AS id FROM audit a
        HAVING max(a.data_version) > (SELECT max(version) FROM data_version)
    """,
}


SENTENCES: dict[str, str] = {
    "link_without_evidence": N_("{n} links belong to evidence that is not there: {detail}."),
    "link_without_target": N_("{n} links point to a goal or action that is not there: {detail}."),
    "goal_without_cycle": N_("{n} goals belong to a cycle that is not there: {detail}."),
    "action_without_cycle": N_("{n} actions belong to a cycle that is not there: {detail}."),
    "evidence_without_cycle": N_("{n} pieces of evidence belong to a cycle that is not there: {detail}."),
    "round_without_cycle": N_("{n} questionnaire rounds belong to a cycle that is not there: {detail}."),
    "cycle_follows_nothing": N_("{n} cycles follow one that is not there: {detail}."),
    "ambition_without_vision": N_("{n} ambitions belong to a vision that is not there: {detail}."),
    "goal_without_ambition": N_("{n} goals belong to an ambition that is not there: {detail}."),
    "indicator_without_goal": N_("{n} indicators belong to a goal that is not there: {detail}."),
    "measurement_without_indicator": N_(
        "{n} measurements belong to an indicator that is not there: {detail}."
    ),
    "baseline_without_indicator": N_(
        "{n} frozen start periods or new starts belong to an indicator that is not there: {detail}."
    ),
    "action_without_goal": N_("{n} actions belong to a goal that is not there: {detail}."),
    "weighing_loose": N_(
        "{n} notes, verdicts, files or small tests belong to an action or evidence that is not there: {detail}."
    ),
    "guidance_without_goal": N_("{n} learning questions belong to a goal that is not there: {detail}."),
    "expertise_loose": N_(
        "{n} offers, questions, requests or shapes of a cycle belong to something that is not there: {detail}."
    ),
    "phase_move_without_target": N_("{n} phase moves belong to something that is not there: {detail}."),
    "meeting_parts_loose": N_(
        "{n} meetings, decisions, successes, obstacles, votes or tasks belong to something that is not there: {detail}."
    ),
    "confidence_without_vote": N_(
        "Answers to or codes of {n} confidence votes that are not there: {detail}."
    ),
    "team_missing": N_("{n} records name a team that is not there: {detail}."),
    "person_missing": N_("{n} records name a person who is not there: {detail}."),
    "answer_without_response": N_("Answers of {n} respondents have lost their round: {detail}."),
    "response_without_round": N_("Responses to {n} rounds that are not there: {detail}."),
    "invite_without_round": N_("Codes or teams of {n} rounds that are not there: {detail}."),
    "spent_differs": N_(
        "In {n} rounds the number of used codes differs from the number of responses: {detail}."
    ),
    "closed_without_result": N_("{n} closed rounds have no result: {detail}."),
    "open_in_closed_cycle": N_("{n} rounds are open in a closed cycle: {detail}."),
    "closed_cycle_changed": N_("{n} records were changed after their cycle was closed: {detail}."),
    "outcome_without_batch": N_("Outcomes of {n} imports that are not there: {detail}."),
    "batch_incomplete": N_("{n} imports do not have as many rows as they brought: {detail}."),
    "version_behind": N_("The counter of changes is behind the record of changes (up to {detail})."),
    "json_shape": N_("{n} records have a field with the wrong form: {detail}."),
    "result_unreadable": N_("The results of {n} closed rounds cannot be read: {detail}."),
    "series_unreadable": N_("{n} indicators are fed by a line of outcomes that cannot be read: {detail}."),
    "instrument_missing": N_(
        "Rounds were held with {n} questionnaires that are not there or cannot be read: {detail}."
    ),
    "attachment_missing": N_(
        "{n} files with evidence are missing or damaged: {detail}. They lie in the folder “attachments” beside the "
        "school's file; put that folder back from a backup."
    ),
    "open_answers": N_(
        "The answers to {n} open rounds or votes cannot be read or are not complete: {detail}. Put the folder "
        "that ends in .open back as it was beside the school's file."
    ),
    "schema_version": N_("The file's form does not fit this program: step {detail} is missing or unknown."),
    "key_file": N_(
        "The key file {detail} is missing or is another one. Put the file back that belongs to this school: "
        "without it codes do not work and new results of pupils cannot be joined to old ones."
    ),
}
