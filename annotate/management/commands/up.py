"""`manage.py up`: the whole application on one machine."""

import shutil
import signal
from argparse import ArgumentParser
from functools import partial
from typing import Any

from django.conf import settings
from django.core.management import BaseCommand, CommandError, call_command
from django.db import connections

from annotate.demo.build import demo_password
from annotate.models import Campaign
from config import running
from config.boot import start_servers
from config.servers import ServerError
from config.supervisor import ProgramFailed, Supervisor

READY_SECONDS = 300


class Command(BaseCommand):
    """Translates: settings to programs, errors to messages, signals to an end."""

    help = "Start the servers, bring the database up to date, and run web, workers and beat until Ctrl-C."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--no-worker", action="store_true", help="run the web server only")
        parser.add_argument("--no-demo", action="store_true", help="make no demo campaign in an empty database")

    def handle(self, *args: Any, no_worker: bool, no_demo: bool, **options: Any) -> None:
        signal.signal(signal.SIGTERM, signal.default_int_handler)
        url = running.address(settings.HOST, settings.PORT)
        try:
            with running.only_one(settings.VAR, url):
                running.check_port(settings.HOST, settings.PORT)
                self._prepare(demo=not no_demo)
                self._run(url, workers=not no_worker)
        except KeyboardInterrupt:
            self.stderr.write("Stopped before everything was ready.")
        except (running.CannotRun, ServerError, ProgramFailed) as error:
            raise CommandError(str(error)) from error

    def _prepare(self, *, demo: bool) -> None:
        start_servers()
        call_command("migrate", interactive=False, verbosity=0)
        self._collect_static()
        if demo and (demo_password() or not Campaign.objects.exists()):
            call_command("demo", stdout=self.stdout, stderr=self.stderr)
        for connection in connections.all():
            connection.close()
            getattr(connection, "close_pool", lambda: None)()  # waiting needs no open connection

    def _collect_static(self) -> None:
        """Compressed, under their version; those of earlier versions go."""
        for entry in settings.STATIC_ROOT.parent.iterdir():
            if entry != settings.STATIC_ROOT:
                shutil.rmtree(entry, ignore_errors=True)
        if not settings.DEBUG:
            call_command("collectstatic", interactive=False, verbosity=0)

    def _run(self, url: str, *, workers: bool) -> None:
        with Supervisor(self.stderr.write, upkeep=start_servers) as supervisor:
            for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
                signal.signal(number, supervisor.ask_to_stop)
            supervisor.start(running.web(settings.HOST, settings.PORT, settings.WEB_WORKERS, settings.WEB_THREADS))
            if not supervisor.wait_until(partial(running.serves, url), "web", READY_SECONDS):
                return
            for program in running.background(settings.VAR) if workers else []:
                supervisor.start(program)
            self.stdout.write(f"Crosscheck is at {url}/  (press Ctrl-C to stop)")
            self.stdout.flush()
            supervisor.run()
            self.stdout.write("Stopping …")
