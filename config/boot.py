"""Starts the embedded servers for the process that asks, where the environment names no others."""

from django.conf import settings


def start_servers() -> None:
    """Makes the database and the broker available to this process; does nothing where both are elsewhere."""
    if settings.EMBEDDED_POSTGRES or settings.EMBEDDED_VALKEY:
        from config import servers

        servers.ensure(settings.VAR, postgres=settings.EMBEDDED_POSTGRES, valkey=settings.EMBEDDED_VALKEY)
