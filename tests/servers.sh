# Sourced by ./test: one PostgreSQL and one RabbitMQ for the length of a run, with data that go with them.
# shellcheck shell=bash

# start_servers VIRTUAL_HOST…: returns when both answer; exports where they are. Each test project has a virtual host.
start_servers() {
  local password postgres_port rabbit_port user=tests
  # Directly under /tmp: the servers' own accounts must be able to pass every directory above.
  servers=$(mktemp -d /tmp/provisioning-tests-XXXXXXXX)
  chmod 755 "$servers"
  password=$(od -An -N16 -tx1 /dev/urandom | tr -d ' \n')
  postgres_port=$(free_port)
  # The data need not outlive the run, so nothing waits for the disk.
  POSTGRES_USER=$user POSTGRES_PASSWORD=$password AppHost/NativeServers/postgres.sh "$servers/postgres" "$postgres_port" \
    -c max_connections=400 -c fsync=off -c synchronous_commit=off -c full_page_writes=off >"$servers/postgres.log" 2>&1 &
  postgres=$!
  rabbit_port=$(free_port)
  RABBITMQ_DEFAULT_USER=$user RABBITMQ_DEFAULT_PASS=$password AppHost/NativeServers/rabbitmq.sh "$servers/rabbitmq" "$rabbit_port" "$(free_port)" "$(free_port)" \
    "$@" >"$servers/rabbitmq.log" 2>&1 &
  rabbitmq=$!
  await_line postgres $postgres 'database system is ready to accept connections'
  await_line rabbitmq $rabbitmq 'Server startup complete'
  export PROVISIONING_TEST_POSTGRES="Host=127.0.0.1;Port=$postgres_port;Username=$user;Password=$password"
  export PROVISIONING_TEST_RABBITMQ="amqp://$user:$password@127.0.0.1:$rabbit_port"
}

stop_servers() {
  local each
  for each in "${postgres:-}" "${rabbitmq:-}"; do [ -z "$each" ] || kill "$each" 2>/dev/null || true; done
  for each in "${postgres:-}" "${rabbitmq:-}"; do [ -z "$each" ] || wait "$each" 2>/dev/null || true; done
  [ -z "${servers:-}" ] || rm -rf "$servers"
}

# await_line NAME PROCESS TEXT: until the server's log has it; says why when the server ends or takes more than 90 s.
await_line() {
  local n
  for ((n = 0; n < 900; n++)); do
    if grep -q "$3" "$servers/$1.log"; then return; fi
    kill -0 "$2" 2>/dev/null || fail "$1 ended while it started: $(tail -n 3 "$servers/$1.log")"
    sleep 0.1
  done
  fail "$1 did not start within 90 s: $(tail -n 3 "$servers/$1.log")"
}

# A port that nobody listens on, below those that Linux gives to outgoing connections.
free_port() {
  local port
  while :; do
    port=$((20000 + RANDOM % 12000))
    (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null || { echo "$port"; return; }
  done
}
