"""Reading in results: the columns that are remembered per source, to rename, put aside or use again."""

from __future__ import annotations

import streamlit as st

from qualitycycle.cycle import import_profiles
from qualitycycle.i18n import _
from qualitycycle.model import Profile
from qualitycycle.ui import failure, parts
from qualitycycle.ui.page import Page
from qualitycycle.ui.text import safe

RENAMED = "imports.renamed"


def show(page: Page) -> None:
    """What is remembered; nothing at all where nothing is."""
    found = import_profiles.profiles(page.store)
    forgotten = import_profiles.forgotten(page.store)
    if not found and not forgotten:
        return
    label = _("Remembered columns ({n})").format(n=len(found))
    with st.expander(label, key="imports.profiles", icon=":material/bookmark:"):
        parts.note(
            _("A file with the same column names is read in as you did before. Forget what no longer fits.")
        )
        for profile in found:
            _one(page, profile)
        for profile in forgotten:
            _forgotten(page, profile)


def _one(page: Page, profile: Profile) -> None:
    # What is on the screen already cannot be closed in the same run.
    if st.session_state.get(RENAMED) == profile.profile_id:
        del st.session_state[RENAMED]
        st.session_state[_little_window(profile)] = False
    with st.container(horizontal=True, vertical_alignment="center"):
        st.html(f"<b>{safe(profile.name)}</b>", width="stretch")
        with st.popover(_("Rename"), key=_little_window(profile), on_change="rerun"):
            name = st.text_input(
                _("Name"), profile.name, key=f"imports.name.{profile.profile_id}", max_chars=80
            )
            if st.button(_("Save"), key=f"imports.renamed.{profile.profile_id}", type="primary"):
                saved = failure.attempt(
                    lambda: import_profiles.rename(page.store, page.actor, profile.profile_id, name or ""),
                    done=_("Saved."),
                )
                st.session_state[RENAMED] = saved and saved.profile_id
                _then(saved)
        if st.button(_("Forget"), key=f"imports.forget.{profile.profile_id}", type="tertiary"):
            done = _("Put aside. The next file of this source gets a suggestion again.")
            _then(
                failure.attempt(
                    lambda: import_profiles.forget(page.store, page.actor, profile.profile_id), done=done
                )
            )


def _little_window(profile: Profile) -> str:
    return f"imports.rename.{profile.profile_id}"


def _forgotten(page: Page, profile: Profile) -> None:
    with st.container(horizontal=True, vertical_alignment="center"):
        st.html(f'<span class="qc-quiet">{safe(profile.name)}</span>', width="stretch")
        if st.button(_("Use again"), key=f"imports.remember.{profile.profile_id}", type="tertiary"):
            _then(
                failure.attempt(
                    lambda: import_profiles.bring_back(page.store, page.actor, profile.profile_id),
                    done=_("Remembered again."),
                )
            )


def _then(saved: Profile | None) -> None:
    if saved is not None:
        st.rerun()
