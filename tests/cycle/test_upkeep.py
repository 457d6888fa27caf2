"""The check-up finds each planted fault; the export leaves out what must not leave."""

from __future__ import annotations

import csv
import io
import json
from datetime import date
from pathlib import Path

import jsonschema
import pytest
from hypothesis import given
from hypothesis import strategies as st

from qualitycycle import i18n
from qualitycycle.cycle import act, evidence, plan, upkeep
from qualitycycle.cycle.upkeep import Finding
from qualitycycle.cycle.upkeep_checks import CHECKS, SENTENCES
from qualitycycle.errors import BadSetting, NotAllowed
from qualitycycle.model import Actor, Evidence, Goal, Role, Says
from qualitycycle.store.backup import inspect
from tests.cycle.conftest import TODAY

# --- the check-up ----------------------------------------------------------------------------------------

# What is planted, and the finding that must come of it.
FAULTS = {
    "link_without_evidence": "UPDATE link SET evidence_id = 'gone'",
    "link_without_target": "UPDATE link SET noun_id = 'gone'",
    "goal_without_cycle": "UPDATE goal SET cycle_id = 'gone'",
    "action_without_cycle": "UPDATE action SET cycle_id = 'gone'",
    "evidence_without_cycle": "UPDATE evidence SET cycle_id = 'gone'",
    "round_without_cycle": "UPDATE round SET cycle_id = 'gone'",
    "cycle_follows_nothing": "UPDATE cycle SET follows_cycle_id = 'gone' WHERE follows_cycle_id IS NOT NULL",
    "ambition_without_vision": "UPDATE ambition SET vision_id = 'gone'",
    "goal_without_ambition": "DELETE FROM ambition",
    "indicator_without_goal": "UPDATE indicator SET goal_id = 'gone'",
    "measurement_without_indicator": "DELETE FROM indicator",
    "baseline_without_indicator": (
        "INSERT INTO baseline (baseline_id, indicator_id, kind, applies_on, reason)"
        " VALUES ('b', 'gone', 'freeze', '2026-10-01', 'x')"
    ),
    "action_without_goal": "UPDATE action SET goal_id = 'gone'",
    "guidance_without_goal": (
        "INSERT INTO guidance_trajectory (guidance_trajectory_id, owner_id, goal_id, question, phase, started_on)"
        " VALUES ('g', 'x', 'gone', 'x', 'observe', '2026-10-01')"
    ),
    "expertise_loose": (
        "INSERT INTO expertise_request (expertise_request_id, expertise_id, noun, noun_id, asker_id, state, asked_on)"
        " SELECT 'r', 'gone', 'goal', goal_id, owner_id, 'open', '2026-10-01' FROM goal LIMIT 1"
    ),
    "weighing_loose": "UPDATE action SET follows_action_id = 'gone'",
    "phase_move_without_target": "UPDATE phase_move SET noun_id = 'gone' WHERE noun = 'cycle'",
    "meeting_parts_loose": "INSERT INTO decision (decision_id, meeting_id, title) VALUES ('d', 'gone', 'x')",
    "confidence_without_vote": "INSERT INTO confidence_answer VALUES ('gone', 'a', 50)",
    "team_missing": "UPDATE person SET team_ids = '[\"gone\"]' WHERE name = 'Mara'",
    "person_missing": "UPDATE action SET helper_ids = '[\"gone\"]'",
    "answer_without_response": "INSERT INTO answer VALUES ('gone', 'cv_01', 3)",
    "response_without_round": "INSERT INTO response VALUES ('r', 'gone', (SELECT min(team_id) FROM team))",
    "invite_without_round": "INSERT INTO invite VALUES ('h', 'gone', (SELECT min(team_id) FROM team), false)",
    "spent_differs": (
        "UPDATE invite SET spent = false WHERE code_hash = (SELECT min(code_hash) FROM invite WHERE spent)"
    ),
    "closed_without_result": "UPDATE round SET result = '{}'",
    "open_in_closed_cycle": "UPDATE round SET state = 'open'",
    "outcome_without_batch": "INSERT INTO reference_value VALUES ('gone', '2025-2026', 'maths', 'threshold', 1, '')",
    "batch_incomplete": (
        "INSERT INTO batch (batch_id, kind, file_name, content_hash, imported_at, data_version, n_accepted, n_refused)"
        " VALUES ('b', 'x', 'x', 'x', now(), 1, 7, 0)"
    ),
    "version_behind": "UPDATE data_version SET version = 1",
    "json_shape": "UPDATE goal SET standards = '{\"a\": 1}'",
    "result_unreadable": "UPDATE round SET result = '{\"groups\": 3}'",
    "series_unreadable": "UPDATE indicator SET series = '{\"topic\": \"maths\"}'",
    "instrument_missing": "UPDATE round SET instrument_version = 9",
    "schema_version": "DELETE FROM schema_version WHERE number = 3",
    "attachment_missing": (
        "INSERT INTO attachment"
        " (attachment_id, evidence_id, title, file_kind, n_bytes, content_hash, added_on)"
        " VALUES ('a', (SELECT min(evidence_id) FROM evidence), 'x.pdf', 'pdf', 1, 'gone', '2026-10-01')"
    ),
    "open_answers": "INSERT INTO open_answers VALUES ('gone', '')",
    "closed_cycle_changed": (
        "INSERT INTO audit SELECT 'late', version, now(), NULL, 'leader', 'change_goal', 'goal',"
        " (SELECT min(goal_id) FROM goal), '{}', '{}' FROM data_version"
    ),
}  # fmt: skip


