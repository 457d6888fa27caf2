"""Every page, route, websocket and download, asked for as every role and as nobody, of the real program."""

from __future__ import annotations

import datetime
import http.client
import ssl
from dataclasses import dataclass
from functools import cache

import pytest
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.exceptions import InvalidStatus
from websockets.sync.client import connect

from qualitycycle import i18n
from qualitycycle.cycle import phones, plan, rounds, school, sign_in
from qualitycycle.cycle.access import MAY
from qualitycycle.model import Goal, Person, Role
from qualitycycle.server import guard, web
from qualitycycle.store.connect import open_store
from qualitycycle.store.records import new_id
from qualitycycle.ui import navigation
from tests import browser
from tests.pages.every import LEADER, new_school
from tests.server.asking import ask, send, websocket_opens

PASSPHRASE = "koffie bij de vijver"
ROLES = (Role.LEADER, Role.COACH, Role.MEMBER, Role.READER)
# Stands in the school and nowhere else.
MARK = "Zuurkoolstamppot"
# What anybody on this computer may ask for without a session, and what it gives: nothing of the school.
OPEN = {
    "/sign-in": 200,
    "/sign-in?next=/goals": 200,
    "/sign-in/account?provider=default": 303,
    "/_stcore/health": 200,
    "/favicon.png": 200,
    "/v": 200,
    "/v/sent": 200,
    "/v/test": 200,
    "/v/WRONGCOD": 404,
}
STREAMLITS = (
    "/_stcore/host-config",
    "/_stcore/script-health-check",
    "/_stcore/metrics",
    "/_stcore/agent/interact",
    "/_stcore/upload_file/session/file",
    "/_stcore/bidi-components/x",
    "/_stcore/stream",
    "/media/0123456789abcdef.csv",
    "/component/x/index.html",
    "/static/js/index.js",
    "/app/static/x",
    "/oauth2callback",
    "/auth/login",
    "/index.html",
)


@dataclass(frozen=True)
class World:
    served: browser.Served
    tokens: dict[Role, str]
    code: str

    @property
    def url(self) -> str:
        return self.served.url


def told(folder):
    """A school with a person of each role who has a session, and an open round; the sessions and a code."""
    store = open_store(folder)
    new_school(store, roles=False)
    tokens = {Role.LEADER: browser.let_in(store)}
    for role in ROLES[1:]:
        person = Person(person_id=new_id(), name=f"{MARK} {role}", role=role)
        plan.record(store, LEADER, person)
        word = sign_in.hand_out(store, LEADER, person.person_id)
        tokens[role] = sign_in.choose(store, person.name, word, PASSPHRASE, PASSPHRASE)
    cycle = plan.running_cycle(store)
    plan.record(store, LEADER, Goal(goal_id=new_id(), cycle_id=cycle.id, title=MARK))
    team = school.staff(store).teams[0].team_id
    opened = rounds.open_round(
        store, LEADER, cycle_id=cycle.id, instrument_key="weekpeiling", title=MARK, invited={team: 6}
    )
    store.close()
    return tokens, opened.codes[team][0]


@pytest.fixture(scope="module")
def world(tmp_path_factory):
    folder = tmp_path_factory.mktemp("everywhere") / "school"
    tokens, code = told(folder)
    with browser.serve(folder, "qualitycycle", "run", "--no-browser", "--lan") as served:
        yield World(served, tokens, code)


# --- pages, as a page's own connection brings them -------------------------------------------------------


@dataclass(frozen=True)
class Seen:
    """What a run of a page sent: its title, the pages in the menu, and every text."""

    titles: tuple[str, ...]
    pages: frozenset[str]
    text: str


