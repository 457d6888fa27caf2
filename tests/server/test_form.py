"""The form for phones over real HTTP: what it shows, stores and refuses, and what it never tells."""

from __future__ import annotations

import html
import http.client
import re

import pytest

from qualitycycle import instruments
from qualitycycle.cycle import office
from qualitycycle.server import form, form_page
from tests import browser, phones

N_CODES = 30
INSTRUMENT = instruments.instrument(phones.QUESTIONNAIRE)
FULL = phones.fields(phones.answers(1))
TAG = re.compile("<style>.*?</style>|<script>.*?</script>|<[^>]*>", re.DOTALL)


class School:
    """A running program with open codes; each test takes codes of its own."""

    def __init__(self, served, ready, vote, ended):
        self.served, self.vote, self.ended = served, vote, ended
        self.port = int(served.url.rsplit(":", 1)[1])
        self._codes = iter(ready.codes)

    def code(self):
        return next(self._codes)

    def ask(self, method, path, fields=None):
        return phones.now(phones.ask(self.port, method, path, fields))

    def send(self, code, **fields):
        return self.ask("POST", f"/v/{code}", {"lang": "nl", "send": 1, **fields})

    def raw(self, method, path, body=None, **headers):
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        connection.request(method, path, body=body, headers=named)
        answer = connection.getresponse()
        return answer.status, answer.read().decode("utf-8", "replace")


@pytest.fixture(scope="module")
def school(tmp_path_factory):
    ready = phones.make_school(tmp_path_factory.mktemp("form") / "school", N_CODES)
    vote, ended = phones.open_vote(ready), phones.open_vote(ready, closed=True)
    with browser.serve(ready.folder) as served:
        yield School(served, ready, vote, ended)


def words(reply):
    return html.unescape(TAG.sub(" ", reply.text))


# --- the page --------------------------------------------------------------------------------------------


def test_the_form_shows_the_promise_and_every_statement(school):
    reply = school.ask("GET", f"/v/{school.code()}")

    assert reply.status == 200
    assert "Niemand ziet jouw eigen antwoorden" in words(reply)
    assert all(item.text["nl"] in words(reply) for item in INSTRUMENT.items)
    assert words(reply).count("geen antwoord") == len(INSTRUMENT.items)


@pytest.mark.parametrize("language", ["nl", "en"])
def test_the_whole_form_is_one_page_of_less_than_15_kb(school, language):
    reply = school.ask("GET", f"/v/{school.code()}?lang={language}")

    assert len(reply.text.encode()) < 15_000
    assert not re.search(r"""(src|href)=["']?(?!#|data:|\\?|/v)""", reply.text)
    assert "url(" not in reply.text


def test_the_form_does_not_hold_the_code(school):
    code = school.code()

    assert code not in school.ask("GET", f"/v/{code}").text


def test_every_answer_is_private_and_strict(school):
    code = school.code()

    for reply in (
        school.ask("GET", f"/v/{code}"),
        school.send(code, **FULL),
        school.ask("GET", "/v"),
        school.ask("GET", "/v/NOTACODE"),
        school.ask("GET", "/v/sent"),
    ):
        policy = reply.headers["content-security-policy"]
        assert policy.startswith("default-src 'none'; style-src 'sha256-")
        assert "unsafe" not in policy
        assert reply.headers["referrer-policy"] == "no-referrer"
        assert reply.headers["cache-control"] == "no-store"
        assert "set-cookie" not in reply.headers


# --- sending ---------------------------------------------------------------------------------------------


def test_a_full_form_is_stored_and_leads_to_the_thank_you_page(school):
    code = school.code()

    sent = school.send(code, **FULL)

    assert sent.is_thanks
    assert code not in sent.headers["location"]
    assert "Je antwoorden zijn opgeslagen" in words(school.ask("GET", sent.headers["location"]))


def test_sending_twice_is_harmless(school):
    code = school.code()
    school.send(code, **FULL)

    again = school.send(code, **FULL)

    assert again.status == 200
    assert "Je antwoorden zijn binnen" in words(again)


