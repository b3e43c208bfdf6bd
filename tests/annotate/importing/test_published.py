"""Published data sets with spans, imported whole into the campaigns that their mappings propose."""

from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from annotate.importing.mapping import guess, mapping
from annotate.importing.readers import detect
from annotate.importing.run import keep_file
from annotate.models import Annotation, Campaign, ImportJob, Item, Label, Mark, Preference, User
from tests.factories import import_file, make_campaign

pytestmark = pytest.mark.django_db

ERRORS = {"Irrelevant": 576, "Unverifiable": 95, "Wrong-Grounding": 87, "Redundant": 83, "Incoherent": 7}
MISSING = {"Missing-Answer": 152, "Missing-Minor-Auxiliary": 149, "Missing-Major-Auxiliary": 147}
SPANS = {
    "incomplete_ans": 381,
    "reference_example": 299,
    "irrelevance": 202,
    "factuality": 162,
    "ques_misconception": 115,
}


def imported(user: User, path: Path) -> ImportJob:
    source = detect(path)
    found = guess(source.columns, source.sample_rows)
    questions = mapping(found.mapping).proposes(found.options)
    assert questions is not None
    campaign = make_campaign(user, "published", questions)
    job = import_file(campaign, keep_file(path), mapping_name=found.mapping, options=found.options)
    assert (job.state, job.rejected) == ("done", 0), job.error or list(job.rejections.values("row", "message")[:3])
    return job


def misquoted(campaign: Campaign) -> Iterator[Mark]:
    """Marks whose quote is not what stands at their offsets."""
    marks = Mark.objects.filter(campaign=campaign).exclude(start=None).select_related("item")
    sources = {item.pk: item.source for item in Item.objects.filter(campaign=campaign).prefetch_related("completions")}
    for mark in marks:
        if sources[mark.item_id].parts(mark.target)[mark.part or 0][mark.start : mark.end] != mark.quote:
            yield mark


def test_fine_grained_feedback_goes_in_with_everything(researcher: User, shared_data: Path) -> None:
    job = imported(researcher, shared_data / "fine_grained_feedback" / "feedback.json")
    assert (job.done, job.remarks.count()) == (300, 0)
    marks = Mark.objects.all()
    assert Counter(marks.exclude(start=None).values_list("label", flat=True)) == ERRORS
    assert Counter(marks.filter(start=None).values_list("label", flat=True)) == MISSING
    assert not list(misquoted(job.campaign))
    assert set(marks.values_list("target", flat=True)) == {"1"}
    assert Label.objects.filter(question="correction", target="1").count() == 300
    assert Counter(Preference.objects.values_list("sign", flat=True)) == {1: 996, -1: 620, 0: 184}
    assert Annotation.objects.count() == 300 + 1800


def test_the_marks_point_at_the_sentences_that_were_meant(researcher: User, shared_data: Path) -> None:
    job = imported(researcher, shared_data / "fine_grained_feedback" / "feedback.json")
    pointing = Mark.objects.filter(label__in=["Wrong-Grounding", *MISSING])
    assert all(mark.refs for mark in pointing)
    assert sum(len(mark.refs or []) for mark in pointing) == 464 + 93
    mark = Mark.objects.get(quote__startswith="In season 12, Derek Shepherd is involved")
    assert mark.refs == ["1.5"]
    assert mark.item.source.sentences["1.5"].startswith("In season 11, Derek is involved in a fatal car accident")
    assert Mark.objects.filter(label="Redundant").exclude(note=None).count() == 83
    assert job.campaign.items.exclude(reference=None).count() == 300


def test_halu_quest_qa_goes_in_and_no_span_is_lost(researcher: User, shared_data: Path) -> None:
    job = imported(researcher, shared_data / "haluquestqa" / "haluquestqa.tsv")
    marks = Mark.objects.all()
    assert job.done == 400
    assert Counter(marks.values_list("label", flat=True)) == SPANS
    anchors = Counter((mark.attributes or {}).get("anchor") for mark in marks)
    assert anchors == {None: 697, "fuzzy": 409, "none": 51, "first of 2": 2}
    assert not list(misquoted(job.campaign))
    assert marks.filter(start=None).count() == 51
    assert min(mark.attributes["score"] for mark in marks if mark.attributes and "score" in mark.attributes) >= 80
    assert set(marks.filter(label="ques_misconception").values_list("target", flat=True)) == {"@prompt"}
    assert set(marks.exclude(label="ques_misconception").values_list("target", flat=True)) == {"a", "b"}
    assert Preference.objects.count() == 400
    assert Label.objects.filter(question="reason").count() == 400


def test_every_span_that_is_not_verbatim_is_reported(researcher: User, shared_data: Path) -> None:
    job = imported(researcher, shared_data / "haluquestqa" / "haluquestqa.tsv")
    assert job.remarks.count() == 409 + 51 + 2
    said = list(job.remarks.filter(row=1).values_list("field", "message"))
    assert [field for field, _ in said] == [
        "factuality_span",
        "irrelevance_span",
        "reference_example_span",
        "ques_misconception_span",
    ]
    assert said[0][1].startswith("is not in the text as written, and was found by likeness (100 of 100): “That each")
    assert job.campaign.items.get(key__startswith="f0c498d1").metadata["completeness_human_score"] == 0.5


@pytest.mark.parametrize("name", ["fine_grained_feedback/feedback.json", "haluquestqa/haluquestqa.tsv"])
def test_a_published_file_twice_adds_nothing(researcher: User, shared_data: Path, name: str) -> None:
    first = imported(researcher, shared_data / name)
    marks = Mark.objects.count()
    again = import_file(
        first.campaign, keep_file(shared_data / name), mapping_name=first.mapping, options=first.options
    )
    assert (again.done, again.repeated, again.rejected) == (first.done, first.done, 0)
    assert Mark.objects.count() == marks
