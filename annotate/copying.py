"""Bulk writing by COPY, which takes rows an order of magnitude faster than INSERT."""

import json
from collections.abc import Iterable, Sequence
from typing import Any

from django.db import connection, models


def copy_in(model: type[models.Model], columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """Writes `rows` (values in the order of `columns`, which are attribute names such as item_id).

    JSON fields take any JSON-able value, None being the SQL null. Columns left out get the database's default.
    """
    fields = [model._meta.get_field(name.removesuffix("_id")) for name in columns]
    as_json = [i for i, field in enumerate(fields) if isinstance(field, models.JSONField)]
    names = ", ".join(f'"{name}"' for name in columns)
    with (
        connection.cursor() as cursor,
        cursor.copy(f'COPY "{model._meta.db_table}" ({names}) FROM STDIN') as copy,
    ):
        for row in rows:
            values = list(row)
            for i in as_json:
                values[i] = None if values[i] is None else json.dumps(values[i], ensure_ascii=False)
            copy.write_row(values)


def new_ids(model: type[models.Model], count: int) -> list[int]:
    """Fresh primary keys for rows about to be copied in."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT nextval(pg_get_serial_sequence(%s, 'id')) FROM generate_series(1, %s)",
            [model._meta.db_table, count],
        )
        return [row[0] for row in cursor.fetchall()]
