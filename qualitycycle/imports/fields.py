"""The words of an outcome row: canonical fields, their allowed values, and how Dutch schools write them.

Every reader here takes one text and gives its canonical value or a `Reason`. They are plain functions of one
text on purpose: a file repeats itself, so `outcomes` reads each distinct text once and never each cell.
"""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from dataclasses import dataclass
from enum import StrEnum


class Field(StrEnum):
    """The columns of a canonical outcome row that a school's column can be mapped to."""

    PUPIL = "pupil"
    SCHOOL_YEAR = "school_year"
    MOMENT = "moment"
    MEASURED_ON = "measured_on"
    YEAR_GROUP = "year_group"
    GROUP_NAME = "group_name"
    SUBJECT = "subject"
    TEST_MAKER = "test_maker"
    TEST = "test"
    EDITION = "edition"
    SCALE = "scale"
    SCORE_KIND = "score_kind"
    VALUE = "value"
    LEVEL = "level"
    N_PUPILS = "n_pupils"


class Status(StrEnum):
    """What kind of answer a result cell holds; only `value` has a figure or a level."""

    VALUE = "value"
    LT5 = "lt5"
    MASKED = "masked"
    EMPTY = "empty"
    NOT_TAKEN = "not_taken"


class ScoreKind(StrEnum):
    """What the figure in `value` is; `level` when there is only a level."""

    SCORE = "score"
    LEVEL = "level"
    PERCENTAGE = "percentage"
    MARK = "mark"
    COUNT = "count"


class Sector(StrEnum):
    """Decides what "2" means as a year group: groep 2 in po, leerjaar 2 (EDEXML 12) in vo."""

    PO = "po"
    VO = "vo"


class Reason(StrEnum):
    """Why a row was refused. The screen has a sentence for each."""

    PUPIL_MISSING = "pupil_missing"
    N_PUPILS_MISSING = "n_pupils_missing"
    N_PUPILS_UNREADABLE = "n_pupils_unreadable"
    SCHOOL_YEAR_MISSING = "school_year_missing"
    SCHOOL_YEAR_UNREADABLE = "school_year_unreadable"
    DATE_UNREADABLE = "date_unreadable"
    DATE_OUT_OF_RANGE = "date_out_of_range"
    DATE_OUTSIDE_SCHOOL_YEAR = "date_outside_school_year"
    MOMENT_UNREADABLE = "moment_unreadable"
    YEAR_GROUP_MISSING = "year_group_missing"
    YEAR_GROUP_UNREADABLE = "year_group_unreadable"
    SUBJECT_MISSING = "subject_missing"
    SUBJECT_UNKNOWN = "subject_unknown"
    SCORE_KIND_UNKNOWN = "score_kind_unknown"
    NUMBER_UNREADABLE = "number_unreadable"
    NUMBER_AMBIGUOUS = "number_ambiguous"
    NUMBER_OUT_OF_RANGE = "number_out_of_range"
    PERCENT_UNEXPECTED = "percent_unexpected"
    LEVEL_UNKNOWN = "level_unknown"
    TEXT_TOO_LONG = "text_too_long"
    PERSONAL_DATA = "personal_data"
    INTELLIGENCE_TEST = "intelligence_test"
    TOO_MANY_CELLS = "too_many_cells"
    DUPLICATE_ROW = "duplicate_row"
    RULE_BROKEN = "rule_broken"


YEAR_GROUPS = ("1", "2", "3", "4", "5", "6", "7", "8", "11", "12", "13", "14", "15", "16", "S", "V")
MOMENTS = ("B", "M", "E", "DT")
LEVELS = (
    "A",
    "B",
    "C",
    "D",
    "E",
    "I+",
    "I",
    "II",
    "III",
    "IV",
    "V",
    "<1F",
    "1F",
    "1S",
    "2F",
    "1S/2F",
    "3F",
    *tuple(f"{moment}{group}" for group in range(3, 9) for moment in "BME"),
)

