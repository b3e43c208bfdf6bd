"""Which answers count: of the base design, and not of units that people got because of a route."""

from dataclasses import dataclass

import numpy as np

from annotate.frames import Columns, Frames
from annotate.frames.columns import Flags
from routing.reliability.left_out import routed

GROUPS = ("human", "judge", "all")


@dataclass(frozen=True, slots=True)
class Counted:
    """Masks of rows: the base answers of people, judges' first answers, and those of either that a route chose."""

    human: Flags
    judge: Flags
    routed: Flags
    again: Flags
    repeats: Flags

    def group(self, name: str) -> Flags:
        return {"human": self.human, "judge": self.judge, "all": self.human | self.judge}[name]

    @property
    def left_out(self) -> dict[str, int]:
        """How many answers of people are in no figure: asked again, silent repeats, in routed units (shown apart)."""
        masks = {"again": self.again, "repeats": self.repeats, "routed": self.routed}
        return {name: int(mask.sum()) for name, mask in masks.items()}


def counted(frames: Frames, rows: Columns) -> Counted:
    chosen = frames.kept("routed", lambda: routed(frames.campaign))
    by_route = np.isin(rows.unit, list(chosen.units)) | np.isin(rows.item, list(chosen.items))
    first_of_judges = rows.judge & (rows.round == 0)
    other = ~rows.base & ~rows.judge
    return Counted(
        human=rows.base & ~by_route,
        judge=first_of_judges & ~by_route,
        routed=rows.base & by_route,
        again=other & (rows.again | (rows.round == 0)),
        repeats=other & ~rows.again & (rows.round > 0),
    )