def look(world, role, page_name, script_hash=""):
    """Ask for a page over the websocket, as a browser does, by name or by the hash of its file."""
    question = BackMsg()
    question.rerun_script.query_string = "lang=en"
    question.rerun_script.page_name = page_name
    question.rerun_script.page_script_hash = script_hash
    address = f"ws://127.0.0.1:{world.url.rsplit(':', 1)[1]}/_stcore/stream"
    cookie = {"Cookie": f"{sign_in.COOKIE}={world.tokens[role]}"}
    titles, pages, text = [], set(), []
    with connect(address, additional_headers=cookie, subprotocols=["streamlit"], max_size=None) as page:
        page.send(question.SerializeToString())
        while True:
            raw = page.recv(timeout=60)
            message = ForwardMsg.FromString(raw)
            text.append(raw.decode("utf-8", "ignore"))
            kind = message.WhichOneof("type")
            if kind == "delta" and message.delta.new_element.heading.tag == "h1":
                titles.append(message.delta.new_element.heading.body)
            if kind == "navigation":
                pages = {(one.page_script_hash, one.url_pathname) for one in message.navigation.app_pages}
            if kind == "script_finished" and titles:
                return Seen(tuple(titles), frozenset(pages), "".join(text))


@cache
def leaders_hashes(world):
    return {name: script_hash for script_hash, name in look(world, Role.LEADER, "").pages}


@pytest.fixture(scope="module", autouse=True)
def hashable(request):
    """Worlds are compared by identity: a dictionary of sessions has no hash."""
    World.__hash__ = object.__hash__


def own_titles(entry):
    """Under which title a page stands; pages about one thing have that thing's."""
    with i18n.speaking("en"):
        return i18n._(entry.title)


@pytest.mark.parametrize("role", ROLES)
def test_the_menu_holds_the_pages_of_the_role_and_no_others(world, role):
    wanted = {
        "" if entry.file == navigation.START else entry.name
        for entry in navigation.ENTRIES
        if role in MAY[entry.needs]
    }

    assert {name for _hash, name in look(world, role, "").pages} == wanted


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("entry", navigation.ENTRIES, ids=lambda entry: entry.name)
def test_a_page_opens_for_the_roles_it_is_for(world, role, entry):
    name = "" if entry.file == navigation.START else entry.name
    start = look(world, role, "").titles

    by_name = look(world, role, name)
    by_hash = look(world, role, "", leaders_hashes(world)[name])

    if role in MAY[entry.needs]:
        assert by_name.titles and by_hash.titles == by_name.titles
    else:
        # Whoever asks for it all the same gets the start page.
        assert by_name.titles == by_hash.titles == start
        assert own_titles(entry) not in start


@pytest.mark.parametrize("role", [Role.READER])
def test_a_reader_finds_nothing_of_the_running_cycle_on_any_page(world, role):
    # The name of the person who looks stands in the head.
    own = f"{MARK} {role}"

    for entry in navigation.ENTRIES:
        if role in MAY[entry.needs] and entry.name != "rounds":
            assert MARK not in look(world, role, entry.name).text.replace(own, ""), entry.name


# --- nobody ----------------------------------------------------------------------------------------------


def every_address():
    pages = ["/", *(f"/{entry.name}" for entry in navigation.ENTRIES), "/start", "/made-up"]
    own = [route.path.replace("{verb}", "doctor").replace("{code:path}", "WRONGCOD") for route in web.ROUTES]
    return sorted({*pages, *own, *STREAMLITS, *OPEN})


@pytest.mark.parametrize("method", ["GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS", "PATCH"])
@pytest.mark.parametrize("path", every_address())
def test_nobody_gets_nothing(world, path, method):
    answer = ask(world.url, path, method=method)

    assert MARK not in answer.body and "Noor" not in answer.body
    assert answer.cookie == "" or "Max-Age=0" in answer.cookie
    assert answer.status < 500
    if path in OPEN and method in ("GET", "HEAD"):
        assert answer.status == OPEN[path]
    elif not path.startswith(("/v", "/favicon", "/_stcore/health", "/sign-in")):
        assert answer.status in (303, 403, 404, 405)
        assert answer.status != 303 or answer.goes_to.startswith("/sign-in")


@pytest.mark.parametrize("token", ["", "x" * 43, "../../school.duckdb"])
def test_nobody_gets_no_connection_for_pages(world, token):
    assert not websocket_opens(world.url, token=token)


def test_a_code_for_the_questionnaire_opens_no_other_door(world):
    assert ask(world.url, f"/v/{world.code}").status == 200
    assert ask(world.url, "/goals", token=world.code).status == 303
    assert not websocket_opens(world.url, token=world.code)


