# shellcheck shell=bash
# A PostgreSQL with PostGIS for the tests alone: in a temporary folder, on a free port, gone afterwards.

PG_DIR=""
export POSTGIS_URL=""

# PostgreSQL refuses to run as root; Debian's package brings the user postgres.
as_postgres() {
    if [ "$(id -u)" -eq 0 ]; then setpriv --reuid postgres --regid postgres --clear-groups "$@"; else "$@"; fi
}

start_postgis() {
    PG_BIN="$(find /usr/lib/postgresql -maxdepth 2 -name bin 2>/dev/null | sort -V | tail -n 1)"
    [ -n "$PG_BIN" ] || die "PostgreSQL is missing: apt-get install postgresql-15 postgresql-15-postgis-3"
    local port
    port="$("$VENV/bin/python" -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')"
    PG_DIR="$(mktemp -d /tmp/gis-postgis-XXXXXX)"
    if [ "$(id -u)" -eq 0 ]; then chown postgres:postgres "$PG_DIR"; fi
    say "Starting PostgreSQL on port $port in $PG_DIR"
    (
        cd "$PG_DIR"
        as_postgres "$PG_BIN/initdb" -D "$PG_DIR/data" -U gis -A trust -E UTF8 --locale=C.UTF-8 >"$PG_DIR.log" 2>&1
        # Nothing here outlives the run, so nothing is synchronised to disk.
        as_postgres "$PG_BIN/pg_ctl" -D "$PG_DIR/data" -w -l "$PG_DIR/data/server.log" \
            -o "-p $port -h 127.0.0.1 -k $PG_DIR -c fsync=off -c full_page_writes=off -c synchronous_commit=off" \
            start >>"$PG_DIR.log" 2>&1
    ) || die "PostgreSQL did not start: $(tail -n 5 "$PG_DIR.log")"
    POSTGIS_URL="postgis://gis@127.0.0.1:$port/postgres"
}

stop_postgis() {
    [ -n "$PG_DIR" ] || return 0
    (cd / && as_postgres "$PG_BIN/pg_ctl" -D "$PG_DIR/data" -m immediate stop >/dev/null 2>&1) || true
    rm -rf "$PG_DIR" "$PG_DIR.log"
    PG_DIR=""
}
