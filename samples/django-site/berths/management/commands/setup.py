"""manage.py setup: everything that a fresh copy of the sample needs before it is served."""

import hashlib
from datetime import timedelta
from decimal import Decimal
from pathlib import Path

import django
from django.conf import settings
from django.contrib.auth import get_user_model
from django.contrib.staticfiles.finders import get_finders
from django.core.management import BaseCommand, call_command
from django.db import connection, transaction
from django.db.migrations.executor import MigrationExecutor
from django.utils import timezone

from berths.models import Berth, Booking

ADMINISTRATOR, PASSWORD = "admin", "gangway"

BOATS = [
    ("Havørn", "11.4", "Ingrid Solberg"),
    ("Petrel", "9.8", "Tom Whitaker"),
    ("Étoile de mer", "12.6", "Maëlle Le Goff"),
    ("Seute Deern", "8.9", "Jan Petersen"),
    ("Kittiwake", "7.6", "Ailsa Drummond"),
    ("Vindrosa", "10.2", "Nils Eriksen"),
    ("Marjatta", "9.1", "Kaisa Lehtonen"),
    ("Blå Jungfrun", "13.5", "Sven Ahlgren"),
    ("Zeehond", "8.2", "Femke de Boer"),
    ("Annabel", "6.9", "Ruth Morgan"),
]


class Command(BaseCommand):
    help = (
        "Migrates the database, makes the demo administrator and the demo bookings, and collects"
        " the static files. Does only what is missing."
    )

    def handle(self, *args, **options):
        Path(settings.MEDIA_ROOT).mkdir(parents=True, exist_ok=True)
        Path(settings.DATABASES["default"]["NAME"]).parent.mkdir(parents=True, exist_ok=True)
        done = [
            what
            for step, what in (
                (self.migrate, "database migrated"),
                (self.add_administrator, f"administrator {ADMINISTRATOR} / {PASSWORD}"),
                (self.add_demo, "demo berths and bookings"),
                (self.collect_static, "static files collected"),
            )
            if step()
        ]
        self.stdout.write("; ".join(done) or "nothing to do")

    def migrate(self):
        executor = MigrationExecutor(connection)
        if not executor.migration_plan(executor.loader.graph.leaf_nodes()):
            return False
        call_command("migrate", interactive=False, verbosity=0)
        return True

    def add_administrator(self):
        users = get_user_model().objects
        if users.filter(username=ADMINISTRATOR).exists():
            return False
        users.create_superuser(ADMINISTRATOR, "harbour@example.org", PASSWORD)
        return True

    @transaction.atomic
    def add_demo(self):
        if Berth.objects.exists():
            return False
        berths = []
        for pier, count, length, price in (("N", 10, 14, 32), ("S", 8, 12, 27), ("G", 6, 10, 21)):
            for number in range(1, count + 1):
                berths.append(
                    Berth.objects.create(
                        pier=pier,
                        number=number,
                        length=Decimal(length) - Decimal(number % 3) / 2,
                        depth=Decimal("3.2") - Decimal(number % 4) / 5,
                        shore_power=pier != "G" or number < 4,
                        price=Decimal(price),
                    )
                )
        today = timezone.localdate()
        for index, berth in enumerate(berths[::2]):
            boat, length, skipper = BOATS[index % len(BOATS)]
            arrival = today + timedelta(days=index * 3 % 8 - 3)
            Booking.objects.create(
                berth=berth,
                boat=boat,
                boat_length=min(Decimal(length), berth.length),
                skipper=skipper,
                email=f"skipper{index}@example.org",
                arrival=arrival,
                departure=arrival + timedelta(days=2 + index % 5),
                state=Booking.State.REQUESTED if index % 4 == 3 else Booking.State.CONFIRMED,
            )
        return True

    def collect_static(self):
        marker = Path(settings.STATIC_ROOT, ".collected")
        state = self.static_state()
        if marker.exists() and marker.read_text(encoding="ascii") == state:
            return False
        call_command("collectstatic", interactive=False, verbosity=0)
        marker.write_text(state, encoding="ascii")
        return True

    def static_state(self):
        """Changes when Django or a static file of any application does."""
        digest = hashlib.sha256(f"{django.__version__} {settings.DEBUG}".encode("ascii"))
        for finder in get_finders():
            for path, storage in finder.list([]):
                stamp = storage.get_modified_time(path).timestamp()
                digest.update(f"{path} {storage.size(path)} {stamp}\n".encode())
        return digest.hexdigest()
