"""Whether phones can reach this computer: the address, a test that tells, and what to do when it fails."""

from __future__ import annotations

import streamlit as st

from qualitycycle import i18n
from qualitycycle.cycle import phones
from qualitycycle.i18n import N_, _, ngettext
from qualitycycle.reports import slips
from qualitycycle.ui import parts, phone_address, session
from qualitycycle.ui.page import Page
from qualitycycle.ui.text import plain, safe

TEST = "/test"
SECONDS = 3
# How the system of the computer asks, in the words that stand on its own screen.
FIREWALLS = {
    "Windows": N_(
        "At the first start Windows asks whether qualitycycle or Python may use the network. Tick private "
        "networks. Missed it? Settings, Privacy and security, Windows Security, Firewall, “Allow an app”."
    ),
    "macOS": N_(
        "macOS asks whether Python may accept incoming connections: choose Allow. Later: System Settings, "
        "Network, Firewall, Options."
    ),
    "Linux": N_("With a firewall on, open the port for this network, such as: sudo ufw allow {port}/tcp"),
}
OTHER_CAUSES = (
    N_(
        "The phone is on the guest Wi-Fi, or on mobile data: connect it to the Wi-Fi that this computer is on."
    ),
    N_(
        "Some school networks keep devices apart. Ask whoever manages the Wi-Fi to let phones reach this computer, "
        "or make a hotspot with one phone and connect all of them to it."
    ),
    N_("Nothing helps? Codes also work on this computer, and a round can be filled in on paper."),
)


def show(page: Page) -> None:
    """The test at the left, what to do when it fails at the right."""
    if not phone_address.reaches_phones():
        _closed()
        return
    left, right = st.columns([1, 1.2], gap="large")
    with left:
        _try_it()
    with right:
        _when_it_fails()
    _about_safety()


def _closed() -> None:
    with parts.card("phones_closed"):
        if not phone_address.is_open():
            st.write(plain(_("The program is open on this computer only, so no phone can reach it.")))
            st.write(plain(_("Stop it, and start it again with:")))
            st.code("qualitycycle run --lan", language=None)
            parts.note(_("That opens the questionnaire to the school's network, and nothing else."))
        else:
            st.write(plain(_("This computer is on no network. Connect it to the school's Wi-Fi first.")))


def _try_it() -> None:
    address = f"{phone_address.form()}{TEST}"
    parts.heading(_("Test it with your own phone"))
    with parts.card("phones_test"):
        st.write(plain(_("Point the camera at this, or type the address.")))
        st.html(_code(address))
        # Read letter by letter from across a table: it may not become a link that breaks off.
        st.html(f'<p class="qc-address">{safe(address)}</p>')
        _arrived()
    others = phones.addresses()[1:]
    if others:
        parts.note(_("Other addresses of this computer: {list}").format(list=i18n.join(others)))


def _code(address: str) -> str:
    """A QR code as a picture inside the page."""
    # Streamlit takes drawings out of our own HTML, and leaves pictures in.
    source = safe(slips.qr(address).svg_data_uri(border=0, omitsize=True))
    words = safe(_("QR code of the address {address}").format(address=address))
    return f'<img class="qc-qr" src="{source}" alt="{words}">'


@st.fragment(run_every=SECONDS)
def _arrived() -> None:
    # A fragment runs on its own: the language of the page has to be spoken again.
    i18n.use(session.language())
    found = phones.reached()
    with st.container(key="phones_arrived"):
        if found.at is None:
            st.html(parts.badge(_("No phone has come by yet. This line changes by itself.")))
            return
        last = ngettext(
            "A phone got through, at {time}.", "Phones got through {n} times, last at {time}.", found.n
        ).format(n=i18n.number(found.n), time=f"{found.at:%H:%M:%S}")
        st.html(parts.badge(last, "good"))


def _when_it_fails() -> None:
    parts.heading(_("When the phone finds nothing"))
    port = phone_address.port()
    for system, words in FIREWALLS.items():
        with st.expander(_("Firewall on {system}").format(system=system), key=f"firewall.{system}"):
            st.write(plain(_(words).format(port=port)))
    for cause in OTHER_CAUSES:
        st.write(f"- {plain(_(cause))}")


def _about_safety() -> None:
    if phone_address.is_encrypted():
        parts.note(_("The connection is encrypted. Colleagues can also sign in from other computers."))
    else:
        parts.note(
            _(
                "Only the questionnaire is open to the network; the pages for the team are not. Without a "
                "certificate of the school, whoever controls the Wi-Fi could read along: use a network of the "
                "school, not an open one."
            )
        )
