"""The well-behaved applications inside the reference checkers, whose warnings are errors."""

import warnings
from wsgiref.validate import validator

from werkzeug.middleware.lint import LintMiddleware

import conformance

warnings.simplefilter("error")

CHECKERS = {"plain": lambda checked: checked, "validated": validator, "linted": LintMiddleware}


def application(environ, start_response):
    """The path is CHECKER/APPLICATION and what is left for the application."""
    checker, name, rest = (environ["PATH_INFO"][1:] + "/").split("/", 2)
    environ["SCRIPT_NAME"] += "/%s/%s" % (checker, name)
    environ["PATH_INFO"] = "/" + rest.rstrip("/") if rest else ""
    return CHECKERS[checker](getattr(conformance, name))(environ, start_response)
