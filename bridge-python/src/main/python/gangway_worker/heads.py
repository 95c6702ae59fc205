"""Checks what start_response is called with, where the application can see the failure."""

import re

_STATUS = re.compile(r"[1-9][0-9]{2} [^\x00-\x1f\x7f]*")
_NAME = re.compile(r"[!#$%&'*+\-.^_`|~0-9A-Za-z]+")
_CONTROL = re.compile(r"[\x00-\x1f\x7f]")
_CONTROLS = bytes(range(0x20)) + b"\x7f"
_HOP_BY_HOP = frozenset(
    (
        "connection",
        "keep-alive",
        "proxy-authenticate",
        "proxy-authorization",
        "te",
        "trailer",
        "trailers",
        "transfer-encoding",
        "upgrade",
    )
)

#: What has been found right; bounded, since an application may make names and reasons up.
_known_names = {}
_known_statuses = {}
_KNOWN_LIMIT = 1000


def _check_status(status):
    """Returns whether the status forbids a body, or raises."""
    if not isinstance(status, str):
        raise TypeError("the status must be a str, not %s" % type(status).__name__)
    if not _STATUS.fullmatch(status):
        raise ValueError("%r is not a status: three digits, a space and a reason" % status)
    code = status[:3]
    bodyless = code[0] == "1" or code in ("204", "304")
    if len(_known_statuses) < _KNOWN_LIMIT:
        _known_statuses[status] = bodyless
    return bodyless


def _check_name(name):
    """Returns the name in lower case, or raises."""
    if not isinstance(name, str):
        raise TypeError("a header's name must be a str, not %s" % type(name).__name__)
    if not _NAME.fullmatch(name):
        raise ValueError("%r is not a header name (RFC 9110, section 5.1)" % name)
    lower = name.lower()
    if lower in _HOP_BY_HOP:
        raise ValueError("%s is a hop-by-hop header, which is the server's to send" % name)
    if len(_known_names) < _KNOWN_LIMIT:
        _known_names[name] = lower
    return lower


def _check_value(name, value):
    if not isinstance(value, str):
        raise TypeError("the value of %s must be a str, not %s" % (name, type(value).__name__))
    if _CONTROL.search(value):
        raise ValueError("the value of %s holds a control character: %r" % (name, value))
    try:
        value.encode("latin-1")
    except UnicodeEncodeError:
        raise ValueError(
            "the value of %s holds a character that is not latin-1: %r" % (name, value)
        ) from None


class Head:
    """Status and headers.

    ``encoded`` is what the parent gets: status, names and values separated by NUL, in latin-1.
    ``length`` is the declared Content-Length or None; ``bodyless`` tells that the status forbids a
    body.
    """

    __slots__ = ("encoded", "length", "bodyless")

    def __init__(self, status, headers):
        bodyless = _known_statuses.get(status) if type(status) is str else None
        self.bodyless = _check_status(status) if bodyless is None else bodyless
        if not isinstance(headers, list):
            raise TypeError("the headers must be a list, not %s" % type(headers).__name__)
        self.length = None
        fields = [status]
        for item in headers:
            if not isinstance(item, tuple) or len(item) != 2:
                raise TypeError("a header must be a tuple of name and value, not %r" % (item,))
            name, value = item
            lower = _known_names.get(name) or _check_name(name)
            if lower == "content-length":
                self.length = self._length(value)
            fields += item
        try:
            self.encoded = encoded = "\0".join(fields).encode("latin-1")
            # Nothing between the fields' separators is a control character.
            right = len(encoded) - len(encoded.translate(None, _CONTROLS)) == 2 * len(headers)
        except (TypeError, UnicodeEncodeError):
            right = False
        if not right:
            for name, value in headers:
                _check_value(name, value)
            raise ValueError("the status %r is not latin-1" % status)

    @staticmethod
    def _length(value):
        if not isinstance(value, str) or not value.isascii() or not value.isdigit():
            raise ValueError("Content-Length must be a decimal number: %r" % (value,))
        return int(value)

    def add_length(self, length):
        """Declares a Content-Length."""
        self.length = length
        self.encoded += b"\0Content-Length\0%d" % length