# Canonical subject and the words for it, longest match first. Words are compared after `plain`.
SUBJECTS: dict[str, tuple[str, ...]] = {
    "reading_comprehension": ("begrijpend lezen", "lezen begrijpend", "begrijpendlezen", "bl", "leesbegrip"),
    "technical_reading": ("technisch lezen", "technischlezen", "tl", "dmt", "drie minuten toets", "avi"),
    "reading": ("lezen", "leesvaardigheid", "lv"),
    "listening": ("begrijpend luisteren", "luisteren", "luistervaardigheid"),
    "spelling": ("spelling", "sp", "spelling niet werkwoorden", "werkwoordspelling", "spelling werkwoorden"),
    "language_conventions": ("taalverzorging", "tv", "grammatica", "interpunctie"),
    "vocabulary": ("woordenschat", "ws"),
    "language": ("taal", "taalvaardigheid", "nederlandse taal", "nederlands", "ne", "netl"),
    "writing": ("schrijven", "schrijfvaardigheid", "stellen"),
    "maths": (
        "rekenen",
        "rekenen wiskunde",
        "rekenen en wiskunde",
        "wiskunde",
        "rw",
        "re",
        "wi",
        "rekenvaardigheid",
    ),
    "maths_fluency": (
        "rekenen basisbewerkingen",
        "basisbewerkingen",
        "tempotoets rekenen",
        "rekentempo",
        "ttr",
    ),
    "study_skills": ("studievaardigheden", "studievaardigheid"),
    "early_literacy": ("taal voor kleuters", "beginnende geletterdheid", "kleutertaal"),
    "early_numeracy": ("rekenen voor kleuters", "beginnende gecijferdheid", "kleuterrekenen", "ordenen"),
    "english": ("engels", "engelse taal", "en", "entl"),
    "world_orientation": ("wereldorientatie", "wo", "natuur en techniek"),
    "geography": ("aardrijkskunde", "ak"),
    "history": ("geschiedenis", "gs", "geschiedenis en staatsinrichting"),
    "citizenship": ("burgerschap",),
    "language_and_maths": ("taal en rekenen", "lezen taalverzorging en rekenen", "taal lezen en rekenen"),
    "german": ("duits", "duitse taal", "dutl"),
    "french": ("frans", "franse taal", "fatl"),
    "spanish": ("spaans", "spaanse taal"),
    "classics": ("latijn", "grieks", "latijnse taal", "griekse taal", "klassieke talen"),
    "physics": ("natuurkunde", "nask 1", "nask1", "natuur en scheikunde 1", "nat"),
    "chemistry": ("scheikunde", "nask 2", "nask2", "natuur en scheikunde 2", "schk"),
    "biology": ("biologie", "biol"),
    "economics": ("economie", "econ", "algemene economie"),
    "business": ("bedrijfseconomie", "management en organisatie", "beco"),
    "social_studies": ("maatschappijleer", "maatschappijwetenschappen", "maatschappijkunde"),
    "philosophy": ("filosofie",),
    "arts": ("kunst", "tekenen", "muziek", "beeldende vormgeving", "handvaardigheid"),
    "computing": ("informatica", "informatiekunde"),
    "frisian": ("fries", "friese taal"),
    "other_language": (
        "moderne vreemde talen",
        "turkse taal",
        "arabische taal",
        "italiaanse taal",
        "russische taal",
        "chinese taal",
    ),
    "final_exam": ("eindexamen",),
    # Where pupils went, as it stands in their development perspectives (OPP).
    "destination": ("uitstroom", "uitstroombestemming", "uitstroomprofiel", "uitstroom opp"),
}
# What a test is called by a wider name and then more precisely: "Wereldoriëntatie - Aardrijkskunde".
_WIDER = {"language", "world_orientation", "final_exam"}
_SUBJECT_WORDS = {word: key for key, words in SUBJECTS.items() for word in words}
_SUBJECT_WORDS |= {key.replace("_", " "): key for key in SUBJECTS}
# Inside a longer text ("Rekenen-Wiskunde 3.0 M5") abbreviations of two or three letters prove nothing.
_SUBJECT_IN_TEXT = sorted((word for word in _SUBJECT_WORDS if len(word) > 3), key=len, reverse=True)
_SUBJECT_PATTERN = re.compile(r"\b(" + "|".join(map(re.escape, _SUBJECT_IN_TEXT)) + r")\b")

