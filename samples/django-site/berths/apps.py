from django.apps import AppConfig
from django.db.backends.signals import connection_created


def use_write_ahead_log(connection, **_):
    """Lets readers and a writer work at once, which SQLite does only when asked."""
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA journal_mode = WAL")
            cursor.execute("PRAGMA synchronous = NORMAL")


class BerthsConfig(AppConfig):
    name = "berths"
    verbose_name = "Harbour"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self):
        connection_created.connect(
            use_write_ahead_log, dispatch_uid="berths.use_write_ahead_log"
        )
