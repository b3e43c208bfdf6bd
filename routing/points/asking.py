"""Asks a judge for the checklists of items, as it is asked for answers: every attempt is stored and paid for."""

from collections.abc import Sequence

from annotate.models import Item
from annotate.texts import prompt_text
from routing.calling.asked import Asked
from routing.calling.exchange import Exchange
from routing.judges import Reply
from routing.judges.remote import RemoteProvider
from routing.planning import request_digest
from routing.points.generating import NAME, VERSION, request_for
from routing.protocols import Call


def ask(exchange: Exchange, question: str, items: Sequence[Item]) -> list[Reply]:
    """A reply for each item, in their order; what the organisation has a good reply to already is not asked again."""
    asked = [_asked(exchange, question, item) for item in items]
    exchange.ask(asked)
    return [each.answered for each in asked]


def _asked(exchange: Exchange, question: str, item: Item) -> Asked:
    model, endpoint = exchange.model, exchange.judge.endpoint
    request = request_for(prompt_text(item.prompt))
    url = endpoint.url if endpoint and isinstance(model, RemoteProvider) else ""
    digest = request_digest((model.name, url, model.revision), request, (0, 0, NAME, VERSION))
    return Asked(digest, question, Call(0, (), request), item=item)
