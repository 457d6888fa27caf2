"""Questionnaire results, pupil outcomes, evidence and the matrix, as people see them."""

import json
import re
from datetime import timedelta

import pytest

from qualitycycle import i18n
from qualitycycle.cycle import evidence, office, plan, views
from qualitycycle.cycle.series import Selection
from qualitycycle.model import Evidence, EvidenceKind, Indicator, Link, Role, Says
from tests.pages import north as world
from tests.pages.north import LEADER, choose, go, page, press, words

RESULTS, OUTCOMES = "study/results.py", "study/outcomes.py"
EVIDENCE, MATRIX = "study/evidence.py", "study/matrix.py"


@pytest.fixture
def north(tmp_path):
    with i18n.speaking("en"):
        yield world.built(tmp_path)
    office.close()


def add(north, title="Kijkwijzer", **more):
    return evidence.add(
        north.store,
        LEADER,
        cycle_id=north.cycle.cycle_id,
        kind=EvidenceKind.OBSERVATION,
        title=title,
        evidence_on=world.config.today(),
        **more,
    )


# --- results ---------------------------------------------------------------------------------------------


def test_without_a_closed_round_the_results_say_what_comes_first(north):
    at = page(RESULTS)

    assert "No questionnaire round has been closed yet" in words(at)


def test_a_round_shows_how_many_answered_and_that_it_is_not_validated(north):
    world.close_a_round(north, (6, 7))

    text = words(page(RESULTS))

    assert "13 of 13 people answered (100%)." in text
    assert "Not validated" in text


def test_a_score_promises_nothing_and_the_famous_effect_size_is_called_contested(north):
    world.close_a_round(north)

    text = words(page(RESULTS))

    assert "does not promise that pupils will learn more" in text
    assert "d = 1.57" in text and "contested" in text


def test_a_team_that_is_hidden_and_a_team_without_answers_look_the_same(north):
    world.close_a_round(north, (6, 7, 3), title="Drie antwoorden")
    world.close_a_round(north, (6, 7, 0), title="Geen antwoorden")

    texts = [
        words(page(RESULTS, round=one.round_id)).count("Too few answers to show.")
        for one in plan.find(north.store, LEADER, world.Round)
    ]

    assert texts == [1, 1]


def test_teams_stand_in_the_schools_own_order(north):
    world.close_a_round(north, (6, 7, 6))

    shown = [one.value for one in page(RESULTS).subheader]

    assert [name for name in shown if name in ("Onderbouw", "Bovenbouw", "Klein team")] == [
        "Onderbouw",
        "Bovenbouw",
        "Klein team",
    ]


def test_a_team_that_grew_out_of_chance_is_called_higher_and_others_are_too_small_to_tell(north):
    before = world.close_a_round(north, (6, 7, 6), title="Eerste", value=3)
    world.close_a_round(north, (6, 7, 6), title="Tweede", value=5)
    world.earlier(north, before)

    text = words(page(RESULTS))

    assert "Higher than in “Eerste”" in text
    assert "no change" not in text


def test_a_small_difference_says_what_the_team_is_too_small_to_see(north):
    before = world.close_a_round(north, (6, 7, 6), title="Eerste")
    world.close_a_round(north, (7, 6, 6), title="Tweede")
    world.earlier(north, before)

    text = words(page(RESULTS))

    assert re.search(r"This team is too small to see a difference of less than \d\.\d point\.", text)
    assert re.search(r"This group is too small to see a difference of less than \d\.\d\d point\.", text)


def test_the_first_round_has_no_difference_yet_and_that_is_drawn(north):
    world.close_a_round(north, (6, 7))

    text = words(page(RESULTS))

    assert "Not yet to be said" in text
    assert "This is the first round with this questionnaire." in text


