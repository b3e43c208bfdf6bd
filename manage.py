#!/usr/bin/env python
"""Crosscheck's command line."""

import os
import sys

WITHOUT_SERVERS = {"help", "version", "--help", "--version", "collectstatic", "findstatic", "up"}
"""Commands that need no servers, and `up`, which starts them itself after its own checks."""


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    from django.core.management import execute_from_command_line

    if len(sys.argv) > 1 and sys.argv[1] not in WITHOUT_SERVERS and "--help" not in sys.argv:
        from config import boot

        boot.start_servers()
    execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
