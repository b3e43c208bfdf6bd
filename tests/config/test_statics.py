"""Static files: an address for every version, compressed, kept by browsers for ever."""

import os
import subprocess
import sys
from pathlib import Path

from config.statics import static_version

ROOT = Path(__file__).resolve().parents[2]
SERVED = """
import django; django.setup()
from django.conf import settings
from django.core.management import call_command
from django.test import RequestFactory
from whitenoise.middleware import WhiteNoiseMiddleware
if {collect}: call_command("collectstatic", interactive=False, verbosity=0)
settings.WHITENOISE_USE_FINDERS = not any(settings.STATIC_ROOT.iterdir())
path = "/" + settings.STATIC_URL.lstrip("/") + "css/crosscheck.css"
answer = WhiteNoiseMiddleware(lambda request: None)(RequestFactory().get(path, headers={{"accept-encoding": "gzip"}}))
print(answer["Cache-Control"], answer.get("Content-Encoding", "plain"), len(answer.getvalue()))
"""


def test_any_change_to_any_file_makes_another_version(tmp_path: Path) -> None:
    (tmp_path / "a.js").write_text("1")
    (tmp_path / "b").mkdir()
    versions = {static_version(tmp_path)}
    for name, text in (("a.js", "2"), ("b/c.css", "2"), ("b/d.css", "")):
        (tmp_path / name).write_text(text)
        versions.add(static_version(tmp_path))
    (tmp_path / "a.js").rename(tmp_path / "e.js")
    versions.add(static_version(tmp_path))
    assert len(versions) == 5
    assert static_version(tmp_path) in versions


def served(var: Path, collect: bool) -> list[str]:
    environment = {**os.environ, "CROSSCHECK_VAR": str(var), "DJANGO_SETTINGS_MODULE": "config.settings"}
    code = SERVED.format(collect=collect)
    ended = subprocess.run([sys.executable, "-c", code], cwd=ROOT, env=environment, capture_output=True, text=True)
    assert ended.returncode == 0, ended.stderr
    return ended.stdout.split()


def test_collected_files_are_compressed_and_uncollected_ones_are_served_all_the_same(tmp_path: Path) -> None:
    *plain_cache, plain, plain_size = served(tmp_path, collect=False)
    *cache, encoding, size = served(tmp_path, collect=True)
    assert (plain, encoding) == ("plain", "gzip")
    assert int(size) < int(plain_size) / 2
    assert "immutable" in " ".join(cache)
    assert cache == plain_cache