TEST_MAKERS: dict[str, tuple[str, ...]] = {
    "cito": ("cito", "leerling in beeld", "lovs", "lib"),
    "iep": ("iep", "bureau ice"),
    "dia": ("dia", "diataal", "diacijfer", "diatoetsen"),
    "boom": ("boom", "boom lvs"),
    "route8": ("route 8", "route8"),
    "amn": ("amn",),
    "doe": ("doe toets", "doe doorstroomtoets"),
    "method": ("methode", "methodetoets", "methodegebonden"),
}
_MAKER_WORDS = {word: key for key, words in TEST_MAKERS.items() for word in words}
_MAKER_PATTERN = re.compile(
    r"\b(" + "|".join(sorted(map(re.escape, _MAKER_WORDS), key=len, reverse=True)) + r")\b"
)

_INTELLIGENCE = re.compile(
    r"\b(iq|nio|wisc|wppsi|wais|son r|sonr|adit|nscct|intelligentie\w*|intelligence|iq\w+)\b"
)

_NOT_TAKEN = frozenset(
    [
        "niet deelgenomen",
        "niet gemaakt",
        "niet afgenomen",
        "niet getoetst",
        "niet meegedaan",
        "geen deelname",
        "afwezig",
        "absent",
        "ziek",
        "vrijstelling",
        "vrijgesteld",
        "ontheffing",
        "n v t",
        "nvt",
        "niet van toepassing",
        "n g",
        "niet aanwezig",
        "not taken",
    ]
)
_EMPTY = frozenset(
    [
        "-",
        "–",
        "—",
        "n b",
        "nb",
        "onbekend",
        "null",
        "nan",
        "none",
        "leeg",
        "(leeg)",
        "#n/a",
        "#n/b",
        "#value!",
        "#waarde!",
        "#ref!",
        "#verw!",
    ]
)
_MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "januari jan january",
            "februari feb february febr",
            "maart mrt mar march",
            "april apr",
            "mei may",
            "juni jun june",
            "juli jul july",
            "augustus aug august",
            "september sep sept",
            "oktober okt oct october",
            "november nov",
            "december dec",
        ),
        start=1,
    )
    for name in names.split()
}
FIRST_YEAR, LAST_YEAR = 1990, 2099
MAX_TEXT = 120
_WORD = re.compile(r"[a-z0-9]+")


def clean(text: str | None) -> str:
    """The text without outer, repeated or unbreakable spaces; empty for no text."""
    return "" if text is None else " ".join(text.split())


def plain(text: str | None) -> str:
    """Lower case, no accents, words of letters and digits with single spaces: for comparing words."""
    bare = clean(text)
    if not bare.isascii():
        bare = "".join(c for c in unicodedata.normalize("NFKD", bare) if not unicodedata.combining(c))
    return " ".join(_WORD.findall(bare.casefold()))


# --- numbers ---------------------------------------------------------------------------------------------


class DecimalStyle(StrEnum):
    """What the points in a column of figures mean, judged over the whole column."""

    COMMA = "comma"
    POINT = "point"
    MIXED = "mixed"


_THOUSANDS = re.compile(r"[1-9]\d{0,2}(?:\.\d{3})+")
_POINT = re.compile(r"\d+\.\d+")
_COMMA = re.compile(r"(?:\d+|[1-9]\d{0,2}(?:\.\d{3})+),\d+")
_ENGLISH = re.compile(r"[1-9]\d{0,2}(?:,\d{3})+(?:\.\d+)?")


