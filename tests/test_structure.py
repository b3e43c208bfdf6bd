"""How the code hangs together: imports run one way, actions know no doors, files stay small."""

import ast
import os
import subprocess
import sys
from pathlib import Path

import grimp
import pytest

ROOT = Path(__file__).resolve().parents[1]
APPS = ("annotate", "routing", "exports")
DOORS = ("admin", "api", "api_urls", "management", "tasks", "urls", "views", "work_urls")
LONGEST = 350


@pytest.fixture(scope="module")
def graph() -> grimp.ImportGraph:
    return grimp.build_graph(*APPS, "config", include_external_packages=True)


def within(module: str, packages: tuple[str, ...]) -> bool:
    return any(module == package or module.startswith(package + ".") for package in packages)


def test_the_contracts_of_import_linter_hold() -> None:
    linter = Path(sys.executable).with_name("lint-imports")
    ended = subprocess.run([linter, "--no-cache"], cwd=ROOT, capture_output=True, text=True, timeout=120)
    assert ended.returncode == 0, ended.stdout + ended.stderr
    assert "0 broken" in ended.stdout


@pytest.mark.parametrize(("app", "later"), [("annotate", ("routing", "exports")), ("routing", ("exports",))])
def test_imports_run_one_way(graph: grimp.ImportGraph, app: str, later: tuple[str, ...]) -> None:
    for module in {app} | graph.find_descendants(app):
        assert not [other for other in graph.find_modules_directly_imported_by(module) if within(other, later)], module


def test_statistics_import_nothing_of_ours(graph: grimp.ImportGraph) -> None:
    allowed = ("annotate.stats", "numpy", "scipy", *sys.stdlib_module_names)
    modules = {"annotate.stats"} | graph.find_descendants("annotate.stats")
    for module in modules:
        assert not [o for o in graph.find_modules_directly_imported_by(module) if not within(o, allowed)], module


def test_actions_import_no_doors(graph: grimp.ImportGraph) -> None:
    """Views, API, tasks, commands and admin call actions, and are called by none."""
    doors = tuple(f"{app}.{door}" for app in APPS for door in DOORS)
    modules = {module for app in APPS for module in graph.find_descendants(app) if not within(module, doors)}
    assert {"annotate.submitting", "routing.inconsistency", "exports.build"} <= modules
    for module in modules:
        assert not [o for o in graph.find_modules_directly_imported_by(module) if within(o, doors)], module


def test_a_web_process_does_not_load_torch() -> None:
    code = "import config.wsgi, sys; sys.exit('torch' in sys.modules or 'transformers' in sys.modules)"
    environment = {**os.environ, "DJANGO_SETTINGS_MODULE": "config.settings"}
    ended = subprocess.run([sys.executable, "-c", code], cwd=ROOT, env=environment, capture_output=True, timeout=120)
    assert ended.returncode == 0, ended.stderr


def our_files() -> list[Path]:
    folders = (*APPS, "config", "tests", "benchmarks")
    files = [path for folder in folders for path in (ROOT / folder).rglob("*.py") if "migrations" not in path.parts]
    assert len(files) > 100
    return files


def test_no_file_is_longer_than_one_can_read() -> None:
    lengths = {str(path.relative_to(ROOT)): len(path.read_text().splitlines()) for path in our_files()}
    assert {path: length for path, length in lengths.items() if length > LONGEST} == {}


def test_no_test_is_there_that_cannot_run() -> None:
    """Two tests of one name in a file: the first is never run."""
    for path in our_files():
        names = [node.name for node in ast.parse(path.read_text()).body if isinstance(node, ast.FunctionDef)]
        assert len(names) == len(set(names)), path
