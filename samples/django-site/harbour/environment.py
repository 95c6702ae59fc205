"""Settings that come from the process environment."""

import os


def text(name, default=""):
    """The variable, or the default when it is not set or empty."""
    return os.environ.get(name) or default


def flag(name, default=False):
    """Whether the variable says yes."""
    value = os.environ.get(name, "").strip().lower()
    if not value:
        return default
    if value in ("1", "true", "yes", "on"):
        return True
    if value in ("0", "false", "no", "off"):
        return False
    raise ValueError(f"{name} is {value!r}; set it to 1 or 0")


def words(name, default=()):
    """The variable as a list, separated by commas."""
    value = os.environ.get(name)
    if not value:
        return list(default)
    return [word.strip() for word in value.split(",") if word.strip()]