@pytest.mark.parametrize("role", ROLES)
def test_who_is_signed_in_gets_a_connection_and_streamlits_files(world, role):
    assert websocket_opens(world.url, token=world.tokens[role])
    assert ask(world.url, "/_stcore/host-config", token=world.tokens[role]).status == 200
    assert ask(world.url, "/media/0123456789abcdef.csv", token=world.tokens[role]).status == 404


def test_no_session_opens_the_terminals_door(world):
    answer = ask(world.url, "/admin/doctor", method="POST", body="{}", token=world.tokens[Role.LEADER])

    assert answer.status == 404


# --- another machine -------------------------------------------------------------------------------------


@pytest.fixture
def address(world):
    found = phones.addresses()
    if not found:
        pytest.skip("this computer is on no network")
    return found[0]


@pytest.mark.parametrize("path", [one for one in every_address() if not one.startswith("/v")])
def test_from_another_machine_only_the_questionnaire_is_open(world, address, path):
    answer = ask(world.url, path, host=address, token=world.tokens[Role.LEADER])

    assert answer.status in ((200,) if path == "/favicon.png" else (403, 404))
    assert MARK not in answer.body and "Noor" not in answer.body


def test_from_another_machine_a_phone_fills_in_and_the_laptop_hears_of_a_test(world, address):
    assert ask(world.url, f"/v/{world.code}", host=address).status == 200
    assert ask(world.url, "/v/test", host=address).status == 200


def test_from_another_machine_there_is_no_connection_for_pages_even_with_a_session(world, address):
    assert not websocket_opens(world.url, token=world.tokens[Role.LEADER], host=address)


def test_from_another_machine_nobody_signs_in_without_https(world, address):
    fields = {"name": "Noor", "passphrase": browser.PASSPHRASE}

    answer = send(world.url.replace("127.0.0.1", address), "/sign-in", fields)
    over_network = ask(
        world.url,
        "/sign-in",
        method="POST",
        host=address,
        body="name=Noor",
        Content_Type="application/x-www-form-urlencoded",
        Sec_Fetch_Site="same-origin",
    )

    # Asked on this computer with an origin of elsewhere, and from elsewhere.
    assert (answer.status, over_network.status) == (403, 403)


@pytest.mark.parametrize("name", ["X-Forwarded-For", "Forwarded", "X-Real-IP", "Via", "X-Forwarded-Proto"])
@pytest.mark.parametrize("value", ["127.0.0.1", "https", "for=127.0.0.1", "192.168.1.9"])
def test_what_is_passed_on_by_another_counts_as_from_elsewhere(world, name, value):
    answer = ask(world.url, "/", token=world.tokens[Role.LEADER], **{name.replace("-", "_"): value})

    assert answer.status == 403


@pytest.mark.parametrize(
    ("client", "local"),
    [
        (("127.0.0.1", 1), True),
        (("127.8.8.8", 1), True),
        (("::1", 1), True),
        (("::ffff:127.0.0.1", 1), True),
        (("192.168.1.9", 1), False),
        (("::ffff:192.168.1.9", 1), False),
        (("fe80::1", 1), False),
        (("", 0), False),
        (("localhost", 1), False),
        (None, False),
    ],
)
def test_this_computer_is_known_by_its_connection(client, local):
    assert guard.is_local({"type": "http", "client": client, "headers": []}) is local


# --- before there is a door ------------------------------------------------------------------------------


@pytest.mark.parametrize("env", [{}, {"QUALITYCYCLE_DEMO": "1"}], ids=["first start", "example school"])
def test_the_first_start_and_the_example_are_open_on_this_computer_only(serve, env):
    url = serve("qualitycycle", "run", "--no-browser", "--lan", env=env).url

    assert ask(url, "/").status == 200 and websocket_opens(url)
    for address in phones.addresses()[:1]:
        assert ask(url, "/", host=address).status == 403
        assert not websocket_opens(url, host=address)
    assert ask(url, "/", X_Forwarded_For="127.0.0.1").status == 403


# --- https -----------------------------------------------------------------------------------------------


