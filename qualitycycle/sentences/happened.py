"""What happened, by error."""

from __future__ import annotations

from qualitycycle import errors
from qualitycycle.i18n import N_

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
}
