"""The files that verdicts come in: CSV, JudgeBench's outputs, files that break off; and the doors they come by."""

import json
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from annotate.campaigns import change_state
from annotate.models import Annotation, Campaign, ImportJob, User
from annotate.users import token_of
from routing.models import Verdict
from routing.verdicts_import import running
from routing.verdicts_import.running import import_verdicts as work
from tests.annotate.api.conftest import Caller
from tests.annotate.views.pages import signed_in, text_of, upload
from tests.factories import PAIRWISE, import_rows, make_campaign
from tests.routing.verdicts_import.importing import (
    BOTH,
    counts,
    import_content,
    import_verdicts,
    judged,
    only_verdict,
    problems,
)

pytestmark = pytest.mark.django_db
PAGE = "/campaigns/pairs/verdicts/"


def test_a_csv_has_columns_for_the_orders(researcher: User) -> None:
    campaign = judged(researcher)
    lines = [
        "judge,item,question,repeat,first_1,preferred_1,probability_1,first_2,preferred_2,probability_2,gold",
        "gpt,r0,overall,,a,a,0.9,b,a,0.3,b",
        "gpt,r1,overall,2,a,a,,b,tie,,",
        "gpt,r2,overall,,a,a,much,,,,",
    ]
    job = import_content(campaign, "\n".join(lines).encode(), "v.csv")
    assert counts(job) == ("done", 2, 0, 1)
    assert problems(job)[0][:2] == (3, "probability_1")
    first, second = Verdict.objects.order_by("pk")
    assert (first.details["s1"], first.details["s2"], first.answer) == (0.9, 0.3, {"preferred": "a"})
    assert (second.details["s2"], second.assignment.round) == (0.5, 2)
    assert campaign.items.get(key="r0").gold == {"answers": {"overall": {"preferred": "b"}}}


def test_a_csv_may_hold_json_in_its_cells(researcher: User) -> None:
    campaign = judged(researcher)
    orders = json.dumps(BOTH["orders"]).replace('"', '""')
    content = f'judge,item,orders\ngpt,r0,"{orders}"\ngpt,r1,[1\n'
    job = import_content(campaign, content.encode(), "v.csv")
    assert counts(job) == ("done", 1, 0, 1)
    assert problems(job)[0][:2] == (2, "orders")


def bench(pair: str, label: str, *decisions: Any) -> dict[str, Any]:
    """A row of JudgeBench's outputs; the judgment itself is missing for a decision of `...`."""
    judgment = {"judge_model": "o1-mini", "prompt": "", "response": ""}
    judgments = [None if said is ... else {"judgment": judgment, "decision": said} for said in decisions]
    texts = {"response_A": f"A of {pair}", "response_B": f"B of {pair}"}
    more = {"question": "Why?", "original_id": 7, "source": "mmlu", "response_model": "gpt-4o"}
    return {"pair_id": pair, "label": label, "judge_name": "arena_hard", "judgments": judgments, **texts, **more}


@pytest.fixture
def benched(researcher: User) -> Campaign:
    """Pairs whose second completion is response A."""
    campaign = make_campaign(researcher, questions=[PAIRWISE])
    said = {p: [{"key": "x", "text": f"B of {p}"}, {"key": "y", "text": f"A of {p}"}] for p in ("p1", "p2", "p3", "p4")}
    rows = [{"key": key, "prompt": "Why?", "completions": completions} for key, completions in said.items()]
    assert import_rows(campaign, rows).done == 4
    return change_state(campaign, "launch")


def test_outputs_of_judgebench_are_read_as_they_are(benched: Campaign) -> None:
    rows = [
        bench("p1", "A>B", "A>B", "B>A"),  # A in both orders
        bench("p2", "B>A", "A>B", "A>B"),  # the first slot both times
        bench("p3", "A>B", "A=B", "A>B"),  # a tie, then B
        bench("p4", "A>B", "A>B", None),
        bench("p5", "A>B", "A>B", "A>B"),
    ]
    job = import_verdicts(benched, rows)
    assert counts(job) == ("done", 4, 0, 1)
    assert problems(job)[0][1] == "pair_id"
    found = {v.assignment.unit.item.key: v for v in Verdict.objects.select_related("assignment__unit__item")}
    assert found["p1"].judge.name == "arena_hard o1-mini"
    assert (found["p1"].answer, found["p1"].details["flip"]) == ({"preferred": "y"}, False)
    assert (found["p2"].answer, found["p2"].details["flip"]) == ({"preferred": None}, True)
    assert (found["p3"].details["s1"], found["p3"].details["s2"]) == (1.0, 0.5)
    assert (found["p4"].status, found["p4"].answer) == ("parse_error", None)
    assert benched.items.get(key="p2").gold == {"answers": {"overall": {"preferred": "x"}}}


