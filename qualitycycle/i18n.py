"""Texts in Dutch and English: gettext catalogues read by Babel, and numbers and dates as each language writes them.

The texts in the code are English; Dutch comes from `locale/nl`. The language is a context variable, so that
two sessions in two languages never meet.
"""

from __future__ import annotations

import gettext
import io
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import date, datetime
from functools import cache, lru_cache
from importlib import resources

from babel import dates, numbers
from babel.messages import mofile, pofile

from qualitycycle import errors

LANGUAGES = {"nl": "Nederlands", "en": "English"}
DEFAULT = "nl"
DOMAIN = "qualitycycle"
# A true minus sign and a thin look: what Babel writes for English is en_GB, dates day first as schools here read them.
LOCALES = {"nl": "nl_NL", "en": "en_GB"}

_language: ContextVar[str] = ContextVar("language", default=DEFAULT)


def use(language: str) -> None:
    """Speak this language from here on in this context; an unknown one becomes Dutch."""
    _language.set(language if language in LANGUAGES else DEFAULT)


def language() -> str:
    return _language.get()


@contextmanager
def speaking(language: str) -> Iterator[None]:
    """Speak a language for the length of a block."""
    token = _language.set(language if language in LANGUAGES else DEFAULT)
    try:
        yield
    finally:
        _language.reset(token)


def _(text: str) -> str:
    """The text in the current language."""
    return catalogue(_language.get()).gettext(text) if text else ""


def ngettext(one: str, many: str, n: int) -> str:
    """`one` or `many` in the current language, by `n`; the caller fills in {n}."""
    return catalogue(_language.get()).ngettext(one, many, n)


def N_(text: str) -> str:
    """Mark a text for the catalogue without translating it yet."""
    return text


@cache
def catalogue(language: str) -> gettext.NullTranslations:
    """The compiled catalogue of a language; English needs none."""
    source = resources.files("qualitycycle").joinpath("locale", language, "LC_MESSAGES", f"{DOMAIN}.po")
    if not source.is_file():
        return gettext.NullTranslations()
    compiled = io.BytesIO()
    with source.open("rb") as file:
        mofile.write_mo(compiled, pofile.read_po(file, locale=language))
    compiled.seek(0)
    return gettext.GNUTranslations(compiled)


# --- numbers and dates -----------------------------------------------------------------------------------


def number(value: float | None, decimals: int | None = None) -> str:
    """A number with the language's decimal sign; None is a dash. Without `decimals`: as many as it has, up to two."""
    if value is None:
        return "–"
    pattern = "#,##0.##" if decimals is None else "#,##0" + ("." + "0" * decimals if decimals else "")
    # Zero has no sign.
    return _written(value + 0, pattern, LOCALES[language()])


# A page writes the same few numbers hundreds of times, and Babel reads the pattern again for each.
@lru_cache(maxsize=4096)
def _written(value: float, pattern: str, locale: str) -> str:
    return numbers.format_decimal(value, format=pattern, locale=locale)


def percent(share: float | None, decimals: int = 0) -> str:
    """A share between 0 and 1 as a percentage."""
    return "–" if share is None else f"{number(share * 100, decimals)}%"


def day(value: date | None, *, year: bool | None = None) -> str:
    """A date in words: 12 maart 2026; the year is left out when `year` is False."""
    if value is None:
        return "–"
    pattern = "d MMMM" if year is False else "d MMMM y"
    return dates.format_date(value, format=pattern, locale=LOCALES[language()])


def short_day(value: date | None) -> str:
    """A date in a table: 12 mrt 2026."""
    if value is None:
        return "–"
    return dates.format_date(value, format="d MMM y", locale=LOCALES[language()]).replace(".", "")


def short_period(first: date, last: date) -> str:
    """From day to day in a table, without saying a month or a year twice: 27 okt – 3 nov 2026."""
    said = dates.format_interval(first, last, skeleton="yMMMd", locale=LOCALES[language()])
    return said.replace(".", "").replace("\N{THIN SPACE}", " ")


def month(value: date) -> str:
    """A month and its year in words: november 2026."""
    return dates.format_date(value, format="LLLL y", locale=LOCALES[language()])


def weekday(value: date) -> str:
    """Which day of the week: maandag."""
    return dates.format_date(value, format="EEEE", locale=LOCALES[language()])


