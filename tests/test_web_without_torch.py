"""Web processes never load a model library: it takes seconds and hundreds of megabytes."""

import subprocess
import sys
from pathlib import Path

LOAD_ALL = """
import sys
import config.wsgi
from django.urls import get_resolver

def visit(resolver):
    for pattern in resolver.url_patterns:
        if hasattr(pattern, "url_patterns"):
            visit(pattern)
        else:
            assert callable(pattern.callback)

visit(get_resolver())
from routing.judges import providers
from routing.protocols import protocols
assert providers() and protocols()
loaded = {"torch", "transformers", "datasets", "trl", "gguf", "accelerate"} & set(sys.modules)
sys.exit(f"loaded: {sorted(loaded)}" if loaded else 0)
"""


def test_resolving_every_url_and_provider_loads_no_model_library() -> None:
    root = Path(__file__).resolve().parent.parent
    done = subprocess.run([sys.executable, "-c", LOAD_ALL], cwd=root, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