def planted(world, sql):
    with world.store.cursor() as con:
        con.execute(sql)


def test_a_healthy_school_has_no_findings(north_school, south_school):
    assert upkeep.doctor(north_school.store) == []
    assert upkeep.doctor(south_school.store) == []


@pytest.mark.parametrize("code", FAULTS)
def test_the_doctor_finds_what_is_wrong(north_school, code):
    planted(north_school, FAULTS[code])

    found = {finding.code: finding for finding in upkeep.doctor(north_school.store)}

    assert code in found
    assert found[code].n >= 1
    assert found[code].detail


def test_every_check_has_a_planted_fault():
    assert {
        *CHECKS,
        "json_shape",
        "result_unreadable",
        "series_unreadable",
        "instrument_missing",
        "open_answers",
        "attachment_missing",
        "schema_version",
    } == set(FAULTS)


def test_every_finding_has_a_sentence():
    assert set(SENTENCES) == {*FAULTS, "key_file"}


@pytest.mark.parametrize("code", SENTENCES)
@pytest.mark.parametrize("language", ["nl", "en"])
def test_a_finding_is_said_with_its_number_or_its_place(code, language):
    with i18n.speaking(language):
        said = upkeep.finding_sentence(Finding(code, 1234, "abc123"))

    assert "abc123" in said
    assert "{" not in said


def test_a_missing_key_is_found(north_school):
    north_school.store.path.with_suffix(".key").unlink()

    assert [finding.code for finding in upkeep.doctor(north_school.store)] == ["key_file"]


@pytest.mark.parametrize("content", ["", "not hex", "00" * 32])
def test_another_key_is_found(north_school, content):
    north_school.store.path.with_suffix(".key").write_text(content)

    assert [finding.code for finding in upkeep.doctor(north_school.store)] == ["key_file"]


def test_answers_that_were_taken_away_after_closing_are_no_fault(north_school):
    planted(north_school, "DELETE FROM answer")
    planted(north_school, "DELETE FROM response")

    assert upkeep.doctor(north_school.store) == []


def test_the_doctor_names_the_first_few_and_counts_them_all(north_school):
    planted(north_school, "INSERT INTO answer SELECT 'gone' || n, 'cv_01', 3 FROM range(5) t(n)")

    (finding,) = upkeep.doctor(north_school.store)

    assert (finding.n, finding.detail) == (5, "gone0, gone1, gone2, …")


def test_the_doctor_changes_nothing(north_school):
    before = north_school.store.version

    upkeep.doctor(north_school.store)

    assert north_school.store.version == before


def test_going_on_to_a_next_cycle_is_no_change_of_the_closed_one(north_school):
    act.close_cycle(
        north_school.store, north_school.leader, north_school.running, None, went_well="", learned="x"
    )
    act.start_next(
        north_school.store,
        north_school.leader,
        north_school.running,
        act.NextCycle(
            "Verder",
            date(2027, 8, 30),
            date(2028, 7, 14),
            [north_school.old_goal],
            [north_school.old_action],
        ),
    )

    assert upkeep.doctor(north_school.store) == []


# --- the backup ------------------------------------------------------------------------------------------


def test_a_leader_makes_a_backup_where_she_wants(north_school, tmp_path):
    made = upkeep.back_up(north_school.store, north_school.leader, tmp_path / "stick")

    assert made.path.parent == tmp_path / "stick"
    assert inspect(made.path).rows == made.rows


def test_without_a_folder_it_goes_beside_the_schools_file(north_school):
    made = upkeep.back_up(north_school.store, north_school.leader)

    assert made.path.parent == upkeep.backup_folder(north_school.store)
    assert [one.path for one in upkeep.backups(north_school.store, north_school.leader)] == [made.path]


