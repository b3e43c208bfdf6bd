"""The long table behind a judge's report as a file."""

import csv
from collections.abc import Iterator

from django.contrib.auth.decorators import login_required
from django.http import StreamingHttpResponse
from django.views.decorators.http import require_safe

from annotate.errors import NotFound
from annotate.views.request import SignedIn
from routing.access import judge_run_by
from routing.reliability.long_table import COLUMNS, long_table


@login_required
@require_safe
def judge_table(request: SignedIn, pk: int) -> StreamingHttpResponse:
    """The long table behind a question's figures as CSV; the first question's unless one is named.

    Of a judge without verdicts it has a head and no rows.
    """
    judge = judge_run_by(request.user, pk)
    kinds = dict(judge.verdicts.order_by("question").values_list("question", "kind").distinct())
    name = request.GET.get("question", next(iter(kinds), None))
    if name is not None and name not in kinds:
        raise NotFound("this judge has no verdicts on such a question")
    rows = iter([list(COLUMNS)]) if name is None else long_table(judge, name, kinds[name])
    answer = StreamingHttpResponse(_lines(rows), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="judge-{judge.pk}-table.csv"'
    return answer


class _Echo:
    def write(self, line: str) -> str:
        return line


def _lines(rows: Iterator[list[str]]) -> Iterator[str]:
    writer = csv.writer(_Echo())
    for row in rows:
        yield writer.writerow([_inert(cell) for cell in row])


def _inert(cell: str) -> str:
    """A cell that a spreadsheet does not take for a formula; numbers stay numbers."""
    risky = cell.startswith(("=", "+", "-", "@", "\t", "\r"))
    return f"'{cell}" if risky and not cell.lstrip("-").replace(".", "", 1).isdigit() else cell
