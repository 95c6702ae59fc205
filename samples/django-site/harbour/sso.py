"""
Single sign-on: whoever is logged in at the server is logged in here.

Settings switch it on with SINGLE_SIGN_ON=1. The server tells the user in REMOTE_USER and the roles in
gangway.authorities, neither of which a client can write. Who has the role ADMIN there administers this site.
"""

from urllib.parse import unquote

from django.contrib.auth.backends import RemoteUserBackend
from django.contrib.auth.middleware import RemoteUserMiddleware

ADMINISTRATOR = "ROLE_ADMIN"


def authorities(request):
    """The roles of the user, and what else the server has granted."""
    value = request.META.get("gangway.authorities", "")
    return {unquote(authority) for authority in value.split(",") if authority}


class ServerUserBackend(RemoteUserBackend):
    """Makes a user at the first visit."""

    def clean_username(self, username):
        # Strings of WSGI hold a byte in each character.
        return username.encode("latin-1").decode()


class ServerUserMiddleware(RemoteUserMiddleware):
    """Logs the server's user in, and out when the server does not know one any more."""

    def process_request(self, request):
        super().process_request(request)
        if self.header not in request.META or not request.user.is_authenticated:
            return
        user = request.user
        administrator = ADMINISTRATOR in authorities(request)
        if user.is_staff != administrator or user.is_superuser != administrator:
            user.is_staff = user.is_superuser = administrator
            user.save(update_fields=["is_staff", "is_superuser"])


def logout_button(request):
    """For templates: where and with what a form logs out at the server."""
    keys = ("url", "parameter", "token")
    values = {key: request.META.get("harbour.logout_" + key) for key in keys}
    return {"server_logout": values if all(values.values()) else None}
