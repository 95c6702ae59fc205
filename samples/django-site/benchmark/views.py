"""Views for measurements: each does one typical thing, so that servers can be compared."""

import hashlib
import time
from pathlib import Path

import django
from django import forms
from django.conf import settings
from django.http import (
    FileResponse,
    Http404,
    HttpResponse,
    JsonResponse,
    StreamingHttpResponse,
)
from django.shortcuts import render
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from berths.models import Berth

CHUNK = 64 * 1024
LINES = 100


class GuestForm(forms.Form):
    """Two fields, checked as those of any form."""

    boat = forms.CharField(max_length=40)
    nights = forms.IntegerField(min_value=1, max_value=30)


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


def form(request):
    """A form with a CSRF token; what is posted with it is checked and answered."""
    guest = GuestForm(request.POST or None)
    if guest.is_valid():
        text = "{boat} stays for {nights} nights\n".format(**guest.cleaned_data)
        return HttpResponse(text, content_type="text/plain")
    status = 400 if request.method == "POST" else 200
    return render(request, "benchmark/form.html", {"form": guest}, status=status)


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


def file(request, mebibytes):
    """benchmark/NUMBER.bin below MEDIA_ROOT, given to the server as wsgi.file_wrapper."""
    path = Path(settings.MEDIA_ROOT, "benchmark", f"{mebibytes}.bin")
    if not path.is_file():
        raise Http404(f"{path} is not there: benchmarks/run makes it")
    return FileResponse(path.open("rb"), content_type="application/octet-stream")


def stream(request):
    """A hundred chunks of a kibibyte, each given to the server by itself."""
    chunks = (b"%03d " % number + b"." * 1019 + b"\n" for number in range(LINES))
    return StreamingHttpResponse(chunks, content_type="text/plain")


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
