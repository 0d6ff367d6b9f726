"""Settings: the environment decides, the defaults start on a laptop (see docs/deployment.md)."""

import os
from pathlib import Path
from typing import Any

from csp.constants import NONCE, NONE, SELF
from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext_lazy as _

from gis_projects import base_maps, env, native  # native first: wheels load before mod_spatialite

BASE_DIR = Path(__file__).resolve().parent.parent
VAR_DIR = Path(env.text("VAR_DIR", str(BASE_DIR / "var")))

# -- Core ----------------------------------------------------------------------------------
DEBUG = env.flag("DEBUG")
SECRET_KEY = env.text("SECRET_KEY")
if not SECRET_KEY:
    if not DEBUG:
        raise ImproperlyConfigured("Set SECRET_KEY (or SECRET_KEY_FILE), or DEBUG=1 on a laptop.")
    SECRET_KEY = "insecure-for-debugging-only"
ALLOWED_HOSTS = env.words("ALLOWED_HOSTS", "127.0.0.1,localhost,[::1]")
# Others than this machine can reach the site: the demonstration's printed password opens nothing then.
REACHABLE_FROM_ELSEWHERE = not DEBUG and not set(ALLOWED_HOSTS) <= env.LOOPBACK
CSRF_TRUSTED_ORIGINS = env.words("CSRF_TRUSTED_ORIGINS")
ROOT_URLCONF = "gis_projects.urls"
WSGI_APPLICATION = "gis_projects.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

INSTALLED_APPS = [
    "projects",
    "layers",
    "accounts",
    "gis_projects",
    "allauth.account",
    "allauth.mfa",
    "leaflet",
    "csp",
    "django_tasks",
    "django_tasks_db",
    "accounts.admin_app.OneDoorAdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.gis",
]

LOG_FORMAT = env.choice("LOG_FORMAT", ("plain", "json"))
MIDDLEWARE = [
    "gis_projects.http.middleware.RequestIdMiddleware",
    *(["gis_projects.http.request_log.RequestLogMiddleware"] if LOG_FORMAT == "json" else []),
    "gis_projects.http.headers.PermissionsPolicyMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "layers.tiles.hot.HotTilesMiddleware",
    "django.middleware.gzip.GZipMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "gis_projects.http.language.LanguageMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "accounts.sessions.StaffSessionMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "gis_projects.http.actor.ActorMiddleware",
    "gis_projects.http.headers.StaffPagesMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "csp.middleware.CSPMiddleware",
    "gis_projects.http.middleware.ProblemMiddleware",
    "gis_projects.http.ratelimit.SearchLimitMiddleware",
]

# -- Metrics ------------------------------------------------------------------------------------
# For Prometheus, never on the site's own address; each worker takes the next free port from the first on.
METRICS = env.private_address("METRICS_ADDRESS")
if METRICS is not None:
    INSTALLED_APPS.append("django_prometheus")
    MIDDLEWARE.insert(0, "django_prometheus.middleware.PrometheusBeforeMiddleware")
    MIDDLEWARE.append("django_prometheus.middleware.PrometheusAfterMiddleware")
    PROMETHEUS_METRICS_EXPORT_ADDRESS = METRICS[0]
    PROMETHEUS_METRICS_EXPORT_PORT_RANGE = range(METRICS[1], METRICS[1] + 16)
    PROMETHEUS_EXPORT_MIGRATIONS = False

TEMPLATES: list[dict[str, Any]] = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "projects.context.city",
            ],
        },
    },
]

# -- Database and native libraries ------------------------------------------------------------
DATABASES = {
    "default": env.database(env.text("DATABASE_URL", f"spatialite:///{VAR_DIR / 'db.sqlite3'}"))
}
SPATIALITE_LIBRARY_PATH = "mod_spatialite"
GDAL_LIBRARY_PATH = native.gdal_library_path()
GEOS_LIBRARY_PATH = native.geos_library_path()

