"""The exported files train: two steps of TRL's trainers on a tiny model, with all columns left in."""

from pathlib import Path
from typing import Any

import pytest

from annotate.models import Campaign, User
from exports.models import Export
from tests.exports.voted import make_export, voted, voted_item
from tests.routing.judges.tiny import build_tiny_model

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]

CHAT = [{"role": "system", "content": "Be brief."}, {"role": "user", "content": "Hello"}]
TALK = [
    {"key": "a", "messages": [{"role": "assistant", "content": "Hi! What can I do?"}]},
    {"key": "b", "messages": [{"role": "assistant", "content": "Go away."}]},
]


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> str:
    return str(build_tiny_model(tmp_path_factory.mktemp("llama")))


def campaign_of(user: User, chat: bool, **config: Any) -> Campaign:
    strong = "2" if config else ""
    change: dict[str, Any] = {"prompt": CHAT, "completions": TALK} if chat else {}
    items = [voted_item(f"r{i}", ("a" if i % 2 else "b") + strong, **change) for i in range(4)]
    return voted(user, items, **config)


def loaded(export: Export, cache: Path) -> Any:
    from datasets import load_dataset

    kind = {"jsonl": "json", "parquet": "parquet"}[export.file_type]
    return load_dataset(kind, data_files=export.path, split="train", cache_dir=str(cache))


def settings(folder: Path) -> dict[str, Any]:
    return {
        "output_dir": str(folder),
        "max_steps": 2,
        "per_device_train_batch_size": 2,
        "logging_steps": 1,
        "save_strategy": "no",
        "report_to": "none",
        "use_cpu": True,
        "bf16": False,
        "disable_tqdm": True,
    }


def check_trained(trainer: Any) -> None:
    before = {name: value.clone() for name, value in trainer.model.named_parameters()}
    trainer.train()
    assert trainer.state.global_step == 2
    losses = [entry["loss"] for entry in trainer.state.log_history if "loss" in entry]
    assert len(losses) == 2
    assert all(0 < loss < 100 for loss in losses)
    assert any(not value.equal(before[name]) for name, value in trainer.model.named_parameters())


@pytest.mark.parametrize("file_type", ["jsonl", "parquet"])
@pytest.mark.parametrize("chat", [False, True], ids=["text", "chat"])
def test_dpo_trains_on_preferences(researcher: User, model: str, tmp_path: Path, chat: bool, file_type: str) -> None:
    from trl.trainer.dpo_config import DPOConfig
    from trl.trainer.dpo_trainer import DPOTrainer

    export = make_export(campaign_of(researcher, chat), "preference", file_type)
    data = loaded(export, tmp_path / "cache")
    assert data.column_names == ["prompt", "chosen", "rejected", "item", "question", "annotation_ids"]
    assert isinstance(data[0]["prompt"], list if chat else str)
    check_trained(DPOTrainer(model, args=DPOConfig(**settings(tmp_path)), train_dataset=data))


@pytest.mark.parametrize("file_type", ["jsonl", "parquet"])
@pytest.mark.parametrize("chat", [False, True], ids=["text", "chat"])
def test_a_reward_model_trains(researcher: User, model: str, tmp_path: Path, chat: bool, file_type: str) -> None:
    from trl.trainer.reward_config import RewardConfig
    from trl.trainer.reward_trainer import RewardTrainer

    export = make_export(campaign_of(researcher, chat), "reward", file_type)
    data = loaded(export, tmp_path / "cache")
    assert data.column_names == ["chosen", "rejected", "item", "question", "annotation_ids"]
    check_trained(RewardTrainer(model, args=RewardConfig(**settings(tmp_path)), train_dataset=data))


def test_a_reward_model_trains_with_margins(researcher: User, model: str, tmp_path: Path) -> None:
    from trl.trainer.reward_config import RewardConfig
    from trl.trainer.reward_trainer import RewardTrainer

    export = make_export(campaign_of(researcher, False, strengths=["bit", "much"]), "reward")
    data = loaded(export, tmp_path / "cache")
    assert data["margin"][:] == [2.0] * 4
    check_trained(RewardTrainer(model, args=RewardConfig(**settings(tmp_path)), train_dataset=data))
