"""A researcher's answer stands above the annotators': given, taken back, and taken over from flags.

Annotations stay as they are. Decisions are kept, each with its author; the newest of a unit and question counts.
"""

from typing import Any

from django.db import connection, transaction
from django.utils import timezone

from annotate.answers import asked_in
from annotate.checking import check_storable
from annotate.consensus.answers import agreed_answer
from annotate.consensus.deciding import rule_of
from annotate.consensus.marks import texts_of
from annotate.errors import Invalid, WrongState
from annotate.frames import Asks, Frames
from annotate.kinds import Asked, kind
from annotate.models import Adjudication, Annotator, Campaign, Consensus, Flag, Question, Unit
from annotate.parking import lock_item
from annotate.signals import consensus_overridden

LONGEST_NOTE = 500
FROM_FLAG = "Answered from a flag"

ADOPT = """
    INSERT INTO annotate_adjudication (campaign_id, unit_id, question, answer, author_id, note, created_at)
    SELECT n.campaign_id, n.unit_id, given.key, given.value, n.annotator_id, %(note)s, n.changed_at
    FROM annotate_annotation n JOIN annotate_assignment s ON s.id = n.assignment_id,
         jsonb_each(n.answers) given
    WHERE n.campaign_id = %(campaign)s AND s.slot IS NULL AND s.purpose = '' AND given.key = ANY(%(questions)s)
      AND EXISTS (SELECT FROM annotate_flag f WHERE f.campaign_id = n.campaign_id AND f.unit_id = n.unit_id
                  AND f.resolution = 'answer' AND f.resolved_by_id = n.annotator_id)
      AND NOT EXISTS (SELECT FROM annotate_adjudication a WHERE a.unit_id = n.unit_id AND a.question = given.key
                      AND a.created_at >= n.changed_at)
    ORDER BY n.id
"""


@transaction.atomic
def adjudicate(unit: Unit, question: Any, answer: Any, author: Annotator, note: Any = "") -> Adjudication:
    """Makes `answer` the consensus of the unit and question, at once, and settles the flags that asked for a decision.

    Raises `Invalid` for a question that the unit does not ask, or an answer that its kind refuses.
    """
    asked, asks, rule = _asked(unit, question)
    if not isinstance(note, str) or len(note.strip()) > LONGEST_NOTE:
        raise Invalid(f"a note has at most {LONGEST_NOTE} characters", {"note": f"{LONGEST_NOTE} characters at most"})
    check_storable(note, "note")
    check_storable(answer, "answer")
    if answer is None:
        raise Invalid("give an answer; to take a decision back, withdraw it", {"answer": "not answered"})
    clean = kind(asked.kind).clean(asked, answer)
    lock_item(unit.item_id)  # Of two decisions at once the later one is stored, as it is the newest.
    made = _decided(unit, asks.name, clean, author, note.strip())
    Consensus.objects.update_or_create(
        unit=unit,
        question=asks.name,
        defaults={"answer": clean, "adjudication": made, "computed_at": timezone.now()},
        create_defaults={
            "campaign_id": unit.campaign_id,
            "rule": rule,
            "answer": clean,
            "n": 0,
            "adjudication": made,
        },
    )
    open_flags = Flag.objects.filter(unit=unit, then=Flag.Then.ADJUDICATE, resolved_at=None)
    open_flags.update(resolved_at=timezone.now(), resolved_by=author, resolution="answer")
    return made


@transaction.atomic
def withdraw_adjudication(unit: Unit, question: str, author: Annotator, note: str = "") -> Adjudication:
    """Takes the decision back: what the annotators' votes come to counts again. Raises `WrongState` where there is
    none."""
    lock_item(unit.item_id)
    newest = newest_adjudication(unit, question)
    if newest is None or newest.answer is None:
        raise WrongState("nothing is adjudicated here; there is no decision to take back")
    made = _decided(unit, question, None, author, note.strip()[:LONGEST_NOTE])
    found = Consensus.objects.select_for_update().filter(unit=unit, question=question).first()
    if found is not None and found.n == 0:
        found.delete()
    elif found is not None:
        frames = Frames(unit.campaign)
        asks = frames.questions.get(question)
        texts = texts_of(frames, [unit.pk], question).get(unit.pk)
        found.answer = agreed_answer(asks, found.things, texts) if asks else None
        found.adjudication, found.computed_at = None, timezone.now()
        found.save(update_fields=["answer", "adjudication", "computed_at"])
    return made


def newest_adjudication(unit: Unit, question: str) -> Adjudication | None:
    """The decision that counts (one without an answer: none); None where there was never one."""
    return Adjudication.objects.filter(unit=unit, question=question).order_by("-pk").first()


def adopt_decisions(campaign: Campaign) -> int:
    """Takes over what researchers answered from a flag (`annotate.resolving`) and that no later decision has replaced.

    Such an answer is an annotation outside the first round, which no vote counts: so it counts once, as a decision.
    Returns how many.
    """
    asked = [name for name, asks in Frames(campaign).questions.items() if asks.scale != "text"]
    with connection.cursor() as cursor:
        cursor.execute(ADOPT, {"campaign": campaign.pk, "questions": asked, "note": FROM_FLAG})
        return int(cursor.rowcount)


def asked_of_unit(unit: Unit, question: Any) -> Asked:
    """A question as the campaign asks it now of this unit, whatever its condition. Raises `Invalid`."""
    rows = Question.objects.filter(version=unit.campaign.version, view=unit.view)
    names = list(rows.values_list("name", flat=True))
    if not isinstance(question, str) or question not in names:
        raise Invalid(
            f"this unit is not asked {question!r}; asked are {', '.join(names)}", {"question": ", ".join(names)}
        )
    return asked_in(rows.filter(name=question), unit.view.shows, unit.keys, unit.item.source)[0]


def _asked(unit: Unit, question: Any) -> tuple[Asked, Asks, str]:
    asked, frames = asked_of_unit(unit, question), Frames(unit.campaign)
    asks = frames.questions[asked.name]
    rule = rule_of(frames, asks)
    if rule is None:
        raise Invalid(f"{asked.name}: texts have no consensus, so none is overridden", {"question": "not a text"})
    return asked, asks, rule


def _decided(unit: Unit, question: str, answer: Any, author: Annotator, note: str) -> Adjudication:
    made = Adjudication.objects.create(
        campaign_id=unit.campaign_id, unit=unit, question=question, answer=answer, author=author, note=note
    )
    consensus_overridden.send(Adjudication, campaign=unit.campaign, unit=unit, question=question)
    return made