# -- Accounts ------------------------------------------------------------------------------------
AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["accounts.backends.GuardedBackend"]
LOGIN_URL = "accounts:login"
LOGIN_REDIRECT_URL = "work"
LOGOUT_REDIRECT_URL = "home"
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 10},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "accounts.passwords.LocalWordsValidator"},
]
# What everybody here would try first, in lower case; a city adds its own name and its bureau's.
PASSWORD_WORDS = env.words(
    "PASSWORD_WORDS", "password,admin,administrator,planner,inspector,works,city,2022"
)
LOCKOUT_FAILURES = env.number("LOCKOUT_FAILURES", 10)  # wrong passwords …
LOCKOUT_WINDOW = env.number("LOCKOUT_WINDOW", 15 * 60)  # … within so many seconds
LOCKOUT_DURATION = env.number("LOCKOUT_DURATION", 15 * 60)  # seconds
# Seconds. A tablet is offline for a day and used every week; a desk is signed in to every morning.
SESSION_IDLE_INSPECTOR = env.number("SESSION_IDLE_INSPECTOR", 30 * 86_400)
SESSION_LIMIT_INSPECTOR = env.number("SESSION_LIMIT_INSPECTOR", 180 * 86_400)
SESSION_IDLE_OFFICE = env.number("SESSION_IDLE_OFFICE", 12 * 3_600)
SESSION_LIMIT_OFFICE = env.number("SESSION_LIMIT_OFFICE", 12 * 3_600)

# Whether planners and administrators must have a second factor ("office"), or anybody may.
SECOND_FACTOR = env.choice("SECOND_FACTOR", ("optional", "office"))
# django-allauth keeps and checks second factors; its own pages and everything about e-mail stay out.
MFA_ADAPTER = "accounts.factors.adapter.FactorAdapter"
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes", "webauthn"]
MFA_WEBAUTHN_USER_VERIFICATION = "required"
MFA_TOTP_TOLERANCE = 1  # time steps of 30 seconds that a clock may be wrong by
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*"]

# Requests and seconds: for each account, and for each address of the public, behind which a whole office may sit.
RATE_LIMITS = {
    "login": (env.number("RATE_LIMIT_LOGIN", 300), 60),
    "search": (env.number("RATE_LIMIT_SEARCH", 300), 60),
    "export": (env.number("RATE_LIMIT_EXPORT", 30), 60),
}
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.locmem.LocMemCache",
        "OPTIONS": {"MAX_ENTRIES": 20_000},
    },
    "tiles": env.tile_cache(VAR_DIR / "hot-tiles"),
}

# -- Slow work ------------------------------------------------------------------------------------
# Imports and the like are queued in the database and done by ``manage.py db_worker``.
TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}

# -- Language and time -----------------------------------------------------------------------------
LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", _("Chinese")), ("en", _("English"))]
LOCALE_PATHS = [BASE_DIR / "locale"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = env.text("TIME_ZONE", "Asia/Shanghai")

# -- Files ---------------------------------------------------------------------------------------------
STATIC_URL = "/static/"
STATIC_ROOT = VAR_DIR / "static"
STATICFILES_DIRS = [BASE_DIR / "static"]
MEDIA_ROOT = VAR_DIR / "media"
MEDIA_URL = "/media-is-served-by-views/"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": (
            "django.contrib.staticfiles.storage.StaticFilesStorage"
            if DEBUG
            else "gis_projects.http.staticfiles.ManifestStorage"
        )
    },
}
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
FILE_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
UPLOAD_QUOTA_BYTES = env.number(
    "UPLOAD_QUOTA_BYTES", 3 * 1024 * 1024 * 1024
)  # at hand, for each user
UPLOAD_MAX_BYTES = env.number("UPLOAD_MAX_BYTES", 200 * 1024 * 1024)
RASTER_MAX_BYTES = env.number(
    "RASTER_MAX_BYTES", 1024 * 1024 * 1024
)  # of one picture as it is sent
RASTER_MAX_PIXELS = env.number("RASTER_MAX_PIXELS", 1_000_000_000)
PHOTO_MAX_BYTES = env.number("PHOTO_MAX_BYTES", 25 * 1024 * 1024)
PHOTO_MAX_PIXELS = env.number("PHOTO_MAX_PIXELS", 60_000_000)
# Every file that comes in is read in a child process; each may cost so much (layers/quarantine/).
QUARANTINE_MEMORY_BYTES = env.number("QUARANTINE_MEMORY_BYTES", 2 << 30)
QUARANTINE_CPU_S = env.number("QUARANTINE_CPU_S", 300)
QUARANTINE_WALL_S = env.number("QUARANTINE_WALL_S", 600)
QUARANTINE_JOBS = env.number("QUARANTINE_JOBS", max(4, 2 * (os.cpu_count() or 1)))  # at once
QUARANTINE_WAIT_S = env.number("QUARANTINE_WAIT_S", 20)  # for one of them to end
QUARANTINE_STRICT = env.flag("QUARANTINE_STRICT")  # refuse files where the system lacks a wall
MEDIA_MIN_FREE_BYTES = env.number("MEDIA_MIN_FREE_BYTES", 500 * 1024 * 1024)  # below: not ready