def _bare_number(text: str) -> str:
    bare = re.sub(r"(?<=\d)[\s'’](?=\d{3}\b)", "", clean(text)).removesuffix("%").strip()
    return bare.replace("−", "-").lstrip("+-").strip()


def decimal_style(texts: list[str]) -> DecimalStyle:
    """How a column writes its decimals: 38,7 or 38.7 or both. A column that does not show it is Dutch."""
    bare = [_bare_number(text) for text in texts]
    has_point = any(_POINT.fullmatch(b) and not _THOUSANDS.fullmatch(b) for b in bare)
    has_comma = any(_COMMA.fullmatch(b) for b in bare)
    if has_point:
        return DecimalStyle.MIXED if has_comma else DecimalStyle.POINT
    return DecimalStyle.COMMA


def parse_number(text: str, style: DecimalStyle = DecimalStyle.COMMA) -> float | Reason:
    """A Dutch figure: 7,5 and 1.234,5 and 38.7; a percent sign is left to the caller.

    1.234 is a thousand in a Dutch column and a decimal in a column that writes 38.7 elsewhere. Where a column
    does both, guessing would be off by a factor of a thousand: `NUMBER_AMBIGUOUS`.
    """
    bare = _bare_number(text)
    sign = -1.0 if clean(text).startswith(("-", "−")) else 1.0
    if bare.isascii() and bare.isdigit():
        return _finite(sign, bare)
    if _THOUSANDS.fullmatch(bare):
        if style is DecimalStyle.MIXED:
            return Reason.NUMBER_AMBIGUOUS
        decimal = style is DecimalStyle.POINT and bare.count(".") == 1
        return _finite(sign, bare if decimal else bare.replace(".", ""))
    if _ENGLISH.fullmatch(bare) and ("." in bare or bare.count(",") > 1):
        return _finite(sign, bare.replace(",", ""))
    if _ENGLISH.fullmatch(bare) and style is DecimalStyle.POINT:
        return Reason.NUMBER_AMBIGUOUS
    if _COMMA.fullmatch(bare):
        return _finite(sign, bare.replace(".", "").replace(",", "."))
    return _finite(sign, bare) if _POINT.fullmatch(bare) else Reason.NUMBER_UNREADABLE


def _finite(sign: float, digits: str) -> float | Reason:
    # float("9" * 400) is infinity, not an error.
    return sign * float(digits) if len(digits) <= 30 else Reason.NUMBER_OUT_OF_RANGE


# --- dates and school years --------------------------------------------------------------------------------


def parse_date(text: str) -> dt.date | Reason:
    """A day as 12-3-2026, 12/03/26, 12.03.2026, 2026-03-12, 20260312, 12 maart 2026; a time behind it is dropped."""
    bare = clean(text).casefold()
    if m := re.fullmatch(r"(\d{4})-(\d{1,2})-(\d{1,2})(?:[ t].*)?", bare) or re.fullmatch(
        r"(\d{4})(\d\d)(\d\d)", bare
    ):
        return _day(int(m[1]), int(m[2]), int(m[3]))
    if m := re.fullmatch(r"(\d{1,2})([-/.])(\d{1,2})\2(\d{4}|\d\d)(?: \d{1,2}[:.].*)?", bare):
        return _day(_full_year(m[4]), int(m[3]), int(m[1]))
    if m := re.fullmatch(r"(?:[a-z]+\.?,? )?(\d{1,2})[ -]([a-z]+)\.?[ -]'?(\d{4}|\d\d)", bare):
        month = _MONTHS.get(m[2])
        return _day(_full_year(m[3]), month, int(m[1])) if month else Reason.DATE_UNREADABLE
    return Reason.DATE_UNREADABLE


def _full_year(digits: str) -> int:
    return int(digits) if len(digits) == 4 else 2000 + int(digits)


