"""Where a school can look up what is known from outside: names and addresses only. Nothing is fetched or copied."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Toolkit:
    name: str
    address: str


# Addresses as text: the program opens none of them. What a toolkit says is an average elsewhere, no promise here.
TOOLKITS = (
    Toolkit("Onderwijskennis (NRO)", "onderwijskennis.nl"),
    Toolkit("Nationaal Regieorgaan Onderwijsonderzoek (NRO)", "nro.nl"),
    Toolkit("EEF Teaching and Learning Toolkit", "educationendowmentfoundation.org.uk"),
    Toolkit("Leerpunt (Vlaanderen)", "leerpunt.be"),
    Toolkit("What Works Clearinghouse", "ies.ed.gov/ncee/wwc"),
)