def test_statements_of_the_school_are_shown_and_those_of_a_small_team_say_why_not(north):
    world.close_a_round(north, (6, 7))
    at = page(RESULTS)
    shown = words(at)

    choose(at, "results_group", 1)
    at.run()

    why = "Answers per statement are shown from 10 people on"
    assert "Above each column: the number of people." in shown and why not in shown
    assert why in words(at)


def test_how_many_gave_one_answer_everywhere_is_no_exact_small_number(north):
    world.close_a_round(north, (6, 7))

    assert "Fewer than 5 gave the same answer everywhere." in words(page(RESULTS))


def test_the_latest_round_is_shown_first(north):
    before = world.close_a_round(north, title="Eerste")
    latest = world.close_a_round(north, title="Tweede")
    world.earlier(north, before)

    at = page(RESULTS)

    assert at.selectbox(key=f"results_round.{world.QUESTIONNAIRE}").value == latest.round_id


def test_a_round_becomes_evidence_in_two_clicks(north):
    one = world.close_a_round(north)
    at = page(RESULTS)
    key = f"tie.round.{one.round_id}"

    choose(at, f"{key}.target", f"goal:{north.goal.goal_id}")
    choose(at, f"{key}.says", Says.CONTRADICTS)
    press(at, f"{key}.send")

    [piece] = plan.find(north.store, LEADER, Evidence)
    [link] = evidence.targets_of(north.store, LEADER, piece.evidence_id)
    assert (piece.data_version, link.says, link.noun_id) == (
        one.result_version,
        Says.CONTRADICTS,
        north.goal.goal_id,
    )


def test_a_tie_without_a_goal_makes_no_loose_evidence(north):
    one = world.close_a_round(north)
    at = page(RESULTS)

    at.text_input(key=f"tie.round.{one.round_id}.note").set_value("Wij twijfelen")
    press(at, f"tie.round.{one.round_id}.send")

    assert plan.find(north.store, LEADER, Evidence) == []
    assert at.text_input(key=f"tie.round.{one.round_id}.note").value == "Wij twijfelen"
    assert len(at.error) == 1


def test_a_round_that_is_evidence_already_is_not_copied_when_tied_again(north):
    one = world.close_a_round(north)
    evidence.from_round(north.store, LEADER, one.round_id, north.cycle.cycle_id)
    at = page(RESULTS)
    key = f"tie.round.{one.round_id}"

    choose(at, f"{key}.target", f"action:{north.action.action_id}")
    choose(at, f"{key}.says", Says.SUPPORTS)
    press(at, f"{key}.send")

    assert len(plan.find(north.store, LEADER, Evidence)) == 1
    assert len(plan.find(north.store, LEADER, Link)) == 1


def test_a_member_sees_results_and_cannot_make_them_evidence(north):
    one = world.close_a_round(north)

    at = page(RESULTS, role=Role.MEMBER)

    keys = {button.key for button in at.button}
    assert "13 of 13 people answered (100%)." in words(at)
    assert f"tie.round.{one.round_id}.send" not in keys


def test_a_half_filled_form_survives_a_switch_of_language(north):
    piece = add(north)
    at = page(MATRIX)
    choose(at, "matrix_link.target", f"goal:{north.goal.goal_id}")
    choose(at, "matrix_link.says", Says.CONTRADICTS)
    at.text_input(key="matrix_link.note").set_value("Wij twijfelen").run()

    at.button_group(key="language_choice").set_value("nl").run()
    with i18n.speaking("nl"):
        press(at, "matrix_link.send")

    [link] = evidence.targets_of(north.store, LEADER, piece.evidence_id)
    assert (link.noun_id, link.says, link.note) == (north.goal.goal_id, Says.CONTRADICTS, "Wij twijfelen")


def test_a_form_that_was_sent_starts_empty(north):
    add(north)
    at = page(MATRIX)
    choose(at, "matrix_link.target", f"goal:{north.goal.goal_id}")
    choose(at, "matrix_link.says", Says.CONTRADICTS)
    at.text_input(key="matrix_link.note").set_value("Wij twijfelen")

    press(at, "matrix_link.send")

    assert at.text_input(key="matrix_link.note").value == ""
    assert at.selectbox(key="matrix_link.says").value is None