def _day(year: int, month: int, day: int) -> dt.date | Reason:
    try:
        found = dt.date(year, month, day)
    except ValueError:
        return Reason.DATE_UNREADABLE
    return found if FIRST_YEAR <= year <= LAST_YEAR else Reason.DATE_OUT_OF_RANGE


def school_year_of(day: dt.date) -> str:
    """The school year of a day: 1 August to 31 July."""
    first = day.year if day.month >= 8 else day.year - 1
    return f"{first}-{first + 1}"


def parse_school_year(text: str) -> str | Reason:
    """A school year as 2025-2026, 2025/26, 25-26 or 2526, written out as "2025-2026"."""
    bare = re.sub(r"^(schooljaar|sj|jaar)\b[ :.]*", "", clean(text).casefold())
    m = re.fullmatch(r"(\d{4}|\d\d) ?[-/–—\\] ?(\d{4}|\d\d)", bare) or re.fullmatch(r"(\d{4})(\d{4})", bare)
    # "2021" can be the year 2021 as well as 2020-2021; no other pair of years has this problem.
    if m is None and bare != "2021":
        m = re.fullmatch(r"(\d\d)(\d\d)", bare)
    if m is None:
        return Reason.SCHOOL_YEAR_UNREADABLE
    first, last = _full_year(m[1]), _full_year(m[2])
    in_range = FIRST_YEAR <= first < LAST_YEAR
    return f"{first}-{last}" if last == first + 1 and in_range else Reason.SCHOOL_YEAR_UNREADABLE


# --- moments and year groups --------------------------------------------------------------------------------


@dataclass(frozen=True)
class Moment:
    """A test window and, when the text says so (M5), the year group."""

    key: str
    year_group: str | None = None


_MOMENT = re.compile(r"(b|begin|m|midden|medio|e|eind|einde)(?: ?(?:groep|gr|jaargroep)? ?([1-8]))?")


def parse_moment(text: str) -> Moment | Reason:
    """B, M, E or DT from "M5", "midden groep 5", "eind", "doorstroomtoets"."""
    bare = re.sub(r"^(moment|afname|afnamemoment|toetsmoment) ", "", plain(text))
    if re.match(r"(dt|doorstroomtoets|eindtoets|centrale eindtoets)\b", bare):
        return Moment("DT")
    m = _MOMENT.fullmatch(bare)
    return Moment(m[1][0].upper(), m[2]) if m else Reason.MOMENT_UNREADABLE


def parse_year_group(text: str, sector: Sector = Sector.PO) -> str | Reason:
    """An EDEXML year-group code from "5", "groep 5", "5a", "leerjaar 2", "klas 2". A mix such as 5/6 is refused."""
    bare = plain(text)
    if bare.upper() in ("S", "V"):
        return bare.upper()
    if m := re.fullmatch(r"0?(1[1-6])", bare):
        return m[1]
    if m := re.fullmatch(r"(?:leerjaar|lj|klas|vo) ?(?:vo )?([1-6])(?: ?[a-z]{1,4})?", bare):
        return f"1{m[1]}"
    if sector is Sector.VO:
        m = re.fullmatch(r"0?([1-6])(?: ?[a-z]{1,4})?(?: ?\d)?", bare)
        return f"1{m[1]}" if m else Reason.YEAR_GROUP_UNREADABLE
    m = re.fullmatch(r"(?:jaargroep|groep|gr|jg|po|po groep)? ?0?([1-8])(?: ?[a-z])?", bare)
    return m[1] if m else Reason.YEAR_GROUP_UNREADABLE


def year_group_in_name(text: str, sector: Sector = Sector.PO) -> str | None:
    """The year group a group's name gives away ("Groep 5 Vlinders", "5b", "2HV"); None for a mixed or free name."""
    found = parse_year_group(text, sector)
    if not isinstance(found, Reason):
        return found
    m = re.match(r"(?:groep|gr) ?([1-8])[a-z]?\b(?! ?\d)", plain(text)) if sector is Sector.PO else None
    mixed = re.search(r"[1-8]\s*[a-z]?\s*[/+&-]\s*[1-8]", clean(text).casefold())
    return m[1] if m and not mixed else None


