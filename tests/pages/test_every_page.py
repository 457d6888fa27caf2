"""Every page × role × language × (empty school, example school)."""

import pytest

from qualitycycle import i18n
from qualitycycle.cycle import office
from qualitycycle.model import Role
from qualitycycle.ui import navigation
from tests.pages import every

SCHOOLS = ("new", "demo")
SESSIONS = [
    (place, role, language) for place in SCHOOLS for role in every.ROLES for language in i18n.LANGUAGES
]
CASES = [
    pytest.param((place, role, language), entry, id=f"{place}-{role}-{language}-{entry.name}")
    for place, role, language in SESSIONS
    for entry in every.pages_for(role)
]


@pytest.fixture(scope="module")
def schools(tmp_path_factory):
    """Opens the store of a case; a new one only when the case asks for another school than the one before."""
    here = {"place": None}

    def opened(place):
        if here["place"] != place:
            store = office.open_school(tmp_path_factory.mktemp(place), demo=place == "demo")
            if place == "new":
                every.new_school(store)
            here["place"] = place

    yield opened
    office.close()


@pytest.fixture(scope="module")
def sessions():
    return {}


@pytest.fixture
def shown(request, schools, sessions):
    """The page of a case, drawn."""
    (place, role, language), entry = request.param
    schools(place)
    return every.visit(session_of(sessions, place, role, language), entry), language


def session_of(sessions, place, role, language):
    key = (place, role, language)
    if key not in sessions:
        sessions[key] = every.app(role, language)
    return sessions[key]


def pairs():
    return [pytest.param((case.values[0], case.values[1]), id=case.id) for case in CASES]


@pytest.mark.parametrize("shown", pairs(), indirect=True)
def test_a_page_opens_with_a_title_in_one_language_and_without_an_error(shown):
    page, language = shown

    titles = [title.value for title in page.title]
    errors = [error.value for error in [*page.exception, *page.error]]
    english = sorted(every.texts(page) & every.only_english()) if language == "nl" else []

    assert (len(titles), errors, english) == (1, [], [])


@pytest.mark.parametrize("role", [Role.COACH, Role.MEMBER, Role.READER])
@pytest.mark.parametrize("entry", navigation.ENTRIES, ids=lambda entry: entry.name)
def test_a_page_that_a_role_may_not_see_does_not_exist_for_it(role, entry, schools, sessions):
    if entry in every.pages_for(role):
        pytest.skip("this role may see it")
    schools("demo")
    session = session_of(sessions, "demo", role, "nl")

    with pytest.raises(ValueError, match="Could not find"):
        every.visit(session, entry)
