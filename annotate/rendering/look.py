"""How the texts of a campaign are to look, and which pictures they may show."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Look:
    """`uploads` is the address under which the campaign's own pictures are served (none where it is empty);
    `hosts` are the origins from which pictures may be loaded, as the content policy names them."""

    text_format: str = "markdown"
    uploads: str = ""
    hosts: tuple[str, ...] = ()
