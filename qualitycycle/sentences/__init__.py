"""An error as a sentence, and a key of the model as a word: each room has its own texts."""

from __future__ import annotations

from qualitycycle import errors
from qualitycycle.i18n import _, number
from qualitycycle.sentences import files, happened, incomplete, nouns, pictures

REASONS = {**happened.REASONS, **incomplete.REASONS, **files.REASONS, **pictures.REASONS}


def of(error: errors.QualityCycleError) -> str:
    """What happened, where, and what to do next, in the current language."""
    text = happened.SENTENCES.get(type(error))
    reason = getattr(error, "reason", None) or getattr(error, "detail", None)
    text = REASONS.get((type(error), str(reason)), text)
    if text is None:
        return _(
            "Something went wrong. Nothing was changed. Try again; if it stays, run “qualitycycle doctor”."
        )
    return _(text).format(**_readable(error))


def _readable(error: errors.QualityCycleError) -> dict[str, object]:
    shown = dict(vars(error))
    for name in ("noun", "what", "name"):
        if name in shown:
            shown[name] = word(str(shown[name]))
    if shown.get("reason") == "too_many_rows":
        shown["detail"] = number(int(str(shown["detail"])))
    if shown.get("reason") == "incomplete_mapping":
        shown["detail"] = _(files.NEEDED[str(shown["detail"])])
    if isinstance(error, errors.TooManyRefused):
        # An empty text would be answered with the catalogue's own header.
        cause = _(error.cause) if error.cause else ""
        shown |= {"n": number(error.n), "n_cause": number(error.n_cause), "cause": cause}
    return shown


def word(key: str) -> str:
    """The screen's word for a key of the model, such as a noun or a field."""
    return _(nouns.WORDS.get(key, key))