# --- outcomes --------------------------------------------------------------------------------------------


def test_without_results_the_outcomes_lead_to_reading_them_in(north):
    at = page(OUTCOMES)

    assert "No results have been read in yet" in words(at)


def test_a_line_names_subject_group_level_and_test(north):
    world.read_in(north)

    assert "Maths, group 4, share at level III or higher, Cito Rekenen (scale RW)" in words(page(OUTCOMES))


def test_another_level_gives_another_share(north):
    world.read_in(north)
    at = page(OUTCOMES)
    before = "Last value: 67%" in words(at)

    choose(at, "outcome_level", "II")
    at.run()

    assert (before, "Last value: 50%" in words(at)) == (True, True)


def test_a_moment_with_too_few_pupils_is_not_shown_and_that_is_said(north):
    world.read_in(north, n_small=4)

    text = words(page(OUTCOMES))

    assert "1 moment is not shown; the table says why." in text


def _kinds(at):
    return next(one for one in at.button_group if str(one.key).startswith("outcome_kind."))


def test_levels_are_one_choice_away_and_stand_in_the_address(north):
    world.read_in(north)
    at = page(OUTCOMES)

    _kinds(at).set_value("levels").run()

    view = views.view_from(json.loads(at.query_params["view"]))
    assert view.kind is views.ViewKind.LEVELS
    assert "III lies around the national mean" in words(at)


def test_two_years_come_with_the_interval_of_their_difference(north):
    world.read_in(north)
    at = page(OUTCOMES)

    _kinds(at).set_value("change").run()

    assert "cannot be told apart from chance" in words(at)


def test_an_address_opens_its_picture(north):
    world.read_in(north)
    line = Selection("maths", "level", True, "cito", "Rekenen", None, "RW", "4", "II")
    view = views.View(views.ViewKind.CHANGE, line, start="2023-2024 M", end="2025-2026 M")

    at = page(OUTCOMES, view=json.dumps(views.as_json(view)))

    assert at.selectbox(key="outcome_level").value == "II"
    assert _kinds(at).value == "change"
    assert "2023-2024" in words(at)


@pytest.mark.parametrize(
    "broken", ["{", "[]", '{"kind": "cake"}', '{"kind": "line", "selection": {"subject": 1}}']
)
def test_a_broken_address_opens_the_first_line(north, broken):
    world.read_in(north)

    at = page(OUTCOMES, view=broken)

    assert not at.exception
    assert "Maths, group 4" in words(at)


def test_levels_have_no_gain_and_that_is_said(north):
    world.read_in(north)

    text = words(page(OUTCOMES))

    assert "Levels are steps of unequal size" in text


def test_a_line_becomes_evidence_that_later_imports_leave_alone(north):
    world.read_in(north)
    at = page(OUTCOMES)
    choose(at, "tie.outcome.target", f"action:{north.action.action_id}")
    choose(at, "tie.outcome.says", Says.SUPPORTS)
    press(at, "tie.outcome.send")
    [piece] = plan.find(north.store, LEADER, Evidence)

    world.read_in(north, "V " * 12)

    kept = evidence.points_in(plan.get(north.store, LEADER, Evidence, piece.evidence_id))
    now = views.result(north.store, LEADER, views.view_from(piece.data_ref["view"]))
    assert kept == evidence.points_in(piece)
    assert kept != list(now.points)


def test_a_line_can_feed_an_indicator(north):
    world.read_in(north)
    at = page(OUTCOMES)
    at.button_group(key="indicator_way").set_value("existing").run()

    choose(at, "feed.indicator", north.indicator.indicator_id)
    press(at, "feed.send")

    saved = plan.get(north.store, LEADER, Indicator, north.indicator.indicator_id)
    assert (saved.series["subject"], saved.series["level"]) == ("maths", "III")
    assert "Feeds the indicator" in words(at)