def moment(value: datetime) -> str:
    """A local moment: 12 mrt 2026 14:05."""
    return f"{short_day(value.date())} {value:%H:%M}"


def join(parts: list[str]) -> str:
    """Names in a row: Noor, Sem en Lotte."""
    if len(parts) < 2:
        return "".join(parts)
    # A text inside an f-string would never reach the catalogue.
    last = _("and")
    return f"{', '.join(parts[:-1])} {last} {parts[-1]}"


# --- errors as sentences ---------------------------------------------------------------------------------


def sentence(error: errors.QualityCycleError) -> str:
    """What happened, where, and what to do next, in the current language."""
    text = SENTENCES.get(type(error))
    reason = getattr(error, "reason", None) or getattr(error, "detail", None)
    text = REASONS.get((type(error), str(reason)), text)
    if text is None:
        return _(
            "Something went wrong. Nothing was changed. Try again; if it stays, run “qualitycycle doctor”."
        )
    return _(text).format(**_readable(error))


def _readable(error: errors.QualityCycleError) -> dict[str, object]:
    shown = dict(vars(error))
    for name in ("noun", "what", "name"):
        if name in shown:
            shown[name] = word(str(shown[name]))
    if shown.get("reason") == "too_many_rows":
        shown["detail"] = number(int(str(shown["detail"])))
    if shown.get("reason") == "incomplete_mapping":
        shown["detail"] = _(NEEDED[str(shown["detail"])])
    if isinstance(error, errors.TooManyRefused):
        # An empty text would be answered with the catalogue's own header.
        cause = _(error.cause) if error.cause else ""
        shown |= {"n": number(error.n), "n_cause": number(error.n_cause), "cause": cause}
    return shown


def word(key: str) -> str:
    """The screen's word for a key of the model, such as a noun or a field."""
    return _(WORDS.get(key, key))


