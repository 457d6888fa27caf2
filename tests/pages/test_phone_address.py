"""The address on slips and projector: the school's network when phones may come in, this computer when not."""

import pytest
from streamlit import config as streamlit_config

from qualitycycle.cycle import phones
from qualitycycle.ui import phone_address


@pytest.fixture
def settings(monkeypatch):
    """Streamlit's settings as a test wants them, and a network of the school."""
    wanted = {"server.address": "127.0.0.1", "server.port": 8501, "server.sslCertFile": None}
    monkeypatch.setattr(streamlit_config, "get_option", wanted.get)
    monkeypatch.setattr(phones, "addresses", lambda: ["192.168.1.20", "10.0.0.5"])
    return wanted


def test_without_a_network_the_address_is_of_this_computer_and_says_so(settings):
    assert phone_address.form() == "http://127.0.0.1:8501/v"
    assert not phone_address.reaches_phones()


def test_open_to_the_network_the_likeliest_address_is_taken(settings):
    settings["server.address"] = "0.0.0.0"

    assert phone_address.form() == "http://192.168.1.20:8501/v"
    assert phone_address.reaches_phones()


def test_with_a_certificate_the_address_is_encrypted(settings):
    settings.update({"server.address": "0.0.0.0", "server.sslCertFile": "school.pem", "server.port": 8443})

    assert phone_address.form() == "https://192.168.1.20:8443/v"


def test_a_computer_without_a_network_is_not_reached_though_it_is_open(settings, monkeypatch):
    settings["server.address"] = "0.0.0.0"
    monkeypatch.setattr(phones, "addresses", list)

    assert phone_address.form() == "http://127.0.0.1:8501/v"
    assert not phone_address.reaches_phones()
