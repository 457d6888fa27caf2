"""The first start: make the school on one screen, or look at the example."""

from qualitycycle.ui import start

start.head()
start.ask()
