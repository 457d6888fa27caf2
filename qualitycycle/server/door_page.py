"""The plain pages at the door: signing in, choosing a passphrase, and a kind word for who may not come in."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib import resources
from urllib.parse import urlencode

import jinja2
from markupsafe import Markup
from starlette.responses import HTMLResponse, Response

from qualitycycle import i18n
from qualitycycle.cycle.sign_in import N_SHORTEST
from qualitycycle.i18n import _
from qualitycycle.server import form_page

SIGN_IN = "/sign-in"
CLAIM, CHOOSE, CHANGE, SIGN_OUT = f"{SIGN_IN}/first", f"{SIGN_IN}/choose", f"{SIGN_IN}/change", "/sign-out"
ACCOUNT = f"{SIGN_IN}/account"
# The ways in and out; whoever reaches the program at all may ask for these.
ADDRESSES = (SIGN_IN, CLAIM, CHOOSE, CHANGE, SIGN_OUT, ACCOUNT)


@dataclass(frozen=True)
class Box:
    """One field of a form: a line, a passphrase, or a choice."""

    name: str
    label: str
    kind: str = "password"
    value: str = ""
    autocomplete: str = "current-password"
    hint: str = ""
    options: dict[str, str] = field(default_factory=dict)


def sign_in(
    *,
    wanted: str,
    name: str = "",
    wrong: str = "",
    out: bool = False,
    accounts: Mapping[str, str] | None = None,
) -> str:
    """Name and passphrase; `accounts` are the providers with an account of which one can come in as well."""
    others = accounts or {}
    return _render(
        _("Sign in"),
        SIGN_IN,
        lines=[_("You are signed out.")] if out and not wrong else [],
        wrong=wrong,
        hidden={"next": wanted},
        fields=[
            Box("name", _("Your name, as it stands in the program"), "text", name, "username"),
            Box("passphrase", _("Your passphrase")),
        ],
        submit=_("Sign in"),
        after=[
            _(
                "First time, or forgotten? Ask your school leader for a word: with your name and that word "
                "you choose a passphrase of your own."
            )
        ],
        links=[
            (
                f"{ACCOUNT}?{urlencode({'provider': one})}",
                _("Sign in with your school account")
                if len(others) == 1
                else _("Sign in with your account of {name}").format(name=called),
            )
            for one, called in others.items()
        ],
        query={"next": wanted},
    )


def welcome() -> str:
    """Between the provider of an account and the program, for the blink of an eye.

    The browser sends our cookie along only when our own page asks for the next one, and not when another site does.
    """
    return _render(_("You are signed in"), lines=[], link=("/", _("Go on")), query=None, goes_on=True)


def claim(leaders: dict[str, str], *, chosen: str = "", wrong: str = "") -> str:
    """The first passphrase of a school, on this computer."""
    return _render(
        _("Choose your passphrase"),
        CLAIM,
        lines=[
            _(
                "Your school is ready. One thing is left: a passphrase, so that nobody else can come in as you."
            ),
        ],
        wrong=wrong,
        fields=[
            Box("person", _("Who are you?"), options=leaders, value=chosen),
            *_new_passphrase(),
        ],
        submit=_("Save and begin"),
        after=[
            _("Your colleagues get access from you, under “School, teams and people”."),
            _("Forgotten it later? Run “qualitycycle reset-passphrase” on this computer."),
        ],
        query={},
    )


def choose(*, name: str, word: str, wanted: str, wrong: str = "") -> str:
    """A passphrase of one's own, with the word that a school leader handed out."""
    return _render(
        _("Choose your passphrase"),
        CHOOSE,
        lines=[_("The word is right. Now choose a passphrase that only you know.")],
        wrong=wrong,
        hidden={"name": name, "word": word, "next": wanted},
        fields=_new_passphrase(),
        submit=_("Save and go on"),
        query=None,
    )