# What of a table has to be known before any row of it can be read.
NEEDED = {
    "value": N_("score or level"),
    "pupil": N_("pupil number or number of pupils"),
    "subject": N_("subject or test"),
    "school_year": N_("school year or date of the test"),
    "year_group": N_("year group, group or moment"),
}
WORDS = {
    "school": N_("school"),
    "team": N_("team"),
    "person": N_("person"),
    "school_year": N_("school year"),
    "holiday": N_("holiday"),
    "cycle": N_("quality cycle"),
    "vision": N_("vision"),
    "ambition": N_("ambition"),
    "goal": N_("goal"),
    "indicator": N_("indicator"),
    "measurement": N_("measurement"),
    "action": N_("action"),
    "round": N_("questionnaire round"),
    "instrument": N_("questionnaire"),
    "confidence_vote": N_("confidence vote"),
    "n_present": N_("number of people present"),
    "evidence": N_("evidence"),
    "link": N_("link"),
    "batch": N_("import"),
    "profile": N_("column mapping"),
    "name": N_("name"),
    "title": N_("title"),
    "teams": N_("teams"),
    "goals": N_("goals"),
    "rounds": N_("questionnaire rounds"),
    "votes": N_("confidence votes"),
    "actions": N_("actions"),
    "target": N_("target"),
    "baseline": N_("baseline"),
    "value": N_("value"),
    "due_on": N_("due date"),
    "applies_on": N_("date"),
    "reason": N_("reason"),
    "last_on": N_("last day"),
    "first_on": N_("first day"),
    "owner_id": N_("owner"),
    "judgement": N_("judgement"),
    "happened": N_("what happened"),
    "learned": N_("what we learned"),
    "next_step": N_("next step"),
    "n_invited": N_("number of people invited"),
    "closes_on": N_("closing date"),
    "languages": N_("languages"),
    "forms": N_("paper forms"),
    "file": N_("file"),
    "promise": N_("promise"),
    "filled_in_on": N_("day it was filled in"),
    "rows": N_("rows"),
    "n": N_("number"),
    "floor": N_("smallest group shown"),
    "levels": N_("levels"),
    "measured_on": N_("date of the measurement"),
    "moved_on": N_("date of the move"),
    "team_ids": N_("teams"),
    "brin": N_("BRIN code"),
    "people": N_("people"),
    "role": N_("access"),
    "holidays": N_("holidays"),
    "source": N_("source"),
    "start_on": N_("start date"),
    "evidence_on": N_("date of the evidence"),
    "done_as_planned": N_("done as planned"),
    "says": N_("what it says"),
    "about": N_("what it is about"),
    "series": N_("line of outcomes"),
    "pupil": N_("pupil number or number of pupils"),
    "subject": N_("subject"),
    "year_group": N_("year group"),
    "passphrase": N_("passphrase"),
    "account": N_("school account"),
    "school_account": N_("access with a school account"),
    "sign_in": N_("access with a passphrase"),
    "meeting": N_("weekly meeting"),
    "decision": N_("decision"),
    "success": N_("success"),
    "obstacle": N_("obstacle"),
    "parked": N_("parked point"),
    "meeting_action": N_("agreement"),
    "goal_check": N_("what the team says of a goal"),
    "figure_prediction": N_("prediction"),
    "wall_picture": N_("picture on the data wall"),
    "group_review": N_("group review"),
    "planned_on": N_("planned date"),
    "help_request": N_("request for help"),
    "network_file": N_("file for the network"),
    "network_received": N_("file of another school"),
    "about_help": N_("a few words by which you know it again"),
    "asked_on": N_("asked on"),
    "came_on": N_("came on"),
    "withdrawn_on": N_("withdrawn on"),
    "theme": N_("theme"),
    "label": N_("name in the network"),
    "period": N_("half-year"),
    "parts": N_("parts"),
    "asks": N_("what you ask of the partnership"),
    "task": N_("task of the support team"),
    "task_role": N_("part in a task"),
    "task_done": N_("task that was done"),
    "support_member": N_("member of the support team"),
    "team_reason": N_("reason for the support team"),
    "support_agreement": N_("agreement on support"),
    "policy": N_("policy"),
    "policy_version": N_("version of a policy"),
    "policy_evidence": N_("evidence of a policy"),
    "way_version": N_("version of our way of working"),
    "way_remark": N_("remark on our way of working"),
    "meeting_point": N_("point of a meeting"),
    "person_id": N_("person"),
    "review_on": N_("next review"),
    "writer_id": N_("who writes it"),
    "done_on": N_("day it was done"),
    "changed": N_("what changed"),
    "meeting_id": N_("meeting"),
    "guidance_trajectory": N_("learning question"),
    "group_name": N_("group"),
    "question": N_("learning question"),
    "expertise": N_("expertise"),
    "expertise_theme": N_("theme of expertise"),
    "expertise_request": N_("request"),
    "expertise_id": N_("offer"),
    "message": N_("message"),
    "note": N_("note"),
    "everyones_part": N_("everyone's part"),
    "serves": N_("what the team gains by it"),
    "colleague_id": N_("colleague or team"),
    "coaching_conversation": N_("conversation"),
    "held_on": N_("date"),
    "kind": N_("kind"),
    "minutes": N_("minutes"),
    "hours": N_("hours"),
    "month": N_("month"),
    "weighing": N_("what is known about the evidence"),
    "later_note": N_("later thought"),
    "overruling": N_("verdict of our own"),
    "attachment": N_("file with evidence"),
    "led_by": N_("the data that led to it"),
    "grounds": N_("why it should work"),
    "for_whom": N_("for whom"),
    "prediction": N_("what we expect"),
    "expected_on": N_("by when"),
    "signal": N_("how we will see it"),
    "change_mind": N_("what would change our mind"),
    "locked_on": N_("locked on"),
    "sessions_planned": N_("planned sessions"),
    "sessions_held": N_("held sessions"),
    "follows_action_id": N_("small test it builds on"),
    "verdict": N_("verdict"),
    "text": N_("text"),
    "reliability": N_("reliability"),
    "n_measured": N_("number of pupils measured"),
    "n_missing": N_("number of pupils missing"),
    "ground_read_on": N_("date it was read"),
    "erased_why": N_("why it is erased"),
    "goal_id": N_("goal"),
    "present_ids": N_("who is present"),
    "blocks": N_("blocks"),
    "check_in": N_("check-in"),
    "rating": N_("rating of the meeting"),
}

