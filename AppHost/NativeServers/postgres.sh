#!/usr/bin/env bash
# postgres.sh DIRECTORY PORT [ARGUMENT…]
#
# Runs PostgreSQL of this machine in the foreground, on 127.0.0.1 only, with its cluster in DIRECTORY/data; creates it at
# the first start. POSTGRES_USER and POSTGRES_PASSWORD are those of the container image: the superuser of a new cluster.
# Each ARGUMENT goes to postgres as it is. Ends as postgres does; Exit code 78, with a sentence on stderr: it cannot start, and a retry will not help.
set -euo pipefail
. "$(dirname "${BASH_SOURCE[0]}")/server.sh"

directory=$1 port=$2
shift 2
data=$directory/data
# The oldest version that supports NULLS NOT DISTINCT and wal_compression=lz4.
readonly oldest=15

installed() {
  local each version
  for each in /usr/lib/postgresql/*/bin/postgres; do
    version=$(basename "$(dirname "$(dirname "$each")")")
    if [ -x "$each" ] && [ "$version" -ge $oldest ] 2>/dev/null; then echo "$version"; fi
  done | sort -n
}

versions=$(installed)
[ -n "$versions" ] || refuse "PostgreSQL $oldest or later is not installed. Install it (Debian: apt-get install postgresql)."
if [ -e "$data" ] && [ ! -r "$data" ]; then refuse "$data belongs to another user: this system was started before by somebody else (root?). Start it as that user, or remove the directory."; fi
if [ -f "$data/PG_VERSION" ]; then
  version=$(<"$data/PG_VERSION")
  grep -qx "$version" <<<"$versions" || refuse "The data in $data were written by PostgreSQL $version; installed here: ${versions//$'\n'/, }. Install postgresql-$version, or remove the data."
else
  version=$(tail -n 1 <<<"$versions")
fi
binaries=/usr/lib/postgresql/$version/bin
own_directory "$directory" postgres postgresql
clean=(env -i HOME="$directory" PATH=/usr/bin:/bin LANG=C.UTF-8 LC_ALL=C.UTF-8)
cd "$directory"

# Created in another directory and renamed when complete: an initdb that was killed leaves an incomplete cluster.
if [ ! -f "$data/PG_VERSION" ]; then
  rm -rf "$data.new"
  private_file "$directory/password" <<<"${POSTGRES_PASSWORD:?}"
  output=$(setpriv "${drop[@]}" "${clean[@]}" "$binaries/initdb" -D "$data.new" -U "${POSTGRES_USER:-postgres}" --pwfile="$directory/password" \
    --auth=scram-sha-256 -E UTF8 --no-locale --no-instructions 2>&1) || { rm -f "$directory/password"; refuse "PostgreSQL could not create its data in $data: $(grep -i -E 'error|fatal' <<<"$output" | tail -n 1)"; }
  rm -f "$directory/password"
  mv "$data.new" "$data"
fi

# Wait for the server of an earlier script that was killed: it may still be shutting down.
if [ -f "$data/postmaster.pid" ]; then
  earlier=$(head -n 1 "$data/postmaster.pid")
  for _ in {1..100}; do
    [ "$(cat "/proc/$earlier/comm" 2>/dev/null)" = postgres ] || break
    sleep 0.1
  done
fi

# No socket file: its path would have to stay under 100 bytes, and nobody uses it. wal_compression: the first change of a
# page after a checkpoint logs all of it; with "on" (pglz compression) each write would cost half as much again.
serve INT "${clean[@]}" "$binaries/postgres" -D "$data" -p "$port" \
  -c listen_addresses=127.0.0.1 -c unix_socket_directories= \
  -c shared_buffers=256MB -c wal_buffers=16MB -c max_wal_size=4GB -c checkpoint_timeout=15min -c wal_compression=lz4 \
  -c jit=off -c random_page_cost=1.1 -c max_parallel_workers_per_gather=0 -c logging_collector=off "$@"
