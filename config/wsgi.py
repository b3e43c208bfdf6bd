"""The web application that the server process loads."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

application = get_wsgi_application()

from config import boot  # noqa: E402  (settings must be loaded first)

boot.start_servers()