SENTENCES: dict[type[errors.QualityCycleError], str] = {
    errors.StoreBusy: N_(
        "The school's file {path} is in use by another program. Close the other window of qualitycycle and try again."
    ),
    errors.StoreTooNew: N_(
        "The file {path} was made by a newer version of qualitycycle (schema {found}; this one knows {known}). "
        "Install the newest version; nothing was changed."
    ),
    errors.StoreDamaged: N_(
        "The file {path} cannot be read as a school's file ({detail}). Nothing was changed. "
        "Put a backup back with “qualitycycle restore”."
    ),
    errors.DiskFull: N_(
        "The disk of {path} is full, so this was not saved. What was saved before is safe. "
        "Free some space and save again; what you typed is still here."
    ),
    errors.BackupInvalid: N_(
        "The backup {path} cannot be used ({detail}). Choose another file; nothing was changed."
    ),
    errors.BadSetting: N_(
        "The setting {name} has the value “{value}”, which cannot be used. Expected: {expected}."
    ),
    errors.NotAllowed: N_("Your role may not do this. Ask the school leader if you need it."),
    errors.NotYours: N_(
        "This belongs to somebody else. Everybody decides about her own expertise, a school leader too."
    ),
    errors.NotFound: N_("This {noun} is not there (any more). Go back and choose again."),
    errors.ChangedMeanwhile: N_(
        "Somebody else saved this {noun} while you had it open. Nothing was overwritten and your text is still here. "
        "Look at their version below and save again, or keep theirs."
    ),
    errors.CycleClosed: N_(
        "The quality cycle “{title}” is closed and cannot be changed. You can still read it."
    ),
    errors.Incomplete: N_("Something is missing or does not fit: {name}. Fill it in and save again."),
    errors.TooManyGoals: N_(
        "{team} already has {n_open} open goals; more than {limit} at once seldom get done. "
        "Close one first, or write down why this one cannot wait."
    ),
    errors.StillOpen: N_(
        "There is still something open: {n} × {what}. Finish that first, or choose to carry it over."
    ),
    errors.SignInRefused: N_("This name and passphrase do not go together. Check both and try again."),
    errors.LogRefused: N_("This does not open the log. Try again, or use the recovery key."),
    errors.LogClosed: N_("Your log is closed. Open it with your passphrase and do it again."),
    errors.CodeRefused: N_("This code cannot be used. Check the letters, or ask for a new code."),
    errors.RoundClosed: N_("This questionnaire round is closed. No answers can be added or changed."),
    errors.RoundNotClosed: N_("Results appear only when the round is closed."),
    errors.VoteNotOpen: N_("This confidence vote has ended. Open a new one to ask again."),
    errors.VoteNotClosed: N_("How sure the team is appears only when the vote is closed."),
    errors.AnswersUnreadable: N_(
        "What was answered so far cannot be read, so nothing was added and nothing was closed: its key belongs in the "
        "folder {path}. Put that folder back as it was beside the school's file."
    ),
    errors.TooFewResponses: N_("Too few answers to show: at least {n_floor} are needed."),
    errors.AnswersRefused: N_(
        "Some answers do not fit this questionnaire ({items}). Choose an answer from the list."
    ),
    errors.TooManyCodes: N_(
        "{n_asked} more codes is more than this round promises: {n_left} can still be made for this team. "
        "A slip that nobody took can be handed out again."
    ),
    errors.TooMuchPaper: N_(
        "{n_forms} forms is more than the people of this team who have not answered yet. Nothing was stored. "
        "Check the team and the number of forms, or make a further code first."
    ),
    errors.WallFull: N_("{n} pictures hang on the data wall. Choose which one this picture replaces."),
    errors.ViewRefused: N_("These outcomes cannot be shown this way. Choose another picture."),
    errors.InstrumentInvalid: N_("The questionnaire file {file} cannot be used: {where} ({detail})."),
    errors.AttachmentRefused: N_("The file {file} cannot be kept with evidence. Choose another one."),
    errors.NetworkFileRefused: N_("The file {file} cannot be used. Ask the other school to make it again."),
    errors.ImportRejected: N_(
        "The file {file} cannot be read. Check that it is the right file and try again."
    ),
    errors.TooManyRefused: N_(
        "{n} rows of {file} cannot be read, {n_cause} of them for this reason: {cause} That is too many to correct by "
        "hand, so nothing of this file is read in. Check which column is what, or export the file again."
    ),
}

