# shellcheck shell=bash
# What ./run and ./test share. Sourced, never run; the caller stands in the root of the repository.

VENV=.venv
STARTED=$SECONDS
export VAR_DIR="${VAR_DIR:-$PWD/var}"
unset PROJ_DATA PROJ_LIB GDAL_DATA PYTHONPATH DJANGO_SETTINGS_MODULE
export PYTHONUNBUFFERED=1 PIP_DISABLE_PIP_VERSION_CHECK=1

say() { printf '%3ds  %s\n' "$((SECONDS - STARTED))" "$*"; }
die() { printf '\n%s\n' "$*" >&2; exit 1; }

# missing_packages NAME…: the Debian packages of these that are not installed, one a line.
missing_packages() {
    command -v dpkg-query >/dev/null || { printf '%s\n' "$@"; return; }
    local name
    for name in "$@"; do
        [[ $(dpkg-query -W -f '${db:Status-Status}' "$name" 2>/dev/null) == installed ]] || echo "$name"
    done
}

# install_packages NAME…: as root and with a network, else a sentence that says what to install.
# Goes on either way: what is truly needed is tried afterwards and refused with its own sentence.
install_packages() {
    local missing
    mapfile -t missing < <(missing_packages "$@")
    ((${#missing[@]})) || return 0
    if ((EUID != 0)); then
        say "Not root, so these packages are not installed for you: ${missing[*]}"
        say "Ask for: apt-get install ${missing[*]}"
        return 0
    fi
    say "Debian packages: ${missing[*]}"
    export DEBIAN_FRONTEND=noninteractive
    apt_install "${missing[@]}" || { apt-get -qq update && apt_install "${missing[@]}"; } ||
        say "apt could not install them (no network?). Still missing: $(missing_packages "$@" | xargs)"
}

apt_install() { apt-get -qq install -y --no-install-recommends "$@" >>"$VAR_DIR/apt.log" 2>&1; }

# probe PYTHON: silent when it will do; else a sentence that says why not.
probe() {
    "$1" - 2>/dev/null <<'PY' || echo "does not run"
import sqlite3, sys
if sys.version_info < (3, 11):
    sys.exit(print(f"is Python {sys.version_info[0]}.{sys.version_info[1]}; 3.11 or newer is needed"))
try:
    import ensurepip, venv
except ImportError:
    sys.exit(print("has no venv module; Debian's package is python3-venv"))
link = sqlite3.connect(":memory:")
if not hasattr(link, "enable_load_extension"):
    sys.exit(print("was built without loadable SQLite extensions, as pyenv's are; SpatiaLite needs them"))
link.enable_load_extension(True)
try:
    link.load_extension("mod_spatialite")
except sqlite3.OperationalError:
    sys.exit(print("finds no mod_spatialite; Debian's package is libsqlite3-mod-spatialite"))
PY
}

# choose_python: the first interpreter that can load SpatiaLite, into $PYTHON.
choose_python() {
    local candidate path reason refused=() seen=" "
    for candidate in "${PYTHON:-/usr/bin/python3}" /usr/bin/python3 python3.13 python3.12 python3.11 python3; do
        path=$(command -v "$candidate") || continue
        [[ $seen == *" $path "* ]] && continue
        seen+="$path "
        reason=$(probe "$path")
        if [[ -z $reason ]]; then
            PYTHON=$path
            return 0
        fi
        refused+=("  $path $reason")
        say "Not $path: it $reason"
    done
    die "No Python here will do:
$(printf '%s\n' "${refused[@]:-  none was found}")
On Debian 12: apt-get install python3 python3-venv libsqlite3-mod-spatialite"
}

# make_venv REQUIREMENTS: the virtual environment, with exactly the pinned packages; skipped when nothing changed.
make_venv() {
    local key stamp="$VENV/.${1%.txt}"
    key=$(cat requirements*.txt | sha256sum)
    [[ -x $VENV/bin/python && -f $stamp && $(<"$stamp") == "$key" ]] && return 0
    if ! "$VENV/bin/python" -c 'import sqlite3; sqlite3.Connection.enable_load_extension' 2>/dev/null; then
        choose_python
        say "Virtual environment with $PYTHON ($("$PYTHON" --version))"
        rm -rf "$VENV"
        "$PYTHON" -m venv "$VENV" || die "$PYTHON could not make $PWD/$VENV."
    fi
    say "Python packages of $1"
    "$VENV/bin/pip" install -q --only-binary :all: -r "$1" ||
        die "pip could not install $1; its own words stand above. With no network, copy a .venv from a like machine."
    echo "$key" >"$stamp"
}

# compile_messages: the catalogues, when one is newer than what was made of it.
compile_messages() {
    local po
    for po in locale/*/LC_MESSAGES/*.po; do
        [[ -f $po && ! ${po%.po}.mo -nt $po ]] || continue
        command -v msgfmt >/dev/null || die "msgfmt is missing: apt-get install gettext"
        say "Translations: $po"
        msgfmt -o "${po%.po}.mo" "$po"
    done
}

# port_is_free PORT: on the loopback address.
port_is_free() { ! (exec 3<>"/dev/tcp/127.0.0.1/$1") 2>/dev/null; }