def certificate(folder, *names):
    """A certificate made out for these names, signed by itself."""
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec
    from cryptography.x509.oid import NameOID

    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, names[0])])
    now = datetime.datetime.now(datetime.UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(days=1))
        .not_valid_after(now + datetime.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(name) for name in names]), critical=False)
        .sign(key, hashes.SHA256())
    )
    files = folder / "school.crt", folder / "school.pem"
    files[0].write_bytes(made.public_bytes(serialization.Encoding.PEM))
    files[1].write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
    return files


def ask_encrypted(port, method, path, *, host="127.0.0.1", body=None, **headers):
    unchecked = ssl.create_default_context()
    unchecked.check_hostname, unchecked.verify_mode = False, ssl.CERT_NONE
    connection = http.client.HTTPSConnection(host, port, timeout=30, context=unchecked)
    connection.request(method, path, body, {k.replace("_", "-"): v for k, v in headers.items()})
    answer = connection.getresponse()
    answer.read()
    return answer


def test_over_https_a_colleague_signs_in_from_another_machine(tmp_path, address_of_this_computer):
    import subprocess
    import sys

    folder = tmp_path / "school"
    told(folder)
    crt, key = certificate(tmp_path, "laptop.school.test")
    port = browser.free_port()
    command = [sys.executable, "-m", "qualitycycle", "run", "--no-browser", "--lan", "--port", str(port)]
    log = (tmp_path / "log").open("wb")
    process = subprocess.Popen(
        [*command, "--https", str(crt), str(key)],
        cwd=tmp_path,
        env=browser.environment(folder),
        stdout=log,
        stderr=subprocess.STDOUT,
    )
    try:
        wait_until_up(port)
        host = address_of_this_computer
        form = "application/x-www-form-urlencoded"
        named = {"Host": "laptop.school.test", "Sec_Fetch_Site": "same-origin", "Content_Type": form}

        closed = ask_encrypted(port, "GET", "/", host=host)
        fields = f"name=Noor&passphrase={browser.PASSPHRASE.replace(' ', '+')}"
        entered = ask_encrypted(port, "POST", "/sign-in", host=host, body=fields, **named)
        cookie = entered.getheader("set-cookie")
        inside = ask_encrypted(port, "GET", "/", host=host, Cookie=cookie.split(";")[0])
        elsewhere = ask_encrypted(port, "GET", "/", host=host, Host="other.school.test")
        backup = subprocess.run(
            [sys.executable, "-m", "qualitycycle", "backup"],
            env=browser.environment(folder),
            capture_output=True,
            check=False,
        )
    finally:
        process.terminate()
        process.wait(30)
        log.close()

    assert (closed.status, entered.status, inside.status, elsewhere.status) == (303, 303, 200, 421)
    assert "Secure" in cookie and "HttpOnly" in cookie
    assert backup.returncode == 0


@pytest.fixture
def address_of_this_computer():
    found = phones.addresses()
    if not found:
        pytest.skip("this computer is on no network")
    return found[0]


def wait_until_up(port):
    import time

    for _attempt in range(300):
        try:
            if ask_encrypted(port, "GET", "/_stcore/health").status == 200:
                return
        except OSError:
            time.sleep(0.2)
    raise AssertionError("the program did not answer over https")


def test_a_certificate_that_cannot_be_used_is_one_sentence(tmp_path, capsys):
    from qualitycycle import cli

    (tmp_path / "a.crt").write_text("no certificate", encoding="utf-8")

    with pytest.raises(SystemExit) as ended:
        cli.main(
            ["run", "--no-browser", "--lang", "en", "--data", str(tmp_path / "s"), "--https",
             str(tmp_path / "a.crt"), str(tmp_path / "a.crt")]
        )  # fmt: skip

    assert ended.value.code == 1
    assert "PEM" in capsys.readouterr().err


def test_a_refused_connection_is_an_answer_and_no_crash(world):
    with (
        pytest.raises(InvalidStatus),
        connect(f"ws://127.0.0.1:{world.url.rsplit(':', 1)[1]}/_stcore/stream"),
    ):
        pass

    assert "Traceback" not in world.served.output()