def test_a_share_cannot_feed_an_indicator_in_another_unit(north):
    world.read_in(north)
    plan.change(north.store, LEADER, Indicator, north.indicator.indicator_id, None, unit="punten")
    at = page(OUTCOMES)
    at.button_group(key="indicator_way").set_value("existing").run()

    choose(at, "feed.indicator", north.indicator.indicator_id)
    press(at, "feed.send")

    assert len(at.error) == 1
    assert plan.get(north.store, LEADER, Indicator, north.indicator.indicator_id).series == {}


# --- evidence --------------------------------------------------------------------------------------------


def test_an_empty_cycle_asks_for_evidence(north):
    assert "No evidence in this cycle yet" in words(page(EVIDENCE))


def test_evidence_of_every_kind_can_be_added(north):
    at = page(EVIDENCE)

    for kind in EvidenceKind:
        choose(at, "new_evidence.kind", kind)
        at.text_input(key="new_evidence.title").set_value("Wat ik zag")
        press(at, "new_evidence.send")
        go(at, EVIDENCE)

    assert {piece.kind for piece in plan.find(north.store, LEADER, Evidence)} == set(EvidenceKind)


def test_evidence_from_the_future_is_refused_and_the_text_stays(north):
    at = page(EVIDENCE)

    at.text_input(key="new_evidence.title").set_value("Morgen gezien")
    at.date_input(key="new_evidence.evidence_on").set_value(world.config.today() + timedelta(days=3))
    press(at, "new_evidence.send")

    assert "choose today or an earlier day" in at.error[0].value
    assert at.text_input(key="new_evidence.title").value == "Morgen gezien"


def test_contradicting_evidence_stands_first(north):
    supports, against = add(north, "Steunt"), add(north, "Spreekt tegen")
    evidence.link(north.store, LEADER, supports.evidence_id, north.goal, Says.SUPPORTS)
    evidence.link(north.store, LEADER, against.evidence_id, north.action, Says.CONTRADICTS)

    order = [one.proto.label for one in page(EVIDENCE).get("page_link")]

    assert order.index("Spreekt tegen") < order.index("Steunt")


def test_looking_at_evidence_is_one_click(north):
    piece = add(north)
    at = page(EVIDENCE, evidence=piece.evidence_id)

    press(at, "review")

    assert plan.get(north.store, LEADER, Evidence, piece.evidence_id).reviewed_on is not None


def test_what_a_link_says_can_be_changed(north):
    piece = add(north)
    link = evidence.link(north.store, LEADER, piece.evidence_id, north.goal, Says.SUPPORTS)
    at = page(EVIDENCE, evidence=piece.evidence_id)

    choose(at, f"link.{link.link_id}.says", Says.CONTRADICTS)
    press(at, f"link.{link.link_id}.send")

    assert plan.get(north.store, LEADER, Link, link.link_id).says is Says.CONTRADICTS


def test_a_link_can_be_taken_away_and_the_evidence_stays(north):
    piece = add(north)
    link = evidence.link(north.store, LEADER, piece.evidence_id, north.goal, Says.SUPPORTS)
    at = page(EVIDENCE, evidence=piece.evidence_id)

    press(at, f"untie.{link.link_id}")

    assert evidence.targets_of(north.store, LEADER, piece.evidence_id) == []
    assert not plan.get(north.store, LEADER, Evidence, piece.evidence_id).archived


def test_evidence_made_of_a_round_shows_its_data_version(north):
    one = world.close_a_round(north)
    piece = evidence.from_round(north.store, LEADER, one.round_id, north.cycle.cycle_id)

    text = words(page(EVIDENCE, evidence=piece.evidence_id))

    assert f"at data version {one.result_version}. Later imports do not change it." in text


