"""The pages of the harbour."""

import csv
from datetime import date

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import FileResponse, JsonResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.templatetags.static import static
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_safe

from .forms import BookingForm, PaperForm
from .models import Berth, Booking, Paper


def piers_on(day):
    """Each pier with its berths; a berth knows the booking that holds it, or None."""
    held = {booking.berth_id: booking for booking in Booking.objects.on(day)}
    piers = {pier: [] for pier in Berth.Pier}
    for berth in Berth.objects.all():
        berth.held_by = held.get(berth.pk)
        piers[Berth.Pier(berth.pier)].append(berth)
    return [(pier.label, berths) for pier, berths in piers.items() if berths]


@require_safe
def favicon(request):
    """For browsers that ask for it on pages which name no icon, such as the administration's."""
    return redirect(static("berths/anchor.svg"), permanent=True)


@require_safe
def home(request):
    today = timezone.localdate()
    piers = piers_on(today)
    return render(
        request,
        "berths/home.html",
        {
            "today": today,
            "piers": piers,
            "free": sum(berth.held_by is None for _, berths in piers for berth in berths),
            "arrivals": Booking.objects.standing()
            .filter(arrival__gte=today)
            .select_related("berth")[:6],
        },
    )


@require_safe
def berth(request, pier, number):
    found = get_object_or_404(Berth, pier=pier, number=number)
    coming = found.bookings.standing().filter(departure__gte=timezone.localdate())
    return render(request, "berths/berth.html", {"berth": found, "coming": coming})


@require_http_methods(["GET", "HEAD", "POST"])
def book(request):
    if request.method == "POST":
        form = BookingForm(request.POST)
        if form.is_valid():
            booking = form.save()
            messages.success(request, "Thank you. The harbour office will confirm your stay.")
            return redirect(booking)
    else:
        form = BookingForm(initial={"berth": request.GET.get("berth")})
    return render(request, "berths/book.html", {"form": form})


@require_safe
def booking(request, reference):
    found = get_object_or_404(
        Booking.objects.select_related("berth"), reference=reference.upper()
    )
    return render(request, "berths/booking.html", {"booking": found})


@require_safe
@login_required
def office(request):
    today = timezone.localdate()
    bookings = Booking.objects.select_related("berth")
    return render(
        request,
        "berths/office.html",
        {
            "today": today,
            "requested": bookings.filter(state=Booking.State.REQUESTED),
            "present": bookings.on(today),
        },
    )


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def papers(request):
    form = PaperForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        paper = form.save(commit=False)
        paper.uploaded_by = request.user
        paper.save()
        messages.success(request, f"{paper.name} is filed.")
        return redirect(paper)
    return render(
        request,
        "berths/papers.html",
        {"form": form, "papers": Paper.objects.select_related("booking")[:50]},
    )


@require_safe
@login_required
def paper(request, pk):
    found = get_object_or_404(Paper.objects.select_related("booking", "uploaded_by"), pk=pk)
    return render(request, "berths/paper.html", {"paper": found})


@require_safe
@login_required
def paper_file(request, pk):
    found = get_object_or_404(Paper, pk=pk)
    # A file of the operating system: its length is told, and the server may send it by itself.
    return FileResponse(open(found.file.path, "rb"), as_attachment=True, filename=found.name)


class Line:
    """A file that gives back what is written, so that csv makes one line at a time."""

    def write(self, text):
        return text


def logbook_lines(bookings):
    write = csv.writer(Line()).writerow
    yield write(
        ["reference", "berth", "boat", "length", "skipper", "arrival", "departure", "state"]
    )
    for each in bookings.iterator(chunk_size=500):
        yield write(
            [
                each.reference,
                each.berth.code,
                each.boat,
                each.boat_length,
                each.skipper,
                each.arrival.isoformat(),
                each.departure.isoformat(),
                each.state,
            ]
        )


@require_GET
@login_required
def logbook(request):
    """Every booking as CSV, sent line by line while the database still reads."""
    return StreamingHttpResponse(
        logbook_lines(Booking.objects.select_related("berth")),
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": 'attachment; filename="logbook.csv"'},
    )


@require_safe
def api_berths(request):
    """The berths and whether they are free in the night after ?day=YYYY-MM-DD, default today."""
    asked = request.GET.get("day")
    try:
        day = date.fromisoformat(asked) if asked else timezone.localdate()
    except ValueError:
        return JsonResponse(
            {"error": f"day must be a date such as 2026-07-01, not {asked!r}"}, status=400
        )
    return JsonResponse(
        {
            "day": day.isoformat(),
            "berths": [
                {
                    "code": each.code,
                    "pier": pier,
                    "length": float(each.length),
                    "depth": float(each.depth),
                    "shore_power": each.shore_power,
                    "price": str(each.price),
                    "free": each.held_by is None,
                    "url": request.build_absolute_uri(each.get_absolute_url()),
                }
                for pier, berths in piers_on(day)
                for each in berths
            ],
        }
    )