# --- the export ------------------------------------------------------------------------------------------


def rows_of(path: Path) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(path.read_text(encoding="utf-8-sig"))))


def document(path: Path) -> dict:
    return json.loads((path / "export.json").read_text(encoding="utf-8"))


@pytest.fixture
def exported(north_school, tmp_path) -> Path:
    return upkeep.export(north_school.store, north_school.leader, tmp_path / "out").path


def test_an_export_fits_the_schema_that_lies_beside_it(exported):
    schema = json.loads((exported / "export.schema.json").read_text(encoding="utf-8"))

    jsonschema.Draft202012Validator.check_schema(schema)
    jsonschema.validate(document(exported), schema)


@pytest.mark.parametrize("table", ["answer", "invite", "outcome", "response", "coaching_log"])
def test_the_schema_refuses_what_must_not_leave(exported, table):
    schema = json.loads((exported / "export.schema.json").read_text(encoding="utf-8"))
    wrong = document(exported)
    wrong["tables"][table] = []

    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(wrong, schema)


def test_every_table_has_a_file_with_as_many_rows(exported):
    tables = document(exported)["tables"]

    assert {path.stem for path in exported.glob("*.csv")} == set(tables)
    for name, rows in tables.items():
        assert len(rows_of(exported / f"{name}.csv")) == len(rows), name


def test_the_folder_is_named_after_the_moment(exported):
    assert exported.name.startswith("export-2026")
    assert len(exported.name) == len("export-20261122-120000")
    assert [path.name for path in exported.parent.iterdir()] == [exported.name]


def test_each_table_of_the_file_leaves_or_is_said_to_stay(north_school, exported):
    told = document(exported)
    there = {row["name"] for row in north_school.store.rows("SELECT table_name AS name FROM duckdb_tables()")}

    left_out = {one["table"] for one in told["left_out"]}
    assert there == (set(told["tables"]) - {"round_result", "round_item", "outcome_series"}) | left_out | set(
        upkeep.INNER_TABLES
    )
    # A new table needs a decision: into PLAIN_TABLES or into STAYS.
    assert "not_decided" not in {one["reason"] for one in told["left_out"]}


def test_a_csv_begins_with_a_byte_order_mark_and_a_header(exported):
    content = (exported / "goal.csv").read_bytes()

    assert content.startswith(b"\xef\xbb\xbfgoal_id,cycle_id,")


def test_a_goal_comes_out_as_it_went_in(north_school, tmp_path):
    goal = north_school.goal(
        'Lezen, "samen" en\nmet begrip é', standards=("OP2", "SKA1"), due_on=date(2027, 7, 1)
    )

    path = upkeep.export(north_school.store, north_school.leader, tmp_path).path

    row = next(row for row in rows_of(path / "goal.csv") if row["goal_id"] == goal.goal_id)
    assert (row["title"], row["due_on"], row["judgement"]) == (goal.title, "2027-07-01", "")
    assert json.loads(row["standards"]) == ["OP2", "SKA1"]


def everything_in(path: Path) -> str:
    """All that a folder holds, the files that lie with evidence too, as far as it is text."""
    files = sorted(file for file in path.rglob("*") if file.is_file())
    return "\n".join(file.read_text(encoding="utf-8-sig", errors="replace") for file in files)


def test_no_code_hash_and_no_response_id_leaves(north_school, tmp_path):
    opened = north_school.open_round({"Onderbouw": 7})
    north_school.answer(opened, "Onderbouw", 3)

    text = everything_in(upkeep.export(north_school.store, north_school.leader, tmp_path).path)

    secrets = [row["x"] for row in north_school.store.rows("SELECT code_hash AS x FROM invite")]
    secrets += [row["x"] for row in north_school.store.rows("SELECT response_id AS x FROM response")]
    secrets += opened.codes[north_school.teams["Onderbouw"]]
    secrets += [north_school.store.secret.hex()]
    assert [secret for secret in secrets if secret in text] == []


def test_no_pupil_and_no_single_score_leaves(north_school, tmp_path):
    # Scores that occur nowhere else, with a mean that is none of them.
    scores = [71234.25, 72345.25, 73456.25, 74567.25, 75678.25, 76789.25]
    north_school.import_scores({"2025-2026": scores}, pupil="pseudonym-of-a-pupil")
    north_school.import_scores({"2024-2025": [78901.25] * 4}, pupil="pseudonym-of-another")

    path = upkeep.export(north_school.store, north_school.leader, tmp_path).path

    text = everything_in(path)
    assert "pseudonym" not in text
    assert [score for score in [*scores, 78901.25] if str(int(score)) in text] == []
    points = {row["label"]: row for row in rows_of(path / "outcome_series.csv")}
    assert (points["2025-2026 M"]["value"], points["2025-2026 M"]["n"]) == ("74011.8", "6")
    assert (points["2024-2025 M"]["value"], points["2024-2025 M"]["reason"]) == ("", "too_few")