def test_archived_evidence_can_be_brought_back(north):
    piece = add(north)
    at = page(EVIDENCE, evidence=piece.evidence_id)
    press(at, f"archive.{piece.evidence_id}")

    press(go(at, EVIDENCE), f"restore.{piece.evidence_id}")

    assert not plan.get(north.store, LEADER, Evidence, piece.evidence_id).archived


def test_a_reader_cannot_open_evidence_of_the_running_cycle_by_its_address(north):
    piece = add(north, "Nog niet voor de MR")

    text = words(page(EVIDENCE, role=Role.READER, evidence=piece.evidence_id))

    assert "This evidence is not there (any more)." in text
    assert "Nog niet voor de MR" not in text


def test_what_a_user_typed_stays_text(north):
    piece = add(north, "<b>vet</b> :rainbow[kleur]", text="<script>alert(1)</script>")

    at = page(EVIDENCE, evidence=piece.evidence_id)

    assert at.title[0].value.replace("\\", "") == "<b>vet</b> :rainbow[kleur]"
    assert "<script>" not in "".join(one.proto.body for one in at.get("html"))


# --- the matrix ------------------------------------------------------------------------------------------


def table(at):
    return next(one.proto.body for one in at.get("html") if "qc-matrix" in one.proto.body)


def test_a_matrix_without_ties_says_so(north):
    assert "Nothing is tied here yet" in words(page(MATRIX))


def test_a_crossing_says_in_words_and_a_sign_what_the_evidence_says(north):
    piece = add(north)
    evidence.link(north.store, LEADER, piece.evidence_id, north.action, Says.CONTRADICTS, "Twee van de vier")

    body = table(page(MATRIX))

    assert "✕ Contradicts" in body and "Twee van de vier" in body


def test_the_matrix_is_a_real_table_with_headers_in_a_region_that_takes_focus(north):
    piece = add(north)
    evidence.link(north.store, LEADER, piece.evidence_id, north.action, Says.SUPPORTS)

    body = table(page(MATRIX))

    for part in (
        'scope="col"',
        'scope="row"',
        'scope="rowgroup"',
        'role="region"',
        'tabindex="0"',
        "<caption>",
    ):
        assert part in body


def test_an_untied_crossing_is_blank(north):
    first, second = add(north, "Een"), add(north, "Twee")
    evidence.link(north.store, LEADER, first.evidence_id, north.action, Says.SUPPORTS)
    evidence.link(north.store, LEADER, second.evidence_id, north.goal, Says.SUPPORTS)

    assert table(page(MATRIX)).count("<td></td>") == 2


def test_the_matrix_can_be_filtered_by_inspection_standard(north):
    other = plan.record(
        north.store,
        LEADER,
        world.Goal(
            goal_id="other", cycle_id=north.cycle.cycle_id, title="Rust in de klas", standards=("VS2",)
        ),
    )
    piece = add(north)
    evidence.link(north.store, LEADER, piece.evidence_id, other, Says.SUPPORTS)
    evidence.link(north.store, LEADER, piece.evidence_id, north.action, Says.SUPPORTS)
    at = page(MATRIX)

    choose(at, "matrix_standard", "VS2")
    at.run()

    assert "Rust in de klas" in table(at) and "Elke dag lezen" not in table(at)


def test_evidence_is_tied_from_the_matrix(north):
    piece = add(north)
    at = page(MATRIX)

    choose(at, "matrix_link.target", f"action:{north.action.action_id}")
    choose(at, "matrix_link.says", Says.NOTHING_YET)
    press(at, "matrix_link.send")

    [link] = evidence.targets_of(north.store, LEADER, piece.evidence_id)
    assert (link.noun_id, link.says) == (north.action.action_id, Says.NOTHING_YET)


def test_html_in_a_title_stays_text_in_the_matrix(north):
    piece = add(north, "<img src=x onerror=alert(1)>")
    evidence.link(north.store, LEADER, piece.evidence_id, north.action, Says.SUPPORTS, "<i>schuin</i>")

    body = table(page(MATRIX))

    assert "<img" not in body and "<i>" not in body
