"""Tide tables of the harbour, with Flask: a page, JSON, a form and a session."""

import math
import os
import secrets
from datetime import datetime, timedelta, timezone

from flask import Flask, abort, jsonify, redirect, render_template, request, session, url_for

# The moon's part of the tide, which is most of it here.
PERIOD = timedelta(hours=12, minutes=25, seconds=14)
HIGH_WATER = datetime(2024, 1, 1, 4, 40, tzinfo=timezone.utc)
UNITS = {"metres": 1.0, "feet": 3.28084}

application = Flask(__name__)
# Without a key that all workers share, each would refuse the sessions of the others.
application.secret_key = os.environ.get("SECRET_KEY") or secrets.token_hex(32)
application.config.update(SESSION_COOKIE_NAME="tides", SESSION_COOKIE_SAMESITE="Lax")


def level(moment):
    """Water level above chart datum, in metres."""
    phase = (moment - HIGH_WATER) / PERIOD
    return 1.4 + 1.1 * math.cos(2 * math.pi * phase)


def high_waters(moment, count):
    """The next times of high water."""
    passed = math.floor((moment - HIGH_WATER) / PERIOD)
    return [HIGH_WATER + (passed + number) * PERIOD for number in range(1, count + 1)]


@application.get("/")
def page():
    now = datetime.now(timezone.utc)
    unit = session.get("unit", "metres")
    return render_template(
        "tides.html",
        level=level(now) * UNITS[unit],
        unit=unit,
        units=UNITS,
        high_waters=high_waters(now, 4),
    )


@application.post("/unit")
def choose_unit():
    unit = request.form.get("unit", "")
    if unit not in UNITS:
        abort(400, f"The unit is one of {', '.join(UNITS)}, not {unit!r}.")
    session["unit"] = unit
    return redirect(url_for("page"))


@application.get("/level.json")
def level_json():
    at = request.args.get("at")
    try:
        moment = datetime.fromisoformat(at) if at else datetime.now(timezone.utc)
    except ValueError:
        abort(400, f"The time is written as 2026-07-01T12:00:00+00:00, not {at!r}.")
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=timezone.utc)
    return jsonify(at=moment.isoformat(), metres=round(level(moment), 3))
