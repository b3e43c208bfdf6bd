"""What is compared: the rating and ranking questions of a campaign, and of campaigns linked with it."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
from django.db.models import Q

from annotate.frames import Asks, Columns, Frames, Preferences, Scores
from annotate.frames.columns import Flags
from annotate.frames.linked import Shared, shared
from annotate.kinds import kinds_that_yield
from annotate.kinds.base import PreferenceRow, ScoreRow
from annotate.models import Campaign
from routing.models import Link
from routing.reliability.left_out import Routed, routed

Which = Callable[[Columns], Flags]


@dataclass(frozen=True, slots=True)
class Source:
    """A campaign whose records are compared, told in the completions and prompt groups of the campaign that reports.

    `shared` is None for that campaign itself.
    """

    frames: Frames
    routed: Routed
    shared: Shared | None = None

    @property
    def campaign(self) -> Campaign:
        return self.frames.campaign

    def asks(self, record: type[ScoreRow] | type[PreferenceRow]) -> list[Asks]:
        kinds = kinds_that_yield(record)
        return [asks for asks in self.frames.questions.values() if asks.kind in kinds]

    def scores(self, question: str, which: Which) -> Scores:
        """The scores that `which` chooses (`counted`, `apart`, or a choice of the caller's)."""
        rows = self.frames.scores(question)
        rows = rows.where(which(rows))
        return rows if self.shared is None else self.shared.scores(rows)

    def preferences(self, question: str, which: Which) -> Preferences:
        rows = self.frames.preferences(question)
        rows = rows.where(which(rows))
        return rows if self.shared is None else self.shared.preferences(rows)

    def chosen(self, rows: Columns) -> Flags:
        """Rows of units that people got because of a route, hard cases mostly; shape (n,)."""
        units, items = (np.fromiter(ids, np.int64, len(ids)) for ids in (self.routed.units, self.routed.items))
        return np.asarray(~rows.judge & (np.isin(rows.unit, units) | np.isin(rows.item, items)), np.bool_)

    def counted(self, rows: Columns) -> Flags:
        """First answers in the base design, and judges' first: what figures of reliability may count; shape (n,)."""
        return np.asarray((rows.base & ~self.chosen(rows)) | (rows.judge & (rows.round == 0) & ~rows.again), np.bool_)

    def apart(self, rows: Columns) -> Flags:
        """People's answers that were asked for because the unit is a hard one: routed, or asked again; shape (n,)."""
        return np.asarray(~rows.judge & (rows.again | (rows.base & self.chosen(rows))), np.bool_)


@dataclass(frozen=True, slots=True)
class Compared:
    """A rating question held against a ranking question, in one campaign or in two that are linked."""

    ratings: Source
    rating: Asks
    rankings: Source
    ranking: Asks

    @property
    def names(self) -> dict[str, str]:
        return {
            "question_rating": self.rating.name,
            "question_ranking": self.ranking.name,
            "campaign_rating": self.ratings.campaign.slug,
            "campaign_ranking": self.rankings.campaign.slug,
        }


def linked_with(campaign: Campaign) -> list[Campaign]:
    """The campaigns over the same items that are linked with this one, by either's link."""
    pairs = Link.objects.filter(Q(campaign=campaign) | Q(other=campaign)).values_list("campaign", "other")
    ids = {pk for pair in pairs for pk in pair} - {campaign.pk}
    return list(Campaign.objects.filter(pk__in=ids, version__isnull=False).order_by("slug"))


def sources_of(frames: Frames) -> list[Source]:
    """The campaign itself, then those linked with it."""
    own = Source(frames, routed(frames.campaign))
    others = linked_with(frames.campaign)
    return [own, *(Source(Frames(o), routed(o), shared(frames.campaign, o)) for o in others)]


def compared(found: list[Source]) -> Iterator[Compared]:
    """Every rating question against every ranking question; of two linked campaigns only across (the other compares
    its own)."""
    for one in found:
        for two in found:
            if one.shared is not None and two.shared is not None:
                continue
            for rating in one.asks(ScoreRow):
                for ranking in two.asks(PreferenceRow):
                    yield Compared(one, rating, two, ranking)
