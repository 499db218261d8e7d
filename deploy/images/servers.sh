#!/usr/bin/env bash
# Makes stand-ins for the images of PostgreSQL and RabbitMQ out of Debian's packages, under the names that Aspire asks for, so
# that PROVISIONING_SERVERS=container can be shown where no image can be pulled. They honour the variables of the real
# images that the AppHost sets; their versions are Debian's. Needs root, podman and mmdebstrap.
set -euo pipefail
postgres_image=${POSTGRES_IMAGE:-docker.io/library/postgres:18.3}
rabbitmq_image=${RABBITMQ_IMAGE:-docker.io/library/rabbitmq:4.3}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# root_of NAME PACKAGE…: a root file system with these packages, from where this machine's own come.
root_of() {
  local name=$1 sources=(/etc/apt/sources.list /etc/apt/sources.list.d/*)
  shift
  for each in "${sources[@]}"; do [ ! -e "$each" ] || found+=("$each"); done
  mmdebstrap --quiet --variant=minbase --include="$(IFS=,; echo "$*")" bookworm "$work/$name.tar" "${found[@]}"
  podman import --quiet "$work/$name.tar" "localhost/$name-root"
}

# image NAME TAG USER PORT: the root file system with standard input as its entrypoint.
image() {
  mkdir -p "$work/$1"
  cat >"$work/$1/entrypoint"
  chmod 755 "$work/$1/entrypoint"
  printf 'FROM localhost/%s-root\nCOPY entrypoint /entrypoint\nUSER %s\nEXPOSE %s\nENTRYPOINT ["/entrypoint"]\n' "$1" "$3" "$4" >"$work/$1/Containerfile"
  podman build --quiet --tag "$2" "$work/$1"
}

found=()
root_of postgres postgresql
image postgres "$postgres_image" root 5432 <<'SH'
#!/bin/bash
set -e
data=${PGDATA:-/var/lib/postgresql/18/docker}
bin=$(ls -d /usr/lib/postgresql/*/bin | tail -n 1)
mkdir -p "$data" /run/postgresql
chown -R postgres "$data" /run/postgresql
if [ ! -s "$data/PG_VERSION" ]; then
  printf '%s' "$POSTGRES_PASSWORD" >/tmp/pw && chown postgres /tmp/pw
  setpriv --reuid=postgres --regid=postgres --clear-groups "$bin/initdb" -D "$data" -U "${POSTGRES_USER:-postgres}" --pwfile=/tmp/pw --auth=scram-sha-256 -E UTF8 --no-locale
  echo 'host all all all scram-sha-256' >>"$data/pg_hba.conf"
fi
rm -f /tmp/pw
[ "${1:-}" != postgres ] || shift
exec setpriv --reuid=postgres --regid=postgres --clear-groups "$bin/postgres" -D "$data" -c listen_addresses='*' "$@"
SH

found=()
root_of rabbitmq rabbitmq-server
image rabbitmq "$rabbitmq_image" root 5672 <<'SH'
#!/bin/bash
set -e
mkdir -p /var/lib/rabbitmq /var/log/rabbitmq /etc/rabbitmq
printf 'default_user = %s\ndefault_pass = %s\nloopback_users = none\nlog.console = true\nlog.file = false\n' "$RABBITMQ_DEFAULT_USER" "$RABBITMQ_DEFAULT_PASS" >/etc/rabbitmq/rabbitmq.conf
chown -R rabbitmq /var/lib/rabbitmq /var/log/rabbitmq /etc/rabbitmq
exec setpriv --reuid=rabbitmq --regid=rabbitmq --clear-groups env HOME=/var/lib/rabbitmq RABBITMQ_NODENAME="${RABBITMQ_NODENAME:-rabbit@localhost}" RABBITMQ_LOGS=- /usr/lib/rabbitmq/bin/rabbitmq-server
SH
echo "Made $postgres_image and $rabbitmq_image."
