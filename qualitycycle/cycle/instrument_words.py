"""The screen's words for what can be wrong with a questionnaire's file: what it is, and what to do."""

from __future__ import annotations

from qualitycycle.i18n import N_, _
from qualitycycle.instruments.checking import Fault, Wrong

# {detail} is what stands there, or what was expected.
WORDS: dict[Wrong, tuple[str, str]] = {
    Wrong.NOT_UTF8: (
        N_("The letters of this file cannot be read."),
        N_("Save it as UTF-8 and choose it again."),
    ),
    Wrong.TOO_LARGE: (
        N_("This file is larger than a questionnaire can be ({detail} kB)."),
        N_("Check that it is the right file."),
    ),
    Wrong.NOT_TOML: (
        N_("This file cannot be read from here on (line {detail})."),
        N_("Look there for a missing quotation mark, a missing =, or a name that stands there twice."),
    ),
    Wrong.MISSING: (N_("This is not in the file."), N_("Add it; the example file shows how.")),
    Wrong.UNKNOWN_NAME: (
        N_("This name means nothing here."),
        N_("Check how it is written, or leave it out. Known here: {detail}."),
    ),
    Wrong.WRONG_FORM: (N_("This is written in another way than expected."), N_("Write it as in the example file.")),
    Wrong.NOT_A_KEY: (
        N_("“{detail}” cannot be a key."),
        N_("Use small letters, digits and _, begin with a letter, and keep it under 40 signs."),
    ),
    Wrong.RESERVED: (
        N_("“{detail}” is a questionnaire of this program."),
        N_("Choose a key of your own, such as your school's name before it."),
    ),
    Wrong.DOUBLED: (N_("The key “{detail}” stands here more than once."), N_("Give each its own key.")),
    Wrong.SAME_TEXT: (
        N_("The same words stand here more than once: “{detail}”."),
        N_("Change one of them, or take it out."),
    ),
    Wrong.NOT_A_LANGUAGE: (
        N_("Texts are given by language, in the languages of the title."),
        N_("Write it for: {detail}."),
    ),
    Wrong.NO_TEXT: (N_("There is no text here."), N_("Write it, in every language that the title has.")),
    Wrong.TOO_LONG: (N_("This is too long for a phone."), N_("Use at most {detail} signs.")),
    Wrong.HIDDEN_SIGN: (
        N_("There is a sign in this text that cannot be seen, or a line break."),
        N_("Type the text again on one line."),
    ),
    Wrong.NOT_WHOLE: (
        N_("“{detail}” is not a whole number here."),
        N_("Write a whole number, without quotation marks."),
    ),
    Wrong.NOT_YES_OR_NO: (N_("“{detail}” is not yes or no."), N_("Write true or false, without quotation marks.")),
    Wrong.RANGE: (
        N_("These answers cannot be used: {detail}."),
        N_("Let them begin at 1 or higher and end at 11 or lower, the highest above the lowest."),
    ),
    Wrong.NO_LABEL: (N_("Answer {detail} has no words."), N_("Give every answer its words, such as “agree”.")),
    Wrong.LABEL_TOO_MANY: (
        N_("These words belong to no answer: the answers are {detail}."),
        N_("Leave it out, or change minimum or maximum."),
    ),
    Wrong.NOT_A_SHARE: (
        N_("“{detail}” is not a share."),
        N_("Write which part of a scale must be answered, such as \"2/3\" or \"1/2\"."),
    ),
    Wrong.NOT_A_TOTAL: (N_("This is not a way to make a total."), N_("Choose one of: {detail}.")),
    Wrong.TOO_MANY: (N_("There are more than {detail}."), N_("Make it shorter: a questionnaire should take minutes.")),
    Wrong.NOTHING_IN_IT: (
        N_("Nothing in {detail} belongs to this."),
        N_("Let something belong to it, or leave it out."),
    ),
    Wrong.UNKNOWN_SCALE: (N_("This scale is not in the file."), N_("Choose one of: {detail}.")),
    Wrong.UNKNOWN_GROUP: (N_("The group “{detail}” is not in the file."), N_("Add it under groups, or leave it out.")),
}  # fmt: skip


def what(fault: Fault) -> str:
    return _(WORDS[fault.wrong][0]).format(detail=fault.detail)


def what_next(fault: Fault) -> str:
    return _(WORDS[fault.wrong][1]).format(detail=fault.detail)
