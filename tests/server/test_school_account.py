"""Coming in with a school account: there and back over real HTTP, what is refused, and what is left behind."""

from __future__ import annotations

import http.cookiejar
import urllib.error
import urllib.request

import pytest

pytest.importorskip("authlib", reason="the extra “accounts” is not installed")

from qualitycycle.cycle import plan, school_accounts, sign_in
from qualitycycle.model import Person, Role
from qualitycycle.store.connect import open_store
from qualitycycle.store.records import new_id
from tests import browser, provider
from tests.pages.every import LEADER, new_school
from tests.server.asking import ask

ADDRESS = "sem@school.example"
SUBJECT = "7f1c"


@pytest.fixture(scope="module")
def here(tmp_path_factory):
    """A running school where one colleague has an account, and the provider of it."""
    folder = tmp_path_factory.mktemp("account") / "school"
    store = open_store(folder)
    new_school(store, roles=False)
    browser.let_in(store)
    member = Person(person_id=new_id(), name="Sem", role=Role.MEMBER)
    plan.record(store, LEADER, member)
    school_accounts.set_account(store, LEADER, member.person_id, " Sem@School.example ")
    store.close()
    with provider.provide() as one:
        (folder / ".streamlit").mkdir()
        (folder / ".streamlit" / "secrets.toml").write_text(one.secrets_file(), encoding="utf-8")
        with browser.serve(folder) as served:
            yield served, one


class Visitor:
    """A browser without a screen: it keeps cookies and follows where it is sent."""

    def __init__(self):
        self.cookies = http.cookiejar.CookieJar()
        self.opener = urllib.request.build_opener(
            urllib.request.ProxyHandler({}), urllib.request.HTTPCookieProcessor(self.cookies)
        )

    def go(self, url):
        try:
            with self.opener.open(url, timeout=30) as answer:
                return answer.status, answer.read().decode("utf-8")
        except urllib.error.HTTPError as error:
            return error.code, error.read().decode("utf-8")

    def come_in(self, served, provider_of_it, **claims):
        provider_of_it.claims = claims
        return self.go(f"{served.url}/sign-in/account?provider=default")

    @property
    def kept(self):
        return {cookie.name for cookie in self.cookies}


def test_the_door_offers_the_account_where_a_provider_is_set_up(here):
    page = ask(here[0].url, "/sign-in").body

    assert 'href="/sign-in/account?provider=default"' in page


def test_who_has_an_account_here_comes_in_and_nothing_of_the_account_stays_in_the_browser(here):
    visitor = Visitor()

    status, page = visitor.come_in(*here, sub=SUBJECT, email=ADDRESS, email_verified=True)

    assert (status, "Je bent aangemeld" in page) == (200, True)
    assert sign_in.COOKIE in visitor.kept
    assert not any(name.startswith("_streamlit_user") for name in visitor.kept)
    assert visitor.go(f"{here[0].url}/goals")[0] == 200


@pytest.mark.parametrize(
    "claims",
    [
        {"sub": "9", "email": "nobody@school.example", "email_verified": True},
        {"sub": "9", "email": ADDRESS, "email_verified": False},
        {"sub": "9"},
        {"sub": "9", "email": ADDRESS, "email_verified": True},
    ],
    ids=["unknown address", "address not checked", "no address", "address of an account known otherwise"],
)
def test_who_has_none_stays_outside_with_a_sentence(here, claims):
    Visitor().come_in(*here, sub=SUBJECT, email=ADDRESS, email_verified=True)
    visitor = Visitor()

    status, page = visitor.come_in(*here, **claims)

    assert status == 401 and "schoolaccount" in page
    assert not {sign_in.COOKIE, "_streamlit_user"} & visitor.kept
    assert 'name="passphrase"' in visitor.go(f"{here[0].url}/goals")[1]


def test_an_account_keeps_working_when_its_address_changes(here):
    Visitor().come_in(*here, sub=SUBJECT, email=ADDRESS, email_verified=True)

    status, _page = Visitor().come_in(*here, sub=SUBJECT, email="new@school.example")

    assert status == 200


def test_a_forged_cookie_is_nobody(here):
    forged = ask(here[0].url, "/sign-in", Cookie='_streamlit_user="eyJpc3MiOiJ4In0.aaaa.bbbb"')

    assert forged.status == 401
    assert not forged.token


def test_a_provider_that_takes_anybody_is_not_used(tmp_path, serve):
    folder = tmp_path / "school"
    store = open_store(folder)
    new_school(store, roles=False)
    browser.let_in(store)
    store.close()
    (folder / ".streamlit").mkdir()
    with provider.provide() as one:
        told = one.secrets_file(f"{one.url}/common/v2.0/.well-known/openid-configuration")
        (folder / ".streamlit" / "secrets.toml").write_text(told, encoding="utf-8")

        url = serve(folder=folder).url

    assert "/sign-in/account" not in ask(url, "/sign-in").body
    for path in ("/sign-in/account?provider=default", "/auth/login", "/oauth2callback"):
        assert ask(url, path).goes_to.startswith("/sign-in"), path


@pytest.mark.browser
def test_in_a_browser_one_click_leads_to_the_page_of_the_week(here, chromium):
    served, one = here
    one.claims = {"sub": SUBJECT, "email": ADDRESS, "email_verified": True}
    page = chromium.context().new_page()
    page.goto(f"{served.url}/sign-in")

    page.get_by_role("link", name="Aanmelden met je schoolaccount").click()
    page.wait_for_url(f"{served.url}/")

    page.get_by_role("heading", level=1).first.wait_for(timeout=60_000)
    assert {cookie["name"] for cookie in page.context.cookies()} & {sign_in.COOKIE, "_streamlit_user"} == {
        sign_in.COOKIE
    }
    # The school's own provider is outside this computer, and the only thing there that was asked.
    assert chromium.left and all(address.startswith(f"{one.url}/authorize") for address in chromium.left)
    chromium.left.clear()
