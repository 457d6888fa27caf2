"""What still has to be filled in, chosen or changed before something can be kept."""

from __future__ import annotations

from qualitycycle import errors
from qualitycycle.i18n import N_

REASONS: dict[tuple[type[errors.QualityCycleError], str], str] = {
    (errors.Incomplete, "started_already"): N_("There is a list of tasks already. Add to it, or change it."),
    (errors.Incomplete, "outside_period"): N_("{name}: choose a day within this period, not after today."),
    (errors.Incomplete, "colleague_or_name"): N_(
        "Choose a colleague, or type a name from outside the school."
    ),
    (errors.Incomplete, "named_meanwhile"): N_(
        "Somebody else named a person for this meanwhile. Look again."
    ),
    (errors.Incomplete, "in_future_only"): N_("{name}: choose a day after today."),
    (errors.Incomplete, "version_meanwhile"): N_(
        "Somebody else saved a new version meanwhile. Nothing was overwritten: read it, and then save yours."
    ),
    (errors.Incomplete, "before_version"): N_(
        "{name}: choose a day that is not before the version of before."
    ),
    (errors.Incomplete, "version_under_way"): N_(
        "A next version is being written or discussed already. Go on with that one, or put it aside."
    ),
    (errors.Incomplete, "not_up"): N_("This version is not up for discussion. Load the page again."),
    (errors.Incomplete, "discuss_first"): N_(
        "Put it up for discussion first, at least a day before the meeting, so that everybody could read it."
    ),
    (errors.Incomplete, "agreed_already"): N_(
        "This version was agreed on or put aside already. Write the next version."
    ),
    (errors.Incomplete, "one_of_two"): N_("Choose one colleague or one team, and not yourself."),
    (errors.Incomplete, "cycle_running"): N_(
        "A cycle is drawn when it is closed: a picture that moved along would tell whose each new action was."
    ),
    (errors.Incomplete, "drawn_already"): N_("This cycle was drawn before. Its picture stays as it is."),
    (errors.Incomplete, "asked_already"): N_("This was asked already. You find it under “My own”."),
    (errors.Incomplete, "laid_out"): N_("The calendar of this year has been laid out already."),
    (errors.Incomplete, "not_over"): N_(
        "Only a month that is over, and in which something stands, can be shared."
    ),
    (errors.Incomplete, "nothing_leaves"): N_("Of this month there is too little to share."),
    (errors.Incomplete, "no_address"): N_(
        "{name}: this is no e-mail address. Type it whole, as in name@school.nl."
    ),
    (errors.Incomplete, "account_taken"): N_("{name}: a colleague here has this account already."),
    (errors.Incomplete, "too_short"): N_(
        "{name}: use at least {detail} signs. A few words in a row are easy to keep."
    ),
    (errors.Incomplete, "too_long"): N_("{name}: use at most {detail} signs."),
    (errors.Incomplete, "too_easy"): N_(
        "{name}: this one is easy to guess. Take a few words that do not belong together, and no names."
    ),
    (errors.Incomplete, "not_the_same"): N_("{name}: the two are not the same. Type it twice again."),
    (errors.Incomplete, "vote_open"): N_(
        "{name}: a vote about this goal is open already. Close that one first."
    ),
    (errors.Incomplete, "not_0_to_100"): N_("{name}: choose a whole number from 0 to 100."),
    (errors.Incomplete, "missing"): N_("{name}: fill this in, then save again."),
    (errors.Incomplete, "before_first"): N_("{name}: choose a date after the first day."),
    (errors.Incomplete, "too_few_points"): N_(
        "{name}: a start period needs at least {detail} values up to this day. Choose a later day, or measure first."
    ),
    (errors.Incomplete, "frozen_already"): N_(
        "{name}: a start period is frozen there already. Take that one back first."
    ),
    (errors.Incomplete, "nothing_before"): N_(
        "{name}: there are no values before this day, so there is nothing to start again from. Choose a later day."
    ),
    (errors.Incomplete, "read_before"): N_(
        "{name}: this very file was read in before, for “{detail}”. Nothing was stored."
    ),
    (errors.Incomplete, "fewer_than_forms"): N_(
        "{name}: there are more forms of a team ({detail}) than people you say were asked. Raise that number."
    ),
    (errors.Incomplete, "nothing_new"): N_(
        "{name}: this file says the same as the version that is there. Nothing was stored; nothing needs to be done."
    ),
    (errors.Incomplete, "archived"): N_(
        "{name}: this one is archived. Bring it back on the page Questionnaires, or choose another."
    ),
    (errors.Incomplete, "in_past"): N_("{name}: choose today or a later day."),
    (errors.Incomplete, "not_later"): N_(
        "{name}: choose a later day than the one it has. A round can be extended, not cut short."
    ),
    (errors.Incomplete, "not_invited"): N_("{name}: this team was not invited to this round."),
    (errors.Incomplete, "in_future"): N_("{name}: choose today or an earlier day."),
    (errors.Incomplete, "not_a_number"): N_("{name}: write a number, such as 12,5."),
    (errors.Incomplete, "outside_scale"): N_("{name}: this value does not fit the unit."),
    (errors.Incomplete, "doubled"): N_("{name}: this one is there already. Choose another name."),
    (errors.Incomplete, "not_0_to_1"): N_(
        "{name}: choose a number from 0 to 1, such as 0,85. You find it in the manual of the test."
    ),
    (errors.Incomplete, "says_the_same"): N_(
        "{name}: this is what the rules say already. Choose another one, or leave it."
    ),
    (errors.Incomplete, "locked"): N_(
        "{name}: this was locked before the start and stays as it was. Add a later thought beside it instead."
    ),
    (errors.Incomplete, "below_floor"): N_("{name}: five is the lowest; a school can only raise it."),
    (errors.Incomplete, "wrong_direction"): N_("{name}: this target lies on the wrong side of the baseline."),
    (errors.Incomplete, "no_leader"): N_(
        "{name}: at least one person must be a school leader. Change that, then save again."
    ),
    (errors.Incomplete, "not_a_brin"): N_(
        "{name}: write two digits and two letters, such as 12AB, or leave it empty. A location adds two digits."
    ),
    (errors.Incomplete, "half_a_period"): N_("{name}: choose both the first and the last day."),
    (errors.Incomplete, "in_use"): N_("{name}: this is still in use. Move what hangs on it first."),
    (errors.Incomplete, "meeting_running"): N_(
        "A weekly meeting is being held already. Go on with that one, or close it first."
    ),
    (errors.Incomplete, "meeting_closed"): N_(
        "This meeting is closed; its minutes stand. Put it down in the next one."
    ),
    (errors.Incomplete, "meeting_has_entries"): N_(
        "Something was put down in this meeting already. Close it, so that there are minutes of it."
    ),
    (errors.Incomplete, "not_present"): N_("{name}: choose somebody who is present."),
    (errors.Incomplete, "more_than_present"): N_(
        "{name}: these are more hands than there are people. Count again."
    ),
    (errors.Incomplete, "three_new"): N_(
        "{name}: three new agreements on one goal is the most for one meeting. Choose what matters most."
    ),
    (errors.Incomplete, "ended_already"): N_("{name}: this one has ended already."),
    (errors.Incomplete, "predicted_already"): N_(
        "{name}: what you expected is locked. It stands in the minutes beside the figure."
    ),
    (errors.Incomplete, "rows_refused"): N_(
        "{detail} rows cannot be read, so nothing was stored. Correct them, or keep them aside."
    ),
    (errors.Incomplete, "taken"): N_("“{detail}” exists already. Choose another name."),
    (errors.Incomplete, "period_not_over"): N_(
        "{name}: figures are put down when the half-year is over, for the last four."
    ),
    (errors.Incomplete, "too_little_changed"): N_(
        "{name}: too little changed since the figures were put down, so they stay as they are. A figure changes only "
        "when at least five requests or colleagues went or came, so that nobody can be worked out from two versions."
    ),
    (errors.Incomplete, "too_many_lines"): N_("{name}: use at most {detail} lines."),
    (errors.Incomplete, "names"): N_(
        "{name}: names and numbers of people do not go to the network ({detail}). Write it without them."
    ),
    (errors.Incomplete, "maybe_names"): N_(
        "{name}: are these names of people ({detail})? Leave them out, or say below that they are none."
    ),
}