def change(name: str, *, wrong: str = "") -> str:
    """Another passphrase for who is signed in."""
    return _render(
        _("Change your passphrase"),
        CHANGE,
        lines=[_("You are signed in as {name}. Elsewhere you will be signed out.").format(name=name)],
        wrong=wrong,
        fields=[Box("present", _("Your present passphrase")), *_new_passphrase()],
        submit=_("Save"),
        link=("/", _("Back")),
        query={},
    )


def not_here() -> str:
    """Said to another machine that asks for a page for staff."""
    return _render(
        _("This page is not open here"),
        lines=[
            _("The pages for the team are open on the school's own computer only."),
            _("Do you have a slip with a code? Then you can fill in the questionnaire here."),
        ],
        link=("/v", _("Fill in a questionnaire")),
        query=None,
    )


def failed(sentence: str) -> str:
    return _render(_("That did not work"), lines=[sentence], link=("/", _("Back")), query=None)


def phone_works(*, here: bool) -> str:
    """The test page; `here` when it is opened on the school's computer itself."""
    if here:
        return _render(
            _("Now open this on a phone"),
            lines=[
                _(
                    "This is the school's own computer. Open the same address on a phone on the school's Wi-Fi."
                )
            ],
            query={},
        )
    return _render(
        _("It works"),
        lines=[
            _("This phone can reach the program. You can close this page."),
            _("Nothing about this phone is kept; the computer only counts that one came by."),
        ],
        query={},
    )


def answer(page: str, status: int = 200) -> Response:
    """A page as an HTTP answer that no browser keeps."""
    return HTMLResponse(page, status, headers=HEADERS)


def _new_passphrase() -> list[Box]:
    hint = _(
        "At least {n} signs. A few words that do not belong together are easy to keep and hard to guess."
    ).format(n=N_SHORTEST)
    return [
        Box("passphrase", _("New passphrase"), autocomplete="new-password", hint=hint),
        Box("again", _("The same once more"), autocomplete="new-password"),
    ]


def _render(
    title: str,
    action: str = "",
    *,
    query: dict[str, str] | None,
    lines: list[str],
    wrong: str = "",
    hidden: dict[str, str] | None = None,
    fields: list[Box] | None = None,
    submit: str = "",
    after: list[str] | None = None,
    link: tuple[str, str] | None = None,
    links: list[tuple[str, str]] | None = None,
    goes_on: bool = False,
) -> str:
    """A page; `query` stays when the language is switched, and None is for a page that cannot be asked for again."""
    language = i18n.language()
    others = [
        (key, name, "?" + urlencode({**query, "lang": key}))
        for key, name in i18n.LANGUAGES.items()
        if query is not None and key != language
    ]
    return _template().render(
        title=title,
        action=action,
        language=language,
        other_languages=others,
        lines=lines,
        wrong=wrong,
        hidden={**(hidden or {}), "lang": language},
        fields=fields or [],
        submit=submit,
        after=after or [],
        links=[*([link] if link else []), *(links or [])],
        goes_on=goes_on,
        words={"wrong": _("That did not work")},
        css=Markup(STYLE),
    )


@cache
def _template() -> jinja2.Template:
    environment = jinja2.Environment(
        autoescape=True, trim_blocks=True, lstrip_blocks=True, undefined=jinja2.StrictUndefined
    )
    return environment.from_string(_read("page.html"))


def _read(name: str) -> str:
    return resources.files("qualitycycle.server").joinpath("door", name).read_text(encoding="utf-8").strip()


# The looks of the form for phones, and what a form with lines to type in needs beside it.
STYLE = form_page.STYLE + _read("page.css")
HEADERS = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": "; ".join(
        (
            "default-src 'none'",
            f"style-src {form_page.hash_of(STYLE)}",
            "img-src data:",
            "form-action 'self'",
            "base-uri 'none'",
            "frame-ancestors 'none'",
        )
    ),
    # With no referrer at all a browser does not say either where a form was sent from.
    "Referrer-Policy": "same-origin",
}
