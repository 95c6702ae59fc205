"""
Settings of the harbour, for Django 3.2 to 5.2.

Everything that differs between machines comes from the environment:

SECRET_KEY            otherwise a key that is made once and kept in DATA_DIR
DEBUG                 1 or 0, default 0
ALLOWED_HOSTS         host names, separated by commas; default this machine only
CSRF_TRUSTED_ORIGINS  origins with their scheme, separated by commas
DATA_DIR              database, uploads and collected files; default var/ beside manage.py
DATABASE              path of the SQLite file; default db.sqlite3 in DATA_DIR
MEDIA_ROOT            folder of the uploads; default media in DATA_DIR
STATIC_ROOT           where collectstatic puts its files; default static in DATA_DIR
STATIC_URL            where the server offers them; default static/ below the site
SINGLE_SIGN_ON        1 where the server logs users in, default 0
"""

import os
import sys
from pathlib import Path

import django

from . import environment, secret

BASE_DIR = Path(__file__).resolve().parent.parent
DATA_DIR = Path(os.path.abspath(environment.text("DATA_DIR", str(BASE_DIR / "var"))))

TESTING = "test" in sys.argv[1:2]
DEBUG = environment.flag("DEBUG")
SECRET_KEY = environment.text("SECRET_KEY") or secret.key(DATA_DIR / "secret-key")
ALLOWED_HOSTS = environment.words("ALLOWED_HOSTS", ["localhost", "127.0.0.1", "[::1]"])

CSRF_TRUSTED_ORIGINS = environment.words("CSRF_TRUSTED_ORIGINS")
if django.VERSION < (4, 0):
    # Hosts then, origins since.
    CSRF_TRUSTED_ORIGINS = [
        origin.split("://", 1)[-1] for origin in CSRF_TRUSTED_ORIGINS
    ]

INSTALLED_APPS = [
    "berths",
    "benchmark",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.humanize",
    "django.contrib.messages",
    "django.contrib.sessions",
    "django.contrib.staticfiles",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]

SINGLE_SIGN_ON = environment.flag("SINGLE_SIGN_ON")
if SINGLE_SIGN_ON:
    MIDDLEWARE.insert(
        MIDDLEWARE.index("django.contrib.auth.middleware.AuthenticationMiddleware") + 1,
        "harbour.sso.ServerUserMiddleware",
    )
    AUTHENTICATION_BACKENDS = ["harbour.sso.ServerUserBackend"]

ROOT_URLCONF = "harbour.urls"
WSGI_APPLICATION = "harbour.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
        },
    },
]

if SINGLE_SIGN_ON:
    TEMPLATES[0]["OPTIONS"]["context_processors"].append("harbour.sso.logout_button")

DATABASES = {
    "default": {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": environment.text("DATABASE", str(DATA_DIR / "db.sqlite3")),
        "CONN_MAX_AGE": 60,
        "OPTIONS": {"timeout": 20},
    }
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation." + name}
    for name in (
        "UserAttributeSimilarityValidator",
        "MinimumLengthValidator",
        "CommonPasswordValidator",
        "NumericPasswordValidator",
    )
]
LOGIN_URL = "login"
LOGIN_REDIRECT_URL = "berths:office"
LOGOUT_REDIRECT_URL = "berths:home"

LANGUAGE_CODE = "en"
TIME_ZONE = "Europe/Oslo"
USE_I18N = True
USE_TZ = True

MEDIA_ROOT = os.path.abspath(environment.text("MEDIA_ROOT", str(DATA_DIR / "media")))
LARGEST_PAPER = 1024 * 1024 * 1024

# Without a leading slash Django puts the place where the site is mounted before it.
STATIC_URL = environment.text("STATIC_URL", "static/")
STATIC_ROOT = os.path.abspath(environment.text("STATIC_ROOT", str(DATA_DIR / "static")))

# Names with a hash let the server send the files with a long life. Tests do without: they would
# need collectstatic first.
_static_storage = "django.contrib.staticfiles.storage." + (
    "StaticFilesStorage" if DEBUG or TESTING else "ManifestStaticFilesStorage"
)
if django.VERSION >= (4, 2):
    STORAGES = {
        "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
        "staticfiles": {"BACKEND": _static_storage},
    }
else:
    STATICFILES_STORAGE = _static_storage

# No handlers of our own: records go up to the root logger, where the server listens.
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "loggers": {"django": {"handlers": [], "level": "INFO"}},
}
