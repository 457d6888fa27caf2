"""Study: the data wall: at most five pictures of outcomes that a meeting looks at together.

A picture on the wall is a question (`views.View`), so it shows what is known now. Everybody sees of it what she may see
on the page of outcomes; the rest is left out, and how many pictures that are is said.
"""

from __future__ import annotations

from dataclasses import dataclass

from qualitycycle import config
from qualitycycle.cycle import views
from qualitycycle.cycle.access import Right, require
from qualitycycle.cycle.views import Result, View
from qualitycycle.errors import NotAllowed, ViewRefused, WallFull
from qualitycycle.model import Actor, WallPicture
from qualitycycle.store import records
from qualitycycle.store.connect import Store
from qualitycycle.store.records import Transaction, new_id

# What fits on one screen and can be talked about in one meeting.
MOST_PICTURES = 5


@dataclass(frozen=True)
class Hanging:
    """A picture on the wall with what it shows now; `result` None: these outcomes do not allow it any more."""

    picture: WallPicture
    view: View
    result: Result | None


@dataclass(frozen=True)
class Wall:
    """What one person sees of the wall, in its order, and how many pictures are not for her."""

    pictures: tuple[Hanging, ...]
    n_not_shown: int = 0


def look(store: Store, actor: Actor) -> Wall:
    """The wall as this person may see it."""
    require(actor, Right.SEE_OUTCOMES)
    hanging = [_hanging(store, actor, one) for one in _pictures(store)]
    shown = tuple(one for one in hanging if one is not None)
    return Wall(shown, len(hanging) - len(shown))


def _hanging(store: Store, actor: Actor, picture: WallPicture) -> Hanging | None:
    view = view_of(picture)
    try:
        return Hanging(picture, view, views.result(store, actor, view))
    except NotAllowed:
        return None
    except ViewRefused:
        return Hanging(picture, view, None)


def _pictures(store: Store) -> list[WallPicture]:
    with store.cursor() as con:
        return records.find(con, WallPicture)


def n_hanging(store: Store) -> int:
    """How many pictures hang there, whoever may see them."""
    return len(_pictures(store))


def taken_down(store: Store, actor: Actor) -> list[WallPicture]:
    """Pictures that hung there before, the last one taken down first."""
    require(actor, Right.EDIT_THREAD)
    with store.cursor() as con:
        return records.find(
            con,
            WallPicture,
            where="archived_at IS NOT NULL",
            order="archived_at DESC, wall_picture_id",
            archived=True,
        )


def view_of(picture: WallPicture) -> View:
    return views.view_from(picture.view)


def on_wall(store: Store, view: View) -> WallPicture | None:
    """The picture on the wall that asks exactly this."""
    wanted = views.as_json(view)
    return next((one for one in _pictures(store) if one.view == wanted), None)


# --- hanging ---------------------------------------------------------------------------------------------


def hang(store: Store, actor: Actor, view: View, *, in_place_of: str | None = None) -> WallPicture:
    """Put a picture on the wall, at the end or in the place of another one; it hangs there once.

    Raises `WallFull` when five hang there already and none is named that makes room.
    """
    require(actor, Right.EDIT_THREAD)
    wanted = views.as_json(view)

    def use_case(tx: Transaction) -> WallPicture:
        there = tx.find(WallPicture)
        same = next((one for one in there if one.view == wanted), None)
        if same is not None:
            return same
        position = 1 + max((one.position for one in there), default=0)
        if in_place_of is not None:
            position = tx.archive(WallPicture, in_place_of).position
        elif len(there) >= MOST_PICTURES:
            raise WallFull(MOST_PICTURES)
        return _hung(tx, wanted, position)

    return store.write(use_case, actor=actor, verb="hang_picture")


def _hung(tx: Transaction, wanted: dict[str, object], position: int) -> WallPicture:
    """A picture that hung there before comes back; another one is new."""
    before = [one for one in tx.find(WallPicture, archived=True) if one.archived and one.view == wanted]
    if before:
        return tx.change(WallPicture, before[0].id, None, archived_at=None, position=position)
    new = WallPicture(wall_picture_id=new_id(), view=wanted, position=position, added_on=config.today())
    return tx.insert(new)


def move(store: Store, actor: Actor, picture_id: str, steps: int) -> WallPicture:
    """Move a picture so many places to the front (negative) or the back."""
    require(actor, Right.EDIT_THREAD)

    def use_case(tx: Transaction) -> WallPicture:
        there = tx.find(WallPicture)
        ids = [one.id for one in there]
        place = ids.index(tx.get(WallPicture, picture_id).id)
        ids.insert(max(0, place + steps), ids.pop(place))
        for one in there:
            if one.position != ids.index(one.id) + 1:
                tx.change(WallPicture, one.id, None, position=ids.index(one.id) + 1)
        return tx.get(WallPicture, picture_id)

    return store.write(use_case, actor=actor, verb="move_picture")


def take_down(store: Store, actor: Actor, picture_id: str) -> WallPicture:
    """Take a picture off the wall; it can be hung there again."""
    require(actor, Right.EDIT_THREAD)
    return store.write(lambda tx: tx.archive(WallPicture, picture_id), actor=actor, verb="take_down_picture")