# -- Base maps --------------------------------------------------------------------------------------------
# None unless named here (docs/deployment.md): pages may ask the hosts of these, and no others.
BASE_MAPS = [
    *base_maps.tianditu(env.text("TIANDITU_KEY"), env.text("TIANDITU_APPROVAL")),
    *base_maps.parse(env.text("BASE_MAPS")),
]
BASE_MAP = base_maps.chosen(env.text("BASE_MAP"), BASE_MAPS)

# -- Security --------------------------------------------------------------------------------------------
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = LANGUAGE_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = LANGUAGE_COOKIE_SAMESITE = "Lax"
CSRF_FAILURE_VIEW = "gis_projects.http.views.csrf_failure"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "object-src": [NONE],
        "script-src": [SELF, NONCE],
        "style-src": [SELF],
        "img-src": [SELF, "data:", "blob:", *base_maps.image_hosts(BASE_MAPS)],
        "font-src": [SELF],
        "connect-src": [SELF, *base_maps.connect_hosts(BASE_MAPS)],
        "manifest-src": [SELF],
        "worker-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
    }
}
BEHIND_HTTPS = env.flag("BEHIND_HTTPS")
if BEHIND_HTTPS:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    SECURE_SSL_REDIRECT = True
    SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$"]  # asked past the proxy, on this machine
    SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = LANGUAGE_COOKIE_SECURE = True
    # A browser takes such a name only from this very host, over HTTPS, for all of its paths.
    SESSION_COOKIE_NAME = "__Host-sessionid"
    CSRF_COOKIE_NAME = "__Host-csrftoken"
    LANGUAGE_COOKIE_NAME = "__Host-language"
    SECURE_HSTS_SECONDS = 31_536_000
    SECURE_HSTS_INCLUDE_SUBDOMAINS = True
# Browsers' preload lists bind a whole domain for years: its owner's to decide, not one site's on it.
SILENCED_SYSTEM_CHECKS = ["security.W021"]

# -- Map ------------------------------------------------------------------------------------------------------
# django-leaflet's own default is a tile server on the internet: none here, the city draws itself.
LEAFLET_CONFIG = {
    "TILES": [],
    "MINIMAP": False,
    "SCALE": "metric",
    "ATTRIBUTION_PREFIX": "",
    "RESET_VIEW": False,
    "NO_GLOBALS": False,
    "FORCE_IMAGE_PATH": False,
}

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "plain": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"},
        "json": {"()": "gis_projects.http.logs.JsonFormatter"},
    },
    "handlers": {
        "plain": {"class": "logging.StreamHandler", "formatter": "plain"},
        "json": {
            "class": "logging.StreamHandler",
            "formatter": "json",
            "stream": "ext://sys.stdout",
        },
    },
    "root": {"handlers": [LOG_FORMAT], "level": env.text("LOG_LEVEL", "INFO")},
}
