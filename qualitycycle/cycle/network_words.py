"""What a school brings to the network is told in these words: themes and kinds of help, the same at every school.

The lists are fixed on purpose: two schools can only be read beside each other where they mean the same by a word.
"""

from __future__ import annotations

from qualitycycle.i18n import N_

# What a learning question or a request for help is about.
THEMES = {
    "language": N_("Reading and language"),
    "maths": N_("Maths"),
    "behaviour": N_("Behaviour"),
    "attention": N_("Attention and working habits"),
    "wellbeing": N_("Wellbeing"),
    "gifted": N_("Gifted pupils"),
    "newcomers": N_("Newcomers and several languages"),
    "transition": N_("Start at school and transitions"),
    "attendance": N_("Attendance"),
    "body": N_("Hearing, seeing and moving"),
    "parents": N_("Working with parents"),
    "teaching": N_("Teaching and classroom management"),
    "other": N_("Something else"),
}
# Which help from outside is asked.
KINDS = {
    "specialist": N_("Psychologist or remedial educationalist"),
    "partnership": N_("Guidance by the support partnership"),
    "package": N_("Support package"),
    "social_work": N_("School social work"),
    "youth_health": N_("Youth health care"),
    "youth_care": N_("Youth care"),
    "speech": N_("Speech therapy"),
    "place": N_("A place elsewhere"),
    "other": N_("Other help"),
}
# Hours of the internal coach who puts the figures down.
HOURS = {
    "conversations": N_("Conversations, hours a month"),
    "guiding": N_("Coaching and guiding, hours a week"),
    "planned": N_("Coaching and guiding as planned, hours a week"),
}
# How many pupils a school has, in steps, so that others know what a number rests on.
PUPILS = {
    "0-99": N_("fewer than 100 pupils"),
    "100-199": N_("100 to 199 pupils"),
    "200-399": N_("200 to 399 pupils"),
    "400+": N_("400 pupils or more"),
}
PARTS = {
    "learning": N_("Themes of learning questions"),
    "help": N_("Themes of help that was asked"),
    "waiting": N_("Waiting for help"),
    "time": N_("Time for guiding"),
}
