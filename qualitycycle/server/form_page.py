"""What a phone gets to see: one template in words of both languages, its looks and script inside, and nothing else."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any

import jinja2
from markupsafe import Markup
from starlette.responses import HTMLResponse, Response

from qualitycycle import i18n
from qualitycycle.cycle import promise
from qualitycycle.i18n import _, ngettext
from qualitycycle.model import Instrument, Round

NO_ANSWER = 0
# Stands where each phone gets its own key; no text from a school can contain it.
DRAFT = "\0draft\0"


@dataclass(frozen=True)
class Wrong:
    """What has to be put right, and links to the places; (place, words) each."""

    sentence: str
    links: tuple[dict[str, str], ...] = ()


# --- the questionnaire -----------------------------------------------------------------------------------


def questionnaire(
    one: Round,
    instrument: Instrument,
    *,
    school: str,
    given: Mapping[str, int] | None = None,
    wrong: Wrong | None = None,
    left_open: bool = False,
) -> str:
    """The form of a round; `given` are choices that came back with a request, by item."""
    language = promise.spoken(one.promise, instrument, i18n.language())
    labels = {value: text[language] for value, text in instrument.labels.items()}
    return _render(
        "questionnaire",
        title=one.title,
        school=school,
        promise=promise.sentences(one.promise),
        intro=instrument.intro[language],
        spoken="" if language == i18n.language() else language,
        only_in=_only_in(language),
        parts=_parts(instrument, language),
        choices=list({**labels, NO_ANSWER: instrument.no_answer[language]}.items()),
        n_items=len(instrument.items),
        given=given or {},
        wrong=wrong,
        left_open=left_open,
        draft=DRAFT,
    )


def _only_in(language: str) -> str:
    """Said when a form is read in a language that its questionnaire does not have."""
    if language == i18n.language():
        return ""
    return {
        "nl": _("This questionnaire is in Dutch only."),
        "en": _("This questionnaire is in English only."),
    }[language]


def _parts(instrument: Instrument, language: str) -> list[dict[str, Any]]:
    number_of = numbers(instrument)
    n_parts = len(instrument.scales)
    return [
        {
            "title": scale.title[language],
            "place": _("part {n} of {total}").format(n=n, total=n_parts),
            "statements": [
                {"key": key, "number": number_of[key], "text": instrument.item(key).text[language]}
                for key in scale.items
            ],
        }
        for n, scale in enumerate(instrument.scales, 1)
    ]


def numbers(instrument: Instrument) -> dict[str, int]:
    """Statements are numbered as they stand on the page, part by part; so are the fields of the form."""
    return {key: n for n, key in enumerate((key for scale in instrument.scales for key in scale.items), 1)}


def nothing_chosen(instrument: Instrument) -> Wrong:
    """Said when a form without a single choice is sent."""
    sentence = _("You have not chosen anything yet. Your code stays valid until you send.")
    return Wrong(sentence, _links(instrument, [instrument.scales[0].items[0]]))


def skipped(instrument: Instrument, keys: list[str]) -> Wrong:
    """Said once when statements were passed over; sending again leaves them open."""
    in_order = [key for key in numbers(instrument) if key in keys]
    sentence = ngettext(
        "You have not chosen anything at statement {list}. Choose there, or send once more to leave it open.",
        "You have not chosen anything at statements {list}. Choose there, or send once more to leave them open.",
        len(in_order),
    ).format(list=i18n.join([str(numbers(instrument)[key]) for key in in_order]))
    return Wrong(sentence, _links(instrument, in_order))


def not_stored() -> Wrong:
    """Said when the file could not be written; the choices stand below it still."""
    return Wrong(
        _("Your answers could not be stored just now. They are still here: wait a moment and send again.")
    )


def _links(instrument: Instrument, keys: list[str]) -> tuple[dict[str, str], ...]:
    chosen = [numbers(instrument)[key] for key in keys]
    return tuple({"place": f"s{n}", "words": _("Go to statement {n}").format(n=n)} for n in chosen)


# --- the confidence vote ---------------------------------------------------------------------------------


def vote(
    goal_title: str,
    floor: int,
    *,
    school: str,
    ticket: str,
    given: str = "",
    wrong: Wrong | None = None,
) -> str:
    """The form of a vote; `given` is what was typed before, as it was typed."""
    return _render(
        "vote",
        title=goal_title,
        school=school,
        promise=[
            _("Nobody sees your own answer: not your school leader, not your colleagues."),
            _("Your answer is stored without name, device or time, and in no order."),
            _("The spread appears when the vote is closed, from {n} answers on.").format(n=floor),
        ],
        ticket=ticket,
        given={"value": given} if given else {},
        wrong=wrong,
        left_open=False,
        draft=DRAFT,
        style=VOTE_STYLE,
        script=VOTE_SCRIPT,
    )


def vote_wrong(sentence: str) -> Wrong:
    return Wrong(sentence, ({"place": "value", "words": _("Go to the number")},))


def voted() -> str:
    """Said after voting; this page is also where the device marks that it has voted."""
    return _render(
        "note",
        title=_("Sent"),
        lines=[
            _("Thank you. Your answer is stored."),
            _("You see the spread together, when the vote is closed."),
        ],
        link=None,
        script=VOTE_SCRIPT,
    )


# --- the other pages -------------------------------------------------------------------------------------


def ask_code(wrong: Wrong | None = None) -> str:
    return _render("code", title=_("Fill in a questionnaire"), wrong=wrong)


def note(title: str, *lines: str, link: tuple[str, str] | None = None, draft: str = "") -> str:
    """A page that says something; `draft` names what the phone may forget."""
    place = {"place": link[0], "words": link[1]} if link else None
    return _render("note", title=title, lines=lines, link=place, draft=draft)


# --- drawing ---------------------------------------------------------------------------------------------


def answer(page: str, status: int = 200) -> Response:
    """A page as an HTTP answer that no browser keeps and that may do nothing but send its own form."""
    return HTMLResponse(page, status, headers=HEADERS)


def _render(kind: str, **values: Any) -> str:
    language = i18n.language()
    others = [(key, name) for key, name in i18n.LANGUAGES.items() if key != language]
    return _template().render(
        kind=kind,
        language=language,
        other_languages=others,
        words=_words(),
        **{"wrong": None, "draft": "", "style": STYLE, "script": SCRIPT, **values},
    )


def _words() -> dict[str, str]:
    return {
        "wrong": _("Not sent yet"),
        "promise": _("What we promise you"),
        "kept": _("What you chose earlier on this phone is still here. It has not been sent yet."),
        "in_parts": _("One part at a time"),
        "all": _("All at once"),
        "previous": _("Previous"),
        "next": _("Next"),
        "send": _("Send my answers"),
        "filled_in": _("Filled in:"),
        "ask_code": _("With the code on your slip you can begin. Nobody sees your own answers."),
        "code": _("Your code"),
        "hint": _("Eight letters and digits, on the slip you were given. Capitals and spaces do not matter."),
        "begin": _("Begin"),
        "how_sure": _("How sure are we, as a team, that we reach this goal?"),
        "points": _("A whole number from 0 to 100"),
        "low": _("0: certainly not"),
        "high": _("100: certainly"),
        "send_vote": _("Send my answer"),
        "voted": _("An answer was sent from this device already. Once per device is enough."),
    }


@cache
def _template() -> jinja2.Template:
    environment = jinja2.Environment(
        autoescape=True, trim_blocks=True, lstrip_blocks=True, undefined=jinja2.StrictUndefined
    )
    return environment.from_string(_read("page.html"))


def _read(name: str) -> str:
    return resources.files("qualitycycle.server").joinpath("phone", name).read_text(encoding="utf-8").strip()


def hash_of(text: str) -> str:
    """How a content policy knows a text inside the page."""
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"


def _short(text: str) -> str:
    """A script or style without indent, line ends and our own remarks: every phone loads it."""
    lines = (line.strip() for line in text.splitlines())
    return "\n".join(line for line in lines if not line.startswith("//")).replace("}\n", "}")


# Our own files, so nothing in them needs to be escaped.
STYLE, SCRIPT = Markup(_short(_read("page.css"))), Markup(_short(_read("page.js")))
VOTE_STYLE, VOTE_SCRIPT = STYLE + Markup(_short(_read("vote.css"))), Markup(_short(_read("vote.js")))
HEADERS = {
    "Cache-Control": "no-store",
    "X-Robots-Tag": "noindex",
    # Style and script inside the page are known by their hash; anything that got in beside them is dead.
    "Content-Security-Policy": "; ".join(
        (
            "default-src 'none'",
            f"style-src {hash_of(STYLE)} {hash_of(VOTE_STYLE)}",
            f"script-src {hash_of(SCRIPT)} {hash_of(VOTE_SCRIPT)}",
            "img-src data:",
            "form-action 'self'",
            "base-uri 'none'",
            "frame-ancestors 'none'",
        )
    ),
}
