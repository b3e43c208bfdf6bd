"""A page's form as a browser would send it: every successful control, text areas with CRLF."""

from html.parser import HTMLParser


class _Form(HTMLParser):
    def __init__(self, form_id: str) -> None:
        super().__init__()
        self.form_id, self.inside = form_id, False
        self.fields: dict[str, list[str]] = {}
        self.select: str | None = None
        self.area: str | None = None
        self.first = ""
        self.text = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag == "form":
            self.inside = given.get("id") == self.form_id
        name = given.get("name") or ""
        if not self.inside or "disabled" in given:
            return
        if tag == "input" and name and (given.get("type") not in ("checkbox", "radio") or "checked" in given):
            self._add(name, given.get("value") or "")
        elif tag == "select":
            self.select, self.first = name, ""
        elif tag == "option" and self.select:
            value = given.get("value") or ""
            if not self.first:
                self.first = f"={value}"
            if "selected" in given:
                self._add(self.select, value)
        elif tag == "textarea":
            self.area, self.text = name, ""

    def handle_data(self, data: str) -> None:
        if self.area is not None:
            self.text += data

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self.inside = False
        if tag == "select" and self.select:
            if self.select not in self.fields and self.first:
                self._add(self.select, self.first[1:])
            self.select = None
        if tag == "textarea" and self.area is not None:
            text = self.text.replace("\r\n", "\n").removeprefix("\n")
            self._add(self.area, text.replace("\n", "\r\n"))
            self.area = None

    def _add(self, name: str, value: str) -> None:
        self.fields.setdefault(name, []).append(value)


def sent_form(page: str, form_id: str) -> dict[str, list[str]]:
    """The fields of the form with that id."""
    parser = _Form(form_id)
    parser.feed(page)
    return parser.fields
