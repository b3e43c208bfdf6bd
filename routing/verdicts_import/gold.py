"""The right answer that comes with a verdict."""

from typing import Any

from annotate.answers import asked_in
from annotate.errors import Invalid
from annotate.importing.problems import RowProblem
from annotate.kinds import kind
from annotate.parking import lock_item
from routing.verdicts_import.fitting import Fitted


def keep_gold(row: Fitted) -> None:
    """Puts the row's gold answer to its item, where that has none for the question. Raises RowProblem for another."""
    if row.row.gold is None:
        return
    answer = _clean(row)
    item = lock_item(row.item.pk)
    everything = [completion.key for completion in row.item.completions.all()]
    partial = {} if len(row.keys) == len(everything) else {"shown": list(row.keys)}
    held = item.gold or {"answers": {}, **partial}
    if sorted(held.get("shown") or everything) != sorted(row.keys):
        raise RowProblem("gold", "the item has gold answers about other completions, and holds one set of them")
    known = held["answers"].get(row.question.name, answer)
    if known != answer:
        raise RowProblem("gold", f"the item has another gold answer to {row.question.name}: {known}")
    if row.question.name not in held["answers"]:
        item.gold = {**held, "answers": {**held["answers"], row.question.name: answer}}
        item.save(update_fields=["gold"])


def _clean(row: Fitted) -> Any:
    """The gold answer in its canonical form; of a comparison the key alone says it too."""
    given, question = row.row.gold, row.question
    if question.kind == "pairwise" and isinstance(given, str):
        given = {"preferred": given}
    (asked,) = asked_in([question], question.view.shows, row.keys, row.item.source)
    try:
        return kind(question.kind).clean(asked, given)
    except Invalid as error:
        raise RowProblem("gold", error.message) from error