def test_a_judgebench_pair_with_other_texts_is_refused(benched: Campaign) -> None:
    job = import_verdicts(benched, [bench("p1", "A>B", "A>B", ...) | {"response_A": "Something else"}])
    assert problems(job) == [(1, "response_A", "is no completion of the item 'p1'")]


def test_a_judgebench_decision_that_is_no_text_rejects_its_row_alone(benched: Campaign) -> None:
    job = import_verdicts(benched, [bench("p1", "A>B", []), bench("p2", "A>B", "A>B", {}), bench("p3", "A>B", "A>B")])
    assert counts(job) == ("done", 1, 0, 2)
    assert [field for _, field, _ in problems(job)] == ["judgments[0].decision", "judgments[1].decision"]


def test_an_import_that_is_taken_over_goes_on_where_it_stopped(
    researcher: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(running, "BATCH", 1)
    campaign = judged(researcher)
    job = import_verdicts(campaign, [BOTH, BOTH | {"item": "r1"}, "no row", BOTH | {"item": "r2"}])
    assert counts(job) == ("done", 3, 0, 1)
    ImportJob.objects.filter(pk=job.pk).update(position=2, done=2, rejected=0, repeated=0)
    job.errors.all().delete()
    job.refresh_from_db()

    class Held:
        def progress(self, **given: Any) -> None:
            for name, value in given.items():
                setattr(job, name, value)

    work(job, Held())  # type: ignore[arg-type]
    assert (job.done, job.repeated, job.rejected) == (3, 1, 1)


def test_an_empty_file_is_refused_and_a_broken_one_keeps_what_it_had(researcher: User) -> None:
    campaign = judged(researcher)
    assert import_content(campaign, b"\n", "v.jsonl").state == "failed"
    broken = import_content(campaign, json.dumps([BOTH]).encode()[:-1] + b', {"judge"', "v.json")
    assert (broken.state, broken.done) == ("failed", 1)


def test_the_page_takes_a_file_and_follows_its_import(researcher: User) -> None:
    judged(researcher)
    rita = signed_in(researcher)
    assert "What a row looks like" in text_of(rita.get(PAGE))
    begun = rita.post(PAGE, {"file": upload(json.dumps(BOTH).encode(), "gpt.jsonl")})
    job = ImportJob.objects.get(mapping="verdicts")
    assert begun["Location"] == f"/imports/{job.pk}/"
    assert "gpt.jsonl" in text_of(rita.get(begun["Location"]))
    for sent in ({}, {"file": upload(b"", "x.jsonl")}, {"file": upload(b"\xff\xfe\x00", "x.bin")}):
        refused = rita.post(PAGE, sent)
        assert refused.status_code == 422
        assert 'role="alert"' in refused.content.decode()


def test_the_api_takes_ndjson(researcher: User) -> None:
    judged(researcher)
    boss = Caller(token_of(researcher.username))
    sent = boss("POST", "campaigns/pairs/verdicts/", data=None).status_code
    assert sent == 422
    taken = boss.client.post("/api/v1/campaigns/pairs/verdicts/", json.dumps(BOTH), content_type="application/x-ndjson")
    assert taken.status_code == 202
    assert boss("GET", taken.json()["url"]).json()["state"] == "queued"


def test_the_command_imports_a_file(researcher: User, tmp_path: Path) -> None:
    judged(researcher)
    file, out, err = tmp_path / "v.jsonl", StringIO(), StringIO()
    file.write_text(json.dumps(BOTH) + "\n" + json.dumps(BOTH | {"item": "zz"}))
    call_command("import_verdicts", "pairs", str(file), stdout=out, stderr=err)
    assert "rows: 1 good (0 were there already), 1 rejected" in out.getvalue()
    assert "row 2: item: 'zz' is the key of no item" in err.getvalue()
    assert only_verdict().judge.name == "gpt"
    assert Annotation.objects.count() == 1
    with pytest.raises(CommandError, match="there is no file"):
        call_command("import_verdicts", "pairs", str(tmp_path / "no"))