# --- subjects, tests, levels ---------------------------------------------------------------------------------


def parse_subject(text: str) -> str | Reason:
    """The canonical subject of a subject or test name; the word that is longest and stands in it decides."""
    bare = plain(text)
    if bare in _SUBJECT_WORDS:
        return _SUBJECT_WORDS[bare]
    found = {_SUBJECT_WORDS[word] for word in _SUBJECT_PATTERN.findall(bare)}
    # "Taal en rekenen" style names with two subjects have no single subject, unless one says it more precisely.
    found -= _WIDER if len(found - _WIDER) == 1 else set()
    return found.pop() if len(found) == 1 else Reason.SUBJECT_UNKNOWN


def parse_test_maker(text: str) -> str:
    """The canonical maker when we know it, else the words as the school writes them."""
    bare = plain(text)
    found = _MAKER_PATTERN.search(bare)
    return _MAKER_WORDS[found[1]] if found else clean(text)


def maker_in_test(text: str) -> str | None:
    """The maker a test's name gives away, or None."""
    found = _MAKER_PATTERN.search(plain(text))
    return _MAKER_WORDS[found[1]] if found else None


def is_intelligence_test(text: str) -> bool:
    """Whether a test's or subject's name is one of an intelligence test: never imported."""
    return bool(_INTELLIGENCE.search(plain(text)))


def parse_level(text: str) -> str | Reason:
    """A level: A-E, I-V with I+, a reference level (<1F, 1F, 1S, 2F), or a functional level such as M4."""
    bare = re.sub(
        r"^(niveauwaarde|niveau|referentieniveau|avi|functioneringsniveau|fn)\b[ :-]*",
        "",
        clean(text).casefold(),
    )
    bare = re.sub(r"^(?:onder|lager dan|< ?) ?1f$", "<1f", bare).replace(" ", "").upper()
    return bare if bare in LEVELS else Reason.LEVEL_UNKNOWN


_KINDS = {
    "score": ScoreKind.SCORE,
    "vaardigheidsscore": ScoreKind.SCORE,
    "ontwikkelscore": ScoreKind.SCORE,
    "standaardscore": ScoreKind.SCORE,
    "dle": ScoreKind.SCORE,
    "level": ScoreKind.LEVEL,
    "niveau": ScoreKind.LEVEL,
    "percentage": ScoreKind.PERCENTAGE,
    "percentage goed": ScoreKind.PERCENTAGE,
    "procent": ScoreKind.PERCENTAGE,
    "mark": ScoreKind.MARK,
    "cijfer": ScoreKind.MARK,
    "rapportcijfer": ScoreKind.MARK,
    "count": ScoreKind.COUNT,
    "aantal": ScoreKind.COUNT,
    "aantal goed": ScoreKind.COUNT,
}


def parse_score_kind(text: str) -> ScoreKind | Reason:
    """What sort of figure a column holds, in our own words or a school's."""
    return _KINDS.get(plain(text), Reason.SCORE_KIND_UNKNOWN)


_LESS_THAN_FIVE = re.compile(r"(?:<|&lt;) ?5")


def status_of(text: str) -> Status:
    """Whether a result cell is hidden, empty or not taken; `value` for everything else, nought included."""
    bare, words = clean(text).casefold(), plain(text)
    if not bare or bare in _EMPTY or words in _EMPTY:
        return Status.EMPTY
    if _LESS_THAN_FIVE.fullmatch(bare):
        return Status.LT5
    if set(bare) == {"*"} or bare == "afgeschermd":
        return Status.MASKED
    return Status.NOT_TAKEN if words in _NOT_TAKEN else Status.VALUE
