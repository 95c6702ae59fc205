"""What visitors and the harbour office fill in."""

from django import forms
from django.conf import settings
from django.template.defaultfilters import filesizeformat
from django.utils import timezone

from .models import Booking, Paper


class DateInput(forms.DateInput):
    input_type = "date"

    def __init__(self):
        # Browsers fill a date field from this form only, whatever the language.
        super().__init__(format="%Y-%m-%d")


class BookingForm(forms.ModelForm):
    class Meta:
        model = Booking
        fields = [
            "berth",
            "boat",
            "boat_length",
            "skipper",
            "email",
            "arrival",
            "departure",
            "message",
        ]
        widgets = {
            "arrival": DateInput(),
            "departure": DateInput(),
            "message": forms.Textarea(attrs={"rows": 4}),
        }

    def clean_arrival(self):
        arrival = self.cleaned_data["arrival"]
        if arrival < timezone.localdate():
            raise forms.ValidationError("The arrival is in the past.")
        return arrival


class PaperForm(forms.ModelForm):
    class Meta:
        model = Paper
        fields = ["title", "booking", "file"]

    def clean_file(self):
        file = self.cleaned_data["file"]
        if file.size > settings.LARGEST_PAPER:
            raise forms.ValidationError(
                f"The file has {filesizeformat(file.size)};"
                f" at most {filesizeformat(settings.LARGEST_PAPER)} are taken."
            )
        return file