REASONS: dict[tuple[type[errors.QualityCycleError], str], str] = {
    (errors.SignInRefused, "wait"): N_(
        "That went wrong a few times. Wait {seconds} seconds and try again. Forgotten? Ask your school leader."
    ),
    (errors.SignInRefused, "word"): N_(
        "This word no longer works. It can be used once, within a day. Ask your school leader for a new one."
    ),
    (errors.SignInRefused, "account"): N_(
        "This school account does not belong to anybody here. Ask your school leader to put its address with your name."
    ),
    (errors.SignInRefused, "present"): N_("Your present passphrase is not right. Type it again."),
    (errors.LogRefused, "sign_in"): N_("This is not the passphrase with which you sign in. Type it again."),
    (errors.LogRefused, "there"): N_("You have a log already. Load the page again."),
    (errors.LogRefused, "wait"): N_("That went wrong a few times. Wait {seconds} seconds and try again."),
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
    (errors.ViewRefused, "other_subject"): N_(
        "These are two subjects. A difference between them says nothing: choose twice the same subject."
    ),
    (errors.ViewRefused, "other_test_maker"): N_(
        "These are tests of two makers, each with its own scale. Points of the one are no points of the other, so they "
        "are not averaged or subtracted. Levels can be put side by side, reference levels best."
    ),
    (errors.ViewRefused, "other_test"): N_(
        "These are two tests. Nobody knows how points on the one compare with points on the other, so they are not "
        "averaged or subtracted."
    ),
    (errors.ViewRefused, "other_edition"): N_(
        "These are two editions of the test, each with its own scale. Points of the old one are no points of the new "
        "one, so they are not averaged or subtracted. Start a new line with the new edition."
    ),
    (errors.ViewRefused, "other_scale"): N_(
        "These scores are on two scales, so they are not averaged or subtracted. Choose two moments on one scale."
    ),
    (errors.ViewRefused, "other_score_kind"): N_(
        "These are two kinds of score, such as points and a percentage. They are not averaged or subtracted."
    ),
    (errors.ViewRefused, "not_pupils"): N_(
        "This figure was read in as it is, about many pupils at once. Which pupils are behind it is not known here, so "
        "only the figure itself can be shown over time."
    ),
    (errors.ViewRefused, "no_levels"): N_(
        "There are no levels with these results, and a share needs a level. Read in the column with levels as well."
    ),
    (errors.ViewRefused, "no_order"): N_(
        "These levels have no known order, so no share at a level or higher can be worked out."
    ),
    (errors.ViewRefused, "levels_not_points"): N_(
        "Levels are steps of unequal size, so they have no mean and no gain. Choose the scores of this test."
    ),
    (errors.ViewRefused, "mark"): N_(
        "A mark is about one test of that moment, not a place on one scale. That it was higher later does not say that "
        "pupils grew."
    ),
    (errors.ViewRefused, "percentage"): N_(
        "A percentage right depends on how hard that test was. A difference between two tests does not say how much "
        "pupils grew."
    ),
    (errors.ViewRefused, "count"): N_(
        "A number right depends on how many questions that test had. A difference between two tests does not say how "
        "much pupils grew."
    ),
    (errors.ViewRefused, "scale_unknown"): N_(
        "Neither the test nor the scale of these scores is known, so it is not known either whether two moments are on "
        "one scale. Read them in again with the name of the test."
    ),
    (errors.ViewRefused, "year_group_unknown"): N_(
        "With these results the year group is missing or does not follow on another one, so pupils cannot be followed."
    ),
    (errors.ViewRefused, "other_pupils"): N_(
        "These moments are of other pupils. A gain is about the same ones: choose two moments of one group."
    ),
    (errors.ViewRefused, "same_pupils"): N_(
        "These two moments are of the same pupils, and this comparison is for different ones. Choose the gain of the "
        "same pupils, or the same moment in two school years."
    ),
    (errors.ViewRefused, "same_moment"): N_("Choose two different moments, the earlier one first."),
    (errors.ViewRefused, "moment_unknown"): N_(
        "At this moment there are no results of this line. Choose another one."
    ),
    (errors.ViewRefused, "pair_not_offered"): N_(
        "Gains are shown from one moment to the next, over one year, and from the first moment on. Of other pairs the "
        "pupils who are not in it would follow too easily."
    ),
    (errors.ViewRefused, "one_moment"): N_(
        "For this picture at least two moments are needed that may be shown: each with enough pupils."
    ),
    (errors.ViewRefused, "not_counts"): N_(
        "Bars with numbers of pupils are for counts; these are no counts."
    ),
    (errors.ViewRefused, "not_reached_levels"): N_(
        "Three years together are for the share of reached reference levels of the whole school. Read in the open data "
        "of the Inspectorate or of DUO, or your own shares with their numbers of pupils."
    ),
    (errors.ViewRefused, "no_reliability"): N_(
        "The reliability of a test is a number between 0 and 1. Look it up in the manual of the test."
    ),
    (errors.CodeRefused, "unknown"): N_("This code is not known. Check the letters, or ask for a new code."),
    (errors.CodeRefused, "spent"): N_(
        "This code has been used already. Your answers are safe; you are done."
    ),
    (errors.CodeRefused, "closed"): N_(
        "This round is closed, so the code no longer works. Thank you all the same."
    ),
    (errors.CodeRefused, "vote_closed"): N_("This confidence vote has ended. Thank you all the same."),
    (errors.CodeRefused, "vote_full"): N_(
        "As many answers have come in as there are people here, so yours was not added. Tell who leads the vote."
    ),
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
    (errors.NetworkFileRefused, "too_large"): N_(
        "The file {file} is too large to be a file for the network. Nothing was kept."
    ),
    (errors.NetworkFileRefused, "other_file"): N_(
        "The file {file} is no file for the network. Choose the one that another school made on its page IB network."
    ),
    (errors.NetworkFileRefused, "newer"): N_(
        "The file {file} was made by a newer version of qualitycycle. Install the newest version and choose it again."
    ),
    (errors.NetworkFileRefused, "damaged"): N_(
        "The file {file} is damaged or was changed on its way. Ask the other school to send it again."
    ),
    (errors.NetworkFileRefused, "shape"): N_(
        "The file {file} says something that a file for the network cannot say ({detail}). Nothing was kept."
    ),
    (errors.NetworkFileRefused, "own_file"): N_(
        "The file {file} is your own. It stands beside the others already."
    ),
    (errors.NetworkFileRefused, "there_already"): N_(
        "The file {file} is here already. Nothing needs to be done."
    ),
    (errors.NetworkFileRefused, "older"): N_(
        "A newer version of the file {file} is here already. Nothing was changed."
    ),
    (errors.NetworkFileRefused, "other_school"): N_(
        "A file with this name and half-year, and other figures, is here already. Do two schools have one name? Ask "
        "the other one for another name, or remove the file that is here first."
    ),
    (errors.NetworkFileRefused, "too_many"): N_(
        "{detail} schools stand beside each other, which is the most. Remove one first."
    ),
    (errors.AttachmentRefused, "empty_file"): N_("The file {file} is empty. Choose another one."),
    (errors.AttachmentRefused, "too_large"): N_(
        "The file {file} is larger than {detail} MB. Make it smaller, or say in the source where it lies."
    ),
    (errors.AttachmentRefused, "too_many_pixels"): N_(
        "The picture {file} is too large to be opened safely. Make it smaller and choose it again."
    ),
    (errors.AttachmentRefused, "unknown_kind"): N_(
        "The file {file} is of a kind that is not kept here. Choose a PDF, a picture (JPG, PNG, WebP), a document of "
        "Word, Excel, PowerPoint or LibreOffice, or plain text."
    ),
    (errors.AttachmentRefused, "has_macros"): N_(
        "The file {file} holds macros, which can do something when it is opened. Save it without them or as PDF."
    ),
    (errors.AttachmentRefused, "damaged"): N_(
        "The file {file} is broken off or damaged. Open it yourself first, save it again and choose it once more."
    ),
    (errors.AttachmentRefused, "there_already"): N_("The very file {file} is with this evidence already."),
    (errors.AttachmentRefused, "too_many"): N_(
        "There are {detail} files with this evidence. Put the rest together, or say in the source where they lie."
    ),
    (errors.ImportRejected, "already_read"): N_(
        "The very same file {file} was read in before ({detail}). Take that import back first to read it in anew."
    ),
    (errors.ImportRejected, "nothing_corrected"): N_(
        "In {file} nothing was filled in that can be used. Fill in the column “Corrected” and choose the file again."
    ),
    (errors.ImportRejected, "no_row_waits"): N_(
        "None of the rows in {file} waits any more: they have been dealt with, or their import was taken back."
    ),
    (errors.ImportRejected, "empty_file"): N_("The file {file} is empty. Export it again and try once more."),
    (errors.ImportRejected, "too_large"): N_(
        "The file {file} is too large. Split it, such as per school year."
    ),
    (errors.ImportRejected, "too_many_rows"): N_(
        "There are {detail} rows in {file}, more than are read at once. Make several files of it, such as one per "
        "school year: filter the export in your own system, or the table in a spreadsheet, and save each part."
    ),
    (errors.ImportRejected, "not_text"): N_(
        "The file {file} is no table: it may be a PDF, a picture or a program. Export the results as Excel (xlsx), ODS "
        "or CSV and choose that file."
    ),
    (errors.ImportRejected, "unknown_encoding"): N_(
        "The letters in {file} cannot be read. Save it as CSV UTF-8 or as Excel (xlsx) and choose it again."
    ),
    (errors.ImportRejected, "html_page"): N_(
        "Inside, {file} is a web page, whatever its name says. Open it in Excel, save it as a workbook (xlsx) and "
        "choose that one."
    ),
    (errors.ImportRejected, "xml_file"): N_(
        "The file {file} is XML, which cannot be read here yet. Export it as CSV or Excel."
    ),
    (errors.ImportRejected, "broken_xml"): N_(
        "The XML in {file} is broken off or damaged. Export it again and choose the new file."
    ),
    (errors.ImportRejected, "xml_doctype"): N_(
        "The file {file} describes its own building blocks, which a school export never does. "
        "For safety it is not read. Export it again from your own system."
    ),
    (errors.ImportRejected, "xml_too_complex"): N_(
        "The file {file} is too deep or has too many parts. Export less at a time, such as one school year."
    ),
    (errors.ImportRejected, "unknown_xml"): N_(
        "The file {file} is XML of a kind or version that is not read here. "
        "OSO 2019.1 and EDEXML are; of anything else, export the results as CSV or Excel."
    ),
    (errors.ImportRejected, "no_results"): N_(
        "There are no test results in {file}. In an OSO dossier the school chooses whether they go along."
    ),
    (errors.ImportRejected, "no_groups"): N_(
        "No groups or year groups that we know were found in {file}, and no results either."
    ),
    (errors.ImportRejected, "roster_year"): N_(
        "The file {file} does not say of which school year its groups are. Read it in on the page, "
        "where you can choose the year."
    ),
    (errors.ImportRejected, "unknown_version"): N_(
        "The file {file} is of version {detail}, which is not read here. Export OneRoster 1.1 or 1.2, or CSV."
    ),
    (errors.ImportRejected, "one_of_oneroster"): N_(
        "The file {file} is one part of a OneRoster export. Choose all files of that export together, or the zip in "
        "which they came."
    ),
    (errors.ImportRejected, "answers"): N_(
        "In {file} are answers to a questionnaire, and no results of pupils. Nothing of it was kept. Read it in under "
        "“Questionnaire rounds”, with “Read in a form that was filled in elsewhere”."
    ),
    (errors.ImportRejected, "unknown_folder"): N_(
        "The folder {file} is no OneRoster export. Choose the table inside it."
    ),
    (errors.ImportRejected, "unknown_open_data"): N_(
        "In {file} nothing was found of the open data that is read here: results of the Inspectie, "
        "reference levels and exams of DUO, school weightings."
    ),
    (errors.ImportRejected, "year_unknown"): N_(
        "It does not say in {file} which school year it is about, or which school. Give it the name under which DUO "
        "published it, with the school year in it, and choose it again."
    ),
    (errors.ImportRejected, "figure_unreadable"): N_(
        "A figure of your school in {file} cannot be right (line {detail}), so nothing of it is read. "
        "Download the file again."
    ),
    (errors.ImportRejected, "damaged_parquet"): N_(
        "The file {file} is broken off or damaged. Download it again and choose the new file."
    ),
    (errors.ImportRejected, "not_a_table"): N_(
        "No table was found in {file}. It needs a row with column names and rows below it."
    ),
    (errors.ImportRejected, "no_header"): N_(
        "The file {file} has no row with column names. Add one above the figures and choose it again."
    ),
    (errors.ImportRejected, "only_header"): N_(
        "In {file} there is a row with column names and no row below it. Choose in your own system which pupils and "
        "tests go along, and export it again."
    ),
    (errors.ImportRejected, "open_quote"): N_(
        "A quotation mark in {file} is never closed. Save it as Excel (xlsx) and choose it again."
    ),
    (errors.ImportRejected, "too_many_columns"): N_(
        "The file {file} has too many columns. Keep the ones with results."
    ),
    (errors.ImportRejected, "encrypted_workbook"): N_(
        "The workbook {file} has a password. Save it without one and choose it again."
    ),
    (errors.ImportRejected, "damaged_workbook"): N_(
        "The workbook {file} cannot be opened. Open it in Excel, save it again and choose it once more."
    ),
    (errors.ImportRejected, "workbook_too_large"): N_(
        "Unpacked, {file} is too large to be read safely. Keep only the sheet with results, or make a smaller export."
    ),
    (errors.ImportRejected, "unknown_archive"): N_(
        "The file {file} is packed. Unpack it and choose the table inside."
    ),
    (errors.ImportRejected, "pupil_column_bsn"): N_(
        "The column chosen for the pupil number holds BSNs, which are not kept here. "
        "Choose the school's own pupil number."
    ),
    (errors.ImportRejected, "pupil_column_personal"): N_(
        "The column chosen for the pupil number holds names or other personal data. "
        "Choose the school's own pupil number."
    ),
    (errors.ImportRejected, "column_missing"): N_(
        "The column “{detail}” is not in {file}. Choose another one."
    ),
    (errors.ImportRejected, "incomplete_mapping"): N_(
        "Something is still needed: {detail}. Choose its column, or one value for all rows."
    ),
    (errors.ImportRejected, "too_many_different"): N_(
        "The column “{detail}” in {file} has far more different values than results of one school can have. Choose "
        "another column for it, or make a smaller export, such as one per school year."
    ),
    (errors.TooManyRefused, "all_anywhere"): N_(
        "All {n} refused rows of {file} are refused for the same reason: {cause} That is too many to correct by hand, "
        "so nothing of this file is read in. Check which column is what, or export the file again."
    ),
    (errors.TooManyRefused, "all_in_a_column"): N_(
        "All {n} refused rows of {file} are refused for the column “{column}”: {cause} That is too many to correct by "
        "hand, so nothing of this file is read in. This is probably the wrong column: choose another one, or export "
        "the file again."
    ),
    (errors.TooManyRefused, "in_a_column"): N_(
        "{n} rows of {file} cannot be read, {n_cause} of them because of the column “{column}”: {cause} That is too "
        "many to correct by hand, so nothing of this file is read in. This is probably the wrong column: choose "
        "another one, or export the file again."
    ),
    (errors.ImportRejected, "not_inspectie"): N_("The file {file} is not the Inspectie's table of results."),
    (errors.ImportRejected, "which_school"): N_(
        "More than one location fits, or no BRIN code is known. Choose one location."
    ),
    (errors.ImportRejected, "unknown_school"): N_("This school is not in {file}. Check its BRIN code."),
    (errors.ImportRejected, "unknown_sheet"): N_(
        "There is no such sheet with a table in {file}. There are: {detail}."
    ),
    (errors.ImportRejected, "missing_file"): N_("There is no file {file}. Check its name."),
    (errors.ImportRejected, "other_kind"): N_("The file {file} is of another kind than you asked for."),
    (errors.ImportRejected, "unknown_profile"): N_(
        "There is no column mapping called “{detail}”. Check its name."
    ),
    (errors.BackupInvalid, "missing"): N_(
        "There is no backup at {path}. Check the name; nothing was changed."
    ),
    (errors.BackupInvalid, "in_use"): N_("The file {path} is in use. Close the program that uses it first."),
    (errors.BackupInvalid, "unreadable"): N_(
        "The file {path} is no readable backup. Choose another; nothing was changed."
    ),
    (errors.BackupInvalid, "not_ours"): N_(
        "The file {path} is a database, but not one of qualitycycle. Nothing was changed."
    ),
    (errors.BackupInvalid, "too_new"): N_(
        "The backup {path} was made by a newer version of qualitycycle. Install the newest version first."
    ),
    (errors.BackupInvalid, "row_counts"): N_(
        "The backup {path} did not hold every row when it was read back. Do not rely on it; make another."
    ),
}
