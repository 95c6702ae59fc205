"""Views for measurements: each does one typical thing, so that servers can be compared."""

import hashlib
import time

import django
from django.http import HttpResponse, JsonResponse
from django.shortcuts import render
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from berths.models import Berth

CHUNK = 64 * 1024


def plain(request):
    """A dozen bytes: what the framework and the server cost."""
    return HttpResponse("Hello, harbour\n", content_type="text/plain")


def table(request):
    """A template with 50 rows, without the database."""
    rows = [
        {"number": number, "boat": f"Boat {number}", "nights": number % 9 + 1}
        for number in range(50)
    ]
    return render(request, "benchmark/table.html", {"rows": rows})


def row(request):
    """One row read from SQLite."""
    berth = Berth.objects.order_by().first()
    return HttpResponse(f"{berth}: {berth and berth.length} m\n", content_type="text/plain")


def json(request):
    """A small JSON document."""
    return JsonResponse({"message": "Hello, harbour", "numbers": list(range(10))})


@csrf_exempt
@require_POST
def upload(request):
    """Reads the raw body in parts and tells its length and SHA-256."""
    digest = hashlib.sha256()
    length = 0
    while chunk := request.read(CHUNK):
        digest.update(chunk)
        length += len(chunk)
    return JsonResponse({"length": length, "sha256": digest.hexdigest()})


def wait(request):
    """Sleeps for ?ms= milliseconds, 200 if not given, 60 000 at most."""
    milliseconds = min(int(request.GET.get("ms", "200")), 60_000)
    time.sleep(milliseconds / 1000)
    return HttpResponse(f"waited {milliseconds} ms\n", content_type="text/plain")


def fail(request):
    """Fails as an application with a mistake does, which shows the page for status 500."""
    raise RuntimeError("This view always fails")


def version(request):
    """Which Django runs."""
    return HttpResponse(django.__version__, content_type="text/plain")
