"""Berths, the bookings of them, and the papers that boats bring."""

import hashlib
import secrets

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import MinValueValidator
from django.db import models
from django.urls import reverse

# No letters and digits that are taken for one another on the telephone.
REFERENCE_ALPHABET = "ACDEFHJKLMNPRTUVWXY3479"


def new_reference():
    """A booking reference that nobody guesses."""
    return "".join(secrets.choice(REFERENCE_ALPHABET) for _ in range(8))


class Berth(models.Model):
    """A place at a pier where one boat can lie."""

    class Pier(models.TextChoices):
        NORTH = "N", "North pier"
        SOUTH = "S", "South pier"
        GUEST = "G", "Guest pontoon"

    pier = models.CharField(max_length=1, choices=Pier.choices)
    number = models.PositiveSmallIntegerField()
    length = models.DecimalField(
        "longest boat (m)", max_digits=4, decimal_places=1, validators=[MinValueValidator(1)]
    )
    depth = models.DecimalField("depth (m)", max_digits=3, decimal_places=1)
    shore_power = models.BooleanField(default=False)
    price = models.DecimalField("price per night (€)", max_digits=6, decimal_places=2)
    notes = models.TextField(blank=True)

    class Meta:
        ordering = ["pier", "number"]
        constraints = [
            models.UniqueConstraint(fields=["pier", "number"], name="one_berth_per_number")
        ]

    def __str__(self):
        return self.code

    @property
    def code(self):
        return f"{self.pier}{self.number}"

    def get_absolute_url(self):
        return reverse("berths:berth", kwargs={"pier": self.pier, "number": self.number})


class BookingQuerySet(models.QuerySet):
    def standing(self):
        """Without those that were cancelled."""
        return self.exclude(state=Booking.State.CANCELLED)

    def overlapping(self, arrival, departure):
        """Those that need the berth in a night between the days; a boat leaves by noon."""
        return self.standing().filter(arrival__lt=departure, departure__gt=arrival)

    def on(self, day):
        """Those whose boat lies here in the night after the day."""
        return self.standing().filter(arrival__lte=day, departure__gt=day)


class Booking(models.Model):
    """A boat's stay at a berth."""

    class State(models.TextChoices):
        REQUESTED = "requested", "Requested"
        CONFIRMED = "confirmed", "Confirmed"
        CANCELLED = "cancelled", "Cancelled"

    reference = models.CharField(
        max_length=8, unique=True, default=new_reference, editable=False
    )
    berth = models.ForeignKey(Berth, on_delete=models.PROTECT, related_name="bookings")
    boat = models.CharField("name of the boat", max_length=60)
    boat_length = models.DecimalField(
        "length of the boat (m)",
        max_digits=4,
        decimal_places=1,
        validators=[MinValueValidator(1)],
    )
    skipper = models.CharField(max_length=80)
    email = models.EmailField("e-mail")
    arrival = models.DateField()
    departure = models.DateField()
    message = models.TextField("message to the harbour office", blank=True, max_length=1000)
    state = models.CharField(
        max_length=9, choices=State.choices, default=State.REQUESTED
    )
    created = models.DateTimeField(auto_now_add=True)

    objects = BookingQuerySet.as_manager()

    class Meta:
        ordering = ["arrival", "berth"]
        indexes = [
            models.Index(fields=["arrival", "departure"], name="booking_days"),
        ]

    def __str__(self):
        return f"{self.boat} ({self.reference})"

    @property
    def nights(self):
        return (self.departure - self.arrival).days

    @property
    def total(self):
        return self.nights * self.berth.price

    def get_absolute_url(self):
        return reverse("berths:booking", kwargs={"reference": self.reference})

    def clean(self):
        if not (self.arrival and self.departure):
            return
        if self.departure <= self.arrival:
            raise ValidationError({"departure": "The departure must be after the arrival."})
        if self.berth_id is None:
            return
        if self.boat_length and self.boat_length > self.berth.length:
            raise ValidationError(
                {
                    "boat_length": f"Berth {self.berth} takes boats of up to"
                    f" {self.berth.length} m."
                }
            )
        if self.state != self.State.CANCELLED:
            rivals = self.berth.bookings.overlapping(self.arrival, self.departure)
            if rivals.exclude(pk=self.pk).exists():
                raise ValidationError(
                    {"berth": f"Berth {self.berth} is taken in some of these nights."}
                )


class Paper(models.Model):
    """A file that a boat brought, such as an insurance certificate, with its checksum."""

    title = models.CharField(max_length=120)
    booking = models.ForeignKey(
        Booking, on_delete=models.SET_NULL, null=True, blank=True, related_name="papers"
    )
    file = models.FileField(upload_to="papers/%Y/%m")
    name = models.CharField("file name", max_length=255, editable=False)
    size = models.BigIntegerField(editable=False)
    sha256 = models.CharField("SHA-256", max_length=64, editable=False)
    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, editable=False
    )
    uploaded = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["-uploaded", "-pk"]

    def __str__(self):
        return self.title

    def get_absolute_url(self):
        return reverse("berths:paper", kwargs={"pk": self.pk})

    def save(self, *args, **kwargs):
        # A file that is not committed is new: the storage does not have it yet.
        if self.file and not self.file._committed:
            self.name = self.file.name.rsplit("/", 1)[-1]
            self.size = self.file.size
            digest = hashlib.sha256()
            for chunk in self.file.chunks():
                digest.update(chunk)
            self.sha256 = digest.hexdigest()
        super().save(*args, **kwargs)
