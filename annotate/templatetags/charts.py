"""`{% chart found %}` writes a chart: its figure, the numbers behind it, and what saves it."""

from typing import Any

from django import template

from annotate.chart_tables import data, table
from annotate.charts import Chart

register = template.Library()
FILES = ("PNG", "SVG", "CSV")


@register.inclusion_tag("charts/chart.html")
def chart(found: Chart | None) -> dict[str, Any]:
    """The figure; nothing where there is no chart. The page needs `charts/_assets.html` in its head."""
    if found is None:
        return {}
    return {"chart": found, "data": data(found), "data_id": f"{found.id}-data", "table": table(found), "files": FILES}