def test_a_refused_row_stays(north_school, tmp_path):
    planted(
        north_school,
        "INSERT INTO refused_row (refused_row_id, batch_id, line, column_name, value, reason)"
        " VALUES ('r', 'b', 3, 'score', 'value-of-one-pupil', 'number_unreadable')",
    )

    text = everything_in(upkeep.export(north_school.store, north_school.leader, tmp_path).path)

    assert "value-of-one-pupil" not in text


def test_a_sealed_log_stays(north_school, tmp_path):
    planted(
        north_school,
        "INSERT INTO coaching_log (owner_id, sealed) VALUES ('owner-of-a-log', 'sealed words')",
    )

    text = everything_in(upkeep.export(north_school.store, north_school.leader, tmp_path).path)

    assert "sealed words" not in text
    assert "owner-of-a-log" not in text


def test_a_team_the_gate_hides_is_hidden_in_the_export(north_school, tmp_path):
    opened = north_school.open_round({"Onderbouw": 7, "Bovenbouw": 8})
    north_school.answer(opened, "Onderbouw", 7)
    north_school.answer(opened, "Bovenbouw", 3)
    north_school.close(opened)

    path = upkeep.export(north_school.store, north_school.leader, tmp_path).path

    rows = [row for row in rows_of(path / "round_result.csv") if row["round_id"] == opened.round.round_id]
    by_group = {row["group"]: row for row in rows}
    for team in ("Onderbouw", "Bovenbouw"):
        assert (by_group[north_school.teams[team]]["shown"], by_group[north_school.teams[team]]["n"]) == (
            "false",
            "",
        )
    assert by_group["school"]["n"] == "10"


def test_an_open_round_leaves_without_any_figure(north_school, tmp_path):
    opened = north_school.open_round({"Onderbouw": 7})
    north_school.answer(opened, "Onderbouw", 7)

    path = upkeep.export(north_school.store, north_school.leader, tmp_path).path

    assert not [row for row in rows_of(path / "round_result.csv") if row["round_id"] == opened.round.round_id]
    assert "result" not in rows_of(path / "round.csv")[0]


def test_a_mean_of_a_few_has_one_decimal(north_school, tmp_path):
    opened = north_school.open_round({"Onderbouw": 7})
    north_school.answer(opened, "Onderbouw", 3)
    north_school.answer(opened, "Onderbouw", 3, value=5)
    north_school.close(opened)
    evidence.from_round(north_school.store, north_school.leader, opened.round.round_id, north_school.running)

    path = upkeep.export(north_school.store, north_school.leader, tmp_path).path

    means = [row["mean"] for row in rows_of(path / "round_result.csv") if row["n"] == "6" and row["mean"]]
    assert means
    assert all(len(mean.partition(".")[2]) == 1 for mean in means)
    figures = [
        row["figure"] for row in document(path)["tables"]["evidence"] if row["kind"] == "questionnaire"
    ]
    audited = [
        row["after"]["figure"] for row in document(path)["tables"]["audit"] if row["verb"] == "add_evidence"
    ]
    for figure in [*figures, *[one for one in audited if one]]:
        shown = [scale["mean"] for group in figure["groups"] for scale in group["scales"]]
        assert all(round(mean, 1) == mean for mean in shown)


def test_a_typed_value_about_a_few_leaves_without_the_value(north_school, tmp_path):
    indicator = north_school.indicator(north_school.goal())
    few = north_school.measure(indicator, TODAY, 61.0625, n=4)
    many = north_school.measure(indicator, TODAY, 62.0625, n=5)

    path = upkeep.export(north_school.store, north_school.leader, tmp_path).path

    by_id = {row["measurement_id"]: row for row in rows_of(path / "measurement.csv")}
    assert (by_id[few.measurement_id]["value"], by_id[few.measurement_id]["hidden"]) == ("", "too_few")
    assert by_id[many.measurement_id]["value"] == "62.0625"
    assert "61.0625" not in everything_in(path)


