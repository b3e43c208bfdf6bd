from django.apps import AppConfig


class RoutingConfig(AppConfig):
    name = "routing"
    verbose_name = "Routing"

    def ready(self) -> None:
        from routing import receivers  # noqa: F401  (connects them)
        from routing.verdicts_import import running  # noqa: F401  (adds what files may hold)