def test_a_form_without_a_choice_is_not_sent(school):
    code = school.code()

    reply = school.send(code)

    assert reply.status == 422
    assert "Je hebt nog niets gekozen" in words(reply)
    assert 'href="#s1"' in reply.text and "<fieldset id=s1>" in reply.text
    assert "<title>Nog niet verstuurd" in reply.text
    assert school.send(code, **FULL).is_thanks


def test_what_was_skipped_is_said_once_and_then_left_open(school):
    code = school.code()
    chosen = {n: value for n, value in FULL.items() if n not in ("2", "16")}

    first = school.send(code, **chosen)
    second = school.send(code, open=1, **chosen)

    assert first.status == 422
    assert "Naar stelling 2" in words(first) and "Naar stelling 16" in words(first)
    assert first.text.count(" checked") == len(chosen)
    assert second.is_thanks


def test_no_answer_counts_as_chosen(school):
    assert school.send(school.code(), **dict.fromkeys(FULL, 0)).is_thanks


@pytest.mark.parametrize(("to", "text"), [("en", "As a team, we know"), ("nl", "Wij weten als team")])
def test_the_language_can_be_switched_without_losing_a_choice(school, to, text):
    code = school.code()

    reply = school.ask("POST", f"/v/{code}", {"lang": "nl", "to": to, "1": 3, "5": 0})

    assert reply.status == 200
    assert f'<html lang="{to}">' in reply.text
    assert text in words(reply)
    assert "name=1 value=3 checked" in reply.text and "name=5 value=0 checked" in reply.text
    assert school.send(code, **FULL).is_thanks


# --- codes that cannot be used ---------------------------------------------------------------------------


def test_a_typed_code_leads_to_its_form_however_it_is_written(school):
    code = school.code()

    reply = school.ask("POST", "/v", {"lang": "en", "code": f" {code[:4].lower()}-{code[4:]} "})

    assert (reply.status, reply.headers["location"]) == (303, f"/v/{code}?lang=en")


def test_an_empty_code_is_asked_for_again(school):
    assert school.ask("POST", "/v", {"lang": "nl", "code": " - "}).status == 422


@pytest.mark.parametrize("code", ["NOTACODE", "a/b", "%ff%fe", "<script>", "é" * 9, "A" * 50_000])
def test_an_unknown_code_gets_the_page_where_one_can_be_typed(school, code):
    status, page = school.raw("GET", f"/v/{code if code.isascii() else '%C3%A9' * 9}")

    assert status == 404
    assert "Deze code is niet bekend" in page and 'name="code"' in page
    assert "NOTACODE" not in page and "<script>/" not in page


def test_a_code_of_a_closed_round_gets_a_kind_page(tmp_path):
    ready = phones.make_school(tmp_path / "school", 2)
    phones.close_round(ready)
    with browser.serve(ready.folder) as served:
        port = int(served.url.rsplit(":", 1)[1])
        opened = phones.now(phones.ask(port, "GET", f"/v/{ready.codes[0]}"))
        sent = phones.now(phones.submit(port, ready.codes[0], phones.answers(1)))

    assert (opened.status, sent.status) == (410, 410)
    assert "Deze afname is afgesloten" in words(opened) and "Deze afname is afgesloten" in words(sent)


def test_sixty_right_codes_pass_after_many_wrong_ones_from_the_same_address(tmp_path):
    ready = phones.make_school(tmp_path / "school", 60)
    with browser.serve(ready.folder) as served:
        port = int(served.url.rsplit(":", 1)[1])
        wrong = [phones.now(phones.ask(port, "GET", f"/v/WRONG{n:03}")).status for n in range(32)]
        sent = [
            phones.now(phones.submit(port, code, phones.answers(n))) for n, code in enumerate(ready.codes)
        ]

    assert set(wrong) == {404}
    assert all(one.is_thanks for one in sent)


# --- what no form of ours sends --------------------------------------------------------------------------

KIND = {"Content_Type": "application/x-www-form-urlencoded"}


