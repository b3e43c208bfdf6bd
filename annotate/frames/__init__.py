"""The records of a campaign as columns: what consensus, agreement and every report about labels read."""

from annotate.frames.columns import Columns, Labels, Preferences, Scores, Texts
from annotate.frames.frames import Asks, Frames, Who
from annotate.frames.things import Things, things_of

__all__ = ["Asks", "Columns", "Frames", "Labels", "Preferences", "Scores", "Texts", "Things", "Who", "things_of"]
