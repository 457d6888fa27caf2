"""The script Streamlit runs for every session: it only opens the navigation."""

from qualitycycle.ui import navigation

navigation.run()
