"""Moments that other apps may act on; receivers run in the same transaction, and an `Invalid` undoes it."""

from django.dispatch import Signal

campaign_defined = Signal()
"""`campaign`, `spec`: a campaign was created from `spec`."""

campaign_launched = Signal()
"""`campaign`: a campaign started running."""

items_imported = Signal()
"""`campaign`: an import has ended and may have added items."""

points_accepted = Signal()
"""`campaign`: items that waited for their points have got them."""

standing_changed = Signal()
"""`campaign`: a researcher paused, excluded or weighed an annotator, or took that back."""

consensus_overridden = Signal()
"""`campaign`, `unit`, `question`: a researcher decided the answer, or took the decision back."""
