"""Finds the application that a setting names."""

import functools
import importlib
import inspect


def load(name):
    """Imports ``module:callable``, ``module`` (meaning ``module:application``) or
    ``module:factory()``, as gunicorn does; the callable may be an attribute's attribute.

    Raises ImportError, AttributeError or TypeError with a sentence that names the setting.
    """
    module_name, _, attribute = name.partition(":")
    attribute = attribute.strip() or "application"
    factory = attribute.endswith("()")
    if factory:
        attribute = attribute[:-2]
    if not module_name or not all(part.isidentifier() for part in attribute.split(".")):
        raise ImportError(
            "%r does not name an application: use module:callable, module or module:factory()"
            % name
        )
    found = importlib.import_module(module_name)
    for part in attribute.split("."):
        try:
            found = getattr(found, part)
        except AttributeError:
            raise AttributeError("module %r has no %r, which %r names" % (module_name, part, name))
    if factory:
        found = found()
    if not callable(found):
        raise TypeError("%r is a %s, which cannot be called" % (name, type(found).__name__))
    return found


def is_asgi(application):
    """Whether a callable is an application of ASGI 3.0, and not of WSGI."""
    while isinstance(application, functools.partial):
        application = application.func
    if inspect.isclass(application):
        return hasattr(application, "__await__")
    return inspect.iscoroutinefunction(application) or inspect.iscoroutinefunction(
        getattr(application, "__call__", None)
    )