def test_a_distribution_of_levels_needs_ten_pupils(north_school, tmp_path):
    for group, n in (("5", 9), ("6", 12)):
        north_school.import_levels("I III V " * (n // 3), year_group=group)

    path = upkeep.export(north_school.store, north_school.leader, tmp_path).path

    rows = [row for row in rows_of(path / "outcome_series.csv") if row["score_kind"] == "level"]
    assert {row["value"] for row in rows if row["year_group"] == "5"} == {""}
    assert [row["value"] for row in rows if row["year_group"] == "6"] == ["33.33", "66.67"]


def test_the_example_school_leaves_in_a_form_that_fits(example, tmp_path):
    shares = []

    done = upkeep.export(example, Actor(Role.LEADER), tmp_path / "out", on_progress=shares.append)

    told = document(done.path)
    jsonschema.validate(told, json.loads(upkeep.schema_text()))
    text = everything_in(done.path)
    pupils = [
        row["pupil"] for row in example.rows("SELECT DISTINCT pupil FROM outcome WHERE pupil IS NOT NULL")
    ]
    assert [pupil for pupil in pupils if pupil in text] == []
    assert done.n_rows == sum(len(rows) for rows in told["tables"].values())
    assert done.n_tables == len(told["tables"])
    assert shares == sorted(shares)
    assert shares[-1] == 1


def test_only_a_leader_exports(north_school, tmp_path):
    for who in (north_school.coach, north_school.member, north_school.reader):
        with pytest.raises(NotAllowed):
            upkeep.export(north_school.store, who, tmp_path / "out")

    assert not (tmp_path / "out").exists()


def test_a_folder_that_cannot_be_written_is_named(north_school, tmp_path):
    (tmp_path / "file").write_text("not a folder")

    with pytest.raises(BadSetting) as refused:
        upkeep.export(north_school.store, north_school.leader, tmp_path / "file")

    assert refused.value.value == str(tmp_path / "file")


def test_two_exports_in_a_second_have_two_folders(north_school, tmp_path):
    first, second = (upkeep.export(north_school.store, north_school.leader, tmp_path) for _ in range(2))

    assert first.path != second.path
    assert first.n_rows == second.n_rows


def test_an_export_that_breaks_off_leaves_no_folder(north_school, tmp_path, monkeypatch):
    monkeypatch.setattr(upkeep, "_document", lambda *_: 1 / 0)

    with pytest.raises(ZeroDivisionError):
        upkeep.export(north_school.store, north_school.leader, tmp_path / "out")

    assert list((tmp_path / "out").iterdir()) == []


# --- formulas --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("=1+1", "'=1+1"),
        ("+31 6", "'+31 6"),
        ("-2", "'-2"),
        ("@SUM(A1)", "'@SUM(A1)"),
        ("\t=1", "'\t=1"),
        ("\r=1", "'\r=1"),
        ("Lezen = leuk", "Lezen = leuk"),
        ("", ""),
        ("'=1", "'=1"),
    ],
)
def test_a_text_that_begins_like_a_formula_is_made_harmless(text, expected):
    assert upkeep.harmless(text) == expected


@given(st.text())
def test_no_harmless_text_begins_like_a_formula(text):
    assert not upkeep.harmless(text).startswith(("=", "+", "-", "@", "\t", "\r"))


def test_a_title_with_a_formula_is_harmless_in_the_csv_and_itself_in_the_json(north_school, tmp_path):
    goal = north_school.goal('=HYPERLINK("x")')

    path = upkeep.export(north_school.store, north_school.leader, tmp_path).path

    titles = {row["goal_id"]: row["title"] for row in rows_of(path / "goal.csv")}
    told = {row["goal_id"]: row["title"] for row in document(path)["tables"]["goal"]}
    assert titles[goal.goal_id] == '\'=HYPERLINK("x")'
    assert told[goal.goal_id] == '=HYPERLINK("x")'


def test_a_negative_number_stays_a_number(north_school, tmp_path):
    indicator = north_school.indicator(north_school.goal(), baseline=None, target=None)
    north_school.measure(indicator, TODAY, -3.5)

    path = upkeep.export(north_school.store, north_school.leader, tmp_path).path

    assert "-3.5" in {row["value"] for row in rows_of(path / "measurement.csv")}


def test_what_was_put_aside_leaves_too(north_school, tmp_path):
    goal, piece = north_school.goal("Opzij"), north_school.piece("Opzij")
    evidence.link(north_school.store, north_school.leader, piece.evidence_id, goal, Says.SUPPORTS)
    for noun, one in ((Goal, goal), (Evidence, piece)):
        plan.archive(north_school.store, north_school.leader, noun, one.id)

    path = upkeep.export(north_school.store, north_school.leader, tmp_path).path

    for table in ("goal", "evidence"):
        assert [
            row["archived_at"] != "" for row in rows_of(path / f"{table}.csv") if row["title"] == "Opzij"
        ] == [True]
