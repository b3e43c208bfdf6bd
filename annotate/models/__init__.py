"""The tables of annotation, one file an idea; the database holds the invariants."""

from annotate.models.campaigns import Campaign, CampaignVersion, Member, Question, View
from annotate.models.consensus import Adjudication, Consensus, Standing
from annotate.models.items import Completion, Image, Item, PromptGroup
from annotate.models.jobs import ImportJob, Job, RowError
from annotate.models.people import Annotator, Organisation, User
from annotate.models.records import Label, Mark, Preference, Record, Score
from annotate.models.work import Annotation, Assignment, Draft, Flag, Revision, Skip, Unit

__all__ = [
    "Adjudication",
    "Annotation",
    "Annotator",
    "Assignment",
    "Campaign",
    "CampaignVersion",
    "Completion",
    "Consensus",
    "Draft",
    "Flag",
    "Image",
    "ImportJob",
    "Item",
    "Job",
    "Label",
    "Mark",
    "Member",
    "Organisation",
    "Preference",
    "PromptGroup",
    "Question",
    "Record",
    "Revision",
    "RowError",
    "Score",
    "Skip",
    "Standing",
    "Unit",
    "User",
    "View",
]
