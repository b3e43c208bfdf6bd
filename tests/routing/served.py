"""Judges that are served over real HTTP, and runs of theirs with little patience."""

from functools import partial
from typing import Any

from annotate import jobs
from annotate.models import Campaign
from routing.calling.waits import Waits
from routing.creating import create_judge
from routing.judging import run_judge, start_run
from routing.models import Endpoint, Judge, JudgeRun
from tests.routing.servers.model_server import ModelServer

QUICK = Waits(
    longest_call=0.3,
    tries=4,
    first_delay=0.01,
    longest_delay=0.05,
    opens_after=6,
    first_opening=0.05,
    longest_opening=0.2,
    gives_up_after=1,
)
KNOWN = {"tiny": {"labels": "text", "structured": "text"}}
"""Capabilities of the servers' model, so that no probe meets the first faults."""
CHEAP = {"input": 1.0, "output": 1.0}


def served_judge(campaign: Campaign, server: ModelServer, name: str = "served", **spec: Any) -> Judge:
    """A judge of the model `tiny` on the server; `config`, `price` and the endpoint's limits may be given."""
    capabilities = spec.pop("capabilities", KNOWN)
    config = {"model": "tiny", "timeout": 1, "max_tokens": 64, **spec.pop("config", {})}
    limits: dict[str, Any] = {
        key: spec.pop(key) for key in ("concurrency", "requests_per_minute", "tokens_per_minute") if key in spec
    }
    found = Endpoint.objects.filter(organisation=campaign.organisation, url=server.url).first()
    endpoint: Any = found.name if found else {"name": f"server {server.port}", "url": server.url, **limits}
    whole: dict[str, Any] = {"name": name, "provider": "openai", "config": config, "endpoint": endpoint, "price": CHEAP}
    judge = create_judge(campaign, whole | spec)
    assert judge.endpoint is not None
    Endpoint.objects.filter(pk=judge.endpoint.pk).update(capabilities=capabilities)
    judge.endpoint.capabilities = capabilities
    return judge


def run_served(judge: Judge, waits: Waits = QUICK, **options: Any) -> JudgeRun:
    """A run, worked off in this process; it has ended or rests when this returns."""
    run = start_run(judge, None, send=False, **options)
    work_on_served(run, waits)
    return run


def work_on_served(run: JudgeRun, waits: Waits = QUICK) -> None:
    jobs.run(JudgeRun, run.pk, partial(run_judge, waits=waits))
    run.refresh_from_db()
