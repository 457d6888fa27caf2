"""The screen's words for what a form from elsewhere left behind and for rows that were put aside."""

from __future__ import annotations

from qualitycycle.i18n import N_
from qualitycycle.imports.responses import Aside, Gone

GONE = {
    Gone.TIME: N_("time"),
    Gone.MAIL: N_("mail address or account"),
    Gone.NAME: N_("name"),
    Gone.COMPUTER: N_("computer"),
    Gone.NUMBER: N_("number of the form"),
    Gone.SCORE: N_("score or feedback"),
    Gone.PERSONAL: N_("about a person"),
    Gone.OTHER: N_("no answer to a statement"),
}
ASIDE = {
    Aside.ANSWER: N_("This is not one of the answers."),
    Aside.TEAM: N_("It does not say which team this is."),
}
