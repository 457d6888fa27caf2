"""A window whose owner is signed out: it goes to the door, and nothing that was typed in it is kept."""

from __future__ import annotations

from qualitycycle.cycle import office
from qualitycycle.i18n import _
from qualitycycle.ui import session
from tests.pages import every


def test_who_is_signed_out_leaves_nothing_typed_in_the_window(tmp_path, monkeypatch):
    monkeypatch.setattr(session, "token", lambda: None)
    office.open_school(tmp_path)
    try:
        every.new_school(office.own(), roles=False)
        at = every.app()
        at.session_state["sealed.new.theme"] = "zwartekraaien"
        at.session_state["goals.title"] = "Samen lezen"

        at = at.run()

        assert not at.exception
        assert _("Goals") not in every.texts(at)
        assert [word for word in ("zwartekraaien", "Samen lezen") if word in repr(at.session_state)] == []
    finally:
        office.close()
