"""A Django site that shows what forms it got."""

import hashlib

from django.conf import settings

settings.configure(
    ALLOWED_HOSTS=["*"],
    DEFAULT_CHARSET="utf-8",
    ROOT_URLCONF=__name__,
    SECRET_KEY="only for tests",
)

import django  # noqa: E402

django.setup()

from django.core.wsgi import get_wsgi_application  # noqa: E402
from django.http import HttpResponse, HttpResponseNotFound, QueryDict  # noqa: E402
from django.urls import re_path  # noqa: E402


def form(request):
    fields = request.POST if request.method == "POST" else QueryDict(request.body)
    lines = [request.method, request.META.get("CONTENT_TYPE", "")]
    lines += ["%s=%s" % (name, ",".join(values)) for name, values in sorted(fields.lists())]
    for name, file in sorted(request.FILES.items()):
        digest = hashlib.sha256(file.read()).hexdigest()
        lines.append("%s: %s %d %s" % (name, file.name, file.size, digest))
    return HttpResponse("\n".join(lines), content_type="text/plain; charset=utf-8")


def missing(request):
    return HttpResponseNotFound("Nothing moored at " + request.path)


def fails(request):
    raise RuntimeError("This view always fails")


def failed(request):
    return HttpResponse("We are sorry", status=500)


handler500 = failed
urlpatterns = [re_path("^form$", form), re_path("^fails$", fails), re_path("", missing)]
application = get_wsgi_application()