@pytest.mark.parametrize(
    ("body", "headers", "status"),
    [
        ("1=3&1=4", KIND, 400),
        ("17=3", KIND, 400),
        ("cv_01=3", KIND, 400),
        ("1=7", KIND, 400),
        ("1=-1", KIND, 400),
        ("1=three", KIND, 400),
        ("lang=fr&1=3", KIND, 400),
        ("1=%ff%fe", KIND, 400),
        (b"\xff\xfe1=3", KIND, 400),
        ("&".join(f"x{n}=1" for n in range(1000)), KIND, 400),
        ("1=" + "3" * 20_000, KIND, 413),
        ("{}", {"Content_Type": "application/json"}, 415),
        ("1=3", {}, 415),
    ],
)
def test_a_strange_request_gets_a_kind_page_and_stores_nothing(school, body, headers, status):
    code = school.code()

    found, page = school.raw("POST", f"/v/{code}", body, **headers)

    assert found == status
    assert "Er is niets opgeslagen" in page
    assert "Traceback" not in page and code not in page


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH", "OPTIONS"])
def test_other_methods_are_refused(school, method):
    status, page = school.raw(method, "/v/NOTACODE")

    assert status == 405
    assert "NOTACODE" not in page


def test_nothing_is_logged(school):
    code = school.code()
    school.ask("GET", f"/v/{code}")
    school.send(code, **FULL)
    school.ask("GET", "/v/NOTACODE")

    said = school.served.output()

    assert code not in said and "NOTACODE" not in said
    assert len(said.splitlines()) == 1


# --- the confidence vote ---------------------------------------------------------------------------------


def test_a_vote_asks_about_its_goal(school):
    reply = school.ask("GET", f"/v/{school.vote}")

    assert reply.status == 200
    assert "Lezen met begrip in groep 5" in words(reply)
    assert "Niemand ziet jouw eigen antwoord" in words(reply)


def test_a_vote_counts_once_per_ticket(school):
    own = phones.ticket(school.ask("GET", f"/v/{school.vote}"))

    first = school.send(school.vote, ticket=own, value=70)
    second = school.send(school.vote, ticket=own, value=20)

    assert (first.status, first.headers["location"].split("?")[0]) == (303, "/v/voted")
    assert second.status == 200
    assert "Je antwoord" in words(second)


@pytest.mark.parametrize("value", ["", "101", "-1", "7,5", "zeventig", "1e1", "٣"])
def test_a_vote_takes_whole_numbers_from_0_to_100_only(school, value):
    own = phones.ticket(school.ask("GET", f"/v/{school.vote}"))

    reply = school.send(school.vote, ticket=own, value=value)

    assert reply.status == 422
    assert f'value="{value}"' in reply.text
    assert phones.ticket(reply) == own


def test_a_vote_keeps_what_was_typed_when_the_language_changes(school):
    own = phones.ticket(school.ask("GET", f"/v/{school.vote}"))

    reply = school.ask("POST", f"/v/{school.vote}", {"lang": "nl", "to": "en", "ticket": own, "value": "65"})

    assert "How sure are we" in words(reply)
    assert 'value="65"' in reply.text and phones.ticket(reply) == own


def test_a_vote_that_has_ended_says_so(school):
    reply = school.ask("GET", f"/v/{school.ended}")

    assert reply.status == 410
    assert "Deze peiling is afgelopen" in words(reply)


def test_a_ticket_that_is_not_ours_is_refused(school):
    assert school.send(school.vote, ticket="x" * 56, value=50).status == 404


def test_a_vote_page_is_small_and_knows_its_own_looks(school):
    reply = school.ask("GET", f"/v/{school.vote}")

    assert len(reply.text.encode()) < 15_000
    for text in (form_page.VOTE_STYLE, form_page.VOTE_SCRIPT):
        assert text in reply.text
        assert form_page.hash_of(text) in reply.headers["content-security-policy"]


# --- the first phone -------------------------------------------------------------------------------------


def test_the_form_of_an_open_round_is_drawn_before_the_first_phone_asks(tmp_path):
    ready = phones.make_school(tmp_path / "school", 1)
    form._blank.clear()
    office.open_school(ready.folder, demo=False)
    try:
        form.warm_up()

        drawn = [language for _round, _revision, language, _school in form._blank]
    finally:
        office.close()
    assert sorted(drawn) == ["en", "nl"]
