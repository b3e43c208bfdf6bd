"""Finds a Chromium for the browser tests, or installs one: `python tests/e2e/install_browser.py`.

CHROMIUM names the program; BROWSER=none leaves the browser tests out.
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
MAC = Path("/Applications/Google Chrome.app/Contents/MacOS/Google Chrome")
PLAYWRIGHT = (
    "chromium-*/chrome-linux*/chrome",
    "chromium-*/chrome-mac*/Chromium.app/Contents/MacOS/Chromium",
    "chromium-*/chrome-mac*/Google Chrome for Testing.app/Contents/MacOS/Google Chrome for Testing",
)
HELP = """No Chromium was found and none could be installed. Do one of these:
  - install Chromium or Chrome, or name it: CHROMIUM=/path/to/chromium
  - .venv/bin/python -m playwright install --with-deps chromium
  - leave the browser tests out: BROWSER=none"""


def find_browser() -> str | None:
    """The path of a Chromium for playwright's `executable_path`; None where there is none or BROWSER=none."""
    if os.environ.get("BROWSER") == "none":
        return None
    if named := os.environ.get("CHROMIUM"):
        return shutil.which(named)
    for name in (*NAMES, str(MAC)):
        if found := shutil.which(name):
            return found
    for pattern in PLAYWRIGHT:
        for path in sorted(playwright_folder().glob(pattern), reverse=True):
            return str(path)
    return None


def playwright_folder() -> Path:
    """Where playwright keeps the browsers that it installs."""
    if set_by_user := os.environ.get("PLAYWRIGHT_BROWSERS_PATH"):
        return Path(set_by_user)
    return Path.home() / ("Library/Caches" if sys.platform == "darwin" else ".cache") / "ms-playwright"


def install() -> None:
    """Install a Chromium: from the system's packages as root on Debian, else playwright's own."""
    if os.geteuid() == 0 and shutil.which("apt-get"):
        environment = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
        for words in ("update", "install -y --no-install-recommends chromium"):
            subprocess.run(["apt-get", "-qq", *words.split()], env=environment, stdout=subprocess.DEVNULL)
    else:
        subprocess.run([sys.executable, "-m", "playwright", "install", "chromium"])


def main() -> None:
    """Make sure that there is a browser; end with a message where there is none."""
    if os.environ.get("BROWSER") == "none":
        print("BROWSER=none: THE BROWSER TESTS ARE LEFT OUT.", file=sys.stderr)
        return
    named = os.environ.get("CHROMIUM")
    if find_browser() is None and named:
        sys.exit(f"CHROMIUM={named} names no program that can be run")
    if find_browser() is None:
        print("Installing Chromium for the browser tests.")
        install()
    if find_browser() is None:
        sys.exit(HELP)


if __name__ == "__main__":
    main()
