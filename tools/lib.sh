# shellcheck shell=bash
# What ./run and ./test share: saying what happens, Debian packages, the interpreter, the virtual environment.

ROOT="$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)"
VENV="${VENV:-$ROOT/.venv}"
VAR_DIR="${VAR_DIR:-$ROOT/var}"
STARTED=$SECONDS
export VAR_DIR

say() { printf '[%3ds] %s\n' "$((SECONDS - STARTED))" "$*"; }
fail() { printf 'error: %s\n' "$*" >&2; exit 1; }

# ensure_packages PACKAGE…: install what dpkg does not have; without root, name it and go on.
ensure_packages() {
    local package missing=()
    for package in "$@"; do
        dpkg-query -W -f='${Status}' "$package" 2>/dev/null | grep -q 'ok installed' || missing+=("$package")
    done
    [ ${#missing[@]} -eq 0 ] && return 0
    if [ "$(id -u)" -ne 0 ]; then
        say "Missing Debian packages (not root, so not installed): ${missing[*]}"
        return 1
    fi
    say "Installing Debian packages: ${missing[*]}"
    if ! { apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${missing[@]}"; } \
        >"$VAR_DIR/apt.log" 2>&1; then
        say "Could not install (no network?): ${missing[*]} - see $VAR_DIR/apt.log"
        return 1
    fi
}

loads_extensions() {
    "$1" -c 'import sqlite3, sys, venv, ensurepip
assert sys.version_info >= (3, 11)
sqlite3.connect(":memory:").enable_load_extension(True)' >/dev/null 2>&1
}

# find_python: SpatiaLite is a loadable SQLite extension, and many self-built Pythons (pyenv's) are compiled
# without support for those. Debian's has it.
find_python() {
    local candidate
    for candidate in "${PYTHON:-}" /usr/bin/python3 "$(command -v python3 || true)"; do
        [ -n "$candidate" ] && [ -x "$candidate" ] || continue
        if loads_extensions "$candidate"; then
            printf '%s\n' "$candidate"
            return 0
        fi
        say "$candidate is not used: older than 3.11, without venv, or built without loadable SQLite extensions" >&2
    done
    fail "no suitable Python; install Debian's: apt-get install python3 python3-venv"
}

# ensure_venv REQUIREMENTS: a virtual environment with exactly the pinned packages; skipped when unchanged.
ensure_venv() {
    local file="$1" stamp want python
    stamp="$VENV/.installed-$(basename "$file")"
    want="$(cat "$ROOT"/requirements*.txt | sha256sum)"
    [ -f "$stamp" ] && [ "$(cat "$stamp")" = "$want" ] && return 0
    if [ ! -x "$VENV/bin/python" ] || ! loads_extensions "$VENV/bin/python"; then
        python="$(find_python)"
        say "Creating the virtual environment with $python"
        "$python" -m venv --clear "$VENV"
    fi
    say "Installing Python packages from $(basename "$file")"
    "$VENV/bin/pip" install --quiet --disable-pip-version-check -r "$file" \
        || fail "Python packages could not be installed; is there a network?"
    printf '%s' "$want" >"$stamp"
}

# ensure_secret: the key that signs sessions, made once and kept below var/.
ensure_secret() {
    export SECRET_KEY_FILE="${SECRET_KEY_FILE:-$VAR_DIR/secret_key}"
    [ -s "$SECRET_KEY_FILE" ] && return 0
    (umask 077 && "$VENV/bin/python" -c 'import secrets; print(secrets.token_urlsafe(50))' >"$SECRET_KEY_FILE")
}

manage() { "$VENV/bin/python" "$ROOT/manage.py" "$@"; }

# once NAME INPUT… -- COMMAND…: run a step again only when one of its input files has changed.
once() {
    local name="$1" stamp want inputs=()
    shift
    while [ "$1" != "--" ]; do inputs+=("$1"); shift; done
    shift
    stamp="$VAR_DIR/stamps/$name"
    want="$(find "${inputs[@]}" -type f -not -name '*.mo' -not -name '*.pyc' -print0 | sort -z | xargs -0 sha256sum | sha256sum)"
    [ -f "$stamp" ] && [ "$(cat "$stamp")" = "$want" ] && return 0
    "$@"
    mkdir -p "$VAR_DIR/stamps"
    printf '%s' "$want" >"$stamp"
}
