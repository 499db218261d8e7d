#!/usr/bin/env bash
# rabbitmq.sh DIRECTORY PORT DISTRIBUTION_PORT EPMD_PORT [VIRTUAL_HOST…]
#
# Runs RabbitMQ of this machine in the foreground, on 127.0.0.1 only, with its data in DIRECTORY. RABBITMQ_DEFAULT_USER and
# RABBITMQ_DEFAULT_PASS are those of the container image; the user may do everything in "/" and in each VIRTUAL_HOST.
# The package's wrapper in /usr/sbin changes the user, directory and log files, so the script behind it is run with
# all settings in the environment, and with its own epmd; otherwise Erlang would start one that never ends.
set -euo pipefail
. "$(dirname "${BASH_SOURCE[0]}")/server.sh"

directory=$1 port=$2 distribution=$3 epmd_port=$4
shift 4
program=/usr/lib/rabbitmq/bin/rabbitmq-server
for each in $program /usr/bin/epmd; do
  [ -e $each ] || refuse "RabbitMQ is not installed ($each is missing). Install it (Debian: apt-get install rabbitmq-server)."
done
user=${RABBITMQ_DEFAULT_USER:-guest} password=${RABBITMQ_DEFAULT_PASS:-guest}
for each in "$user" "$password" "$@"; do
  case $each in *[\"\\]*) refuse "User, password and virtual hosts of RabbitMQ cannot hold quotes or backslashes here." ;; esac
done

own_directory "$directory" rabbitmq rabbitmq-server
own_directory "$directory/home" rabbitmq rabbitmq-server # Erlang keeps its cookie there
cd "$directory"

# Applied at every start, so that user and virtual hosts are as configured here, whatever is stored in the data.
definitions() {
  local host hosts='{"name":"/"}' permissions
  permissions='{"user":"'$user'","vhost":"/","configure":".*","write":".*","read":".*"}'
  for host in "$@"; do
    hosts+=',{"name":"'$host'"}'
    permissions+=',{"user":"'$user'","vhost":"'$host'","configure":".*","write":".*","read":".*"}'
  done
  printf '{"users":[{"name":"%s","password":"%s","tags":"administrator"}],"vhosts":[%s],"permissions":[%s]}\n' "$user" "$password" "$hosts" "$permissions"
}
definitions "$@" | private_file "$directory/definitions.json"
private_file "$directory/rabbitmq.conf" <<TEXT
listeners.tcp.1 = 127.0.0.1:$port
load_definitions = $directory/definitions.json
log.console = true
log.file = false
vm_memory_high_watermark.absolute = 1GB
disk_free_limit.absolute = 200MB
TEXT
private_file "$directory/enabled_plugins" <<<'[].'
private_file "$directory/rabbitmq-env.conf" </dev/null

# The host in the node's name is always localhost: any other would have to be resolvable, and a changed machine name would
# hide the data. With a notification socket (that need not exist) RabbitMQ's script is replaced by the broker process (exec) instead of waiting for it.
clean=(env -i HOME="$directory/home" PATH=/usr/sbin:/usr/bin:/sbin:/bin LANG=C.UTF-8
  RABBITMQ_NODENAME=provisioning@localhost RABBITMQ_MNESIA_BASE="$directory/mnesia" RABBITMQ_LOG_BASE="$directory/log" RABBITMQ_LOGS=-
  RABBITMQ_CONFIG_FILE="$directory/rabbitmq.conf" RABBITMQ_ADVANCED_CONFIG_FILE="$directory/advanced.config"
  RABBITMQ_GENERATED_CONFIG_DIR="$directory/generated" RABBITMQ_CONF_ENV_FILE="$directory/rabbitmq-env.conf"
  RABBITMQ_ENABLED_PLUGINS_FILE="$directory/enabled_plugins" RABBITMQ_PID_FILE="$directory/rabbit.pid"
  RABBITMQ_DIST_PORT="$distribution" RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS="-kernel inet_dist_use_interface {127,0,0,1}"
  ERL_EPMD_PORT="$epmd_port" ERL_EPMD_ADDRESS=127.0.0.1 NOTIFY_SOCKET="$directory/notify")

# Wait for the broker of an earlier script that was killed: it and its epmd may still be shutting down.
listens() { (exec 3<>"/dev/tcp/127.0.0.1/$1") 2>/dev/null; }
for _ in {1..100}; do
  listens "$epmd_port" || listens "$distribution" || break
  sleep 0.1
done

setpriv "${drop[@]}" --pdeathsig=TERM -- "${clean[@]}" /usr/bin/epmd -port "$epmd_port" -address 127.0.0.1 </dev/null &
epmd=$!
for _ in {1..200}; do
  if listens "$epmd_port"; then break; fi
  kill -0 $epmd 2>/dev/null || refuse "epmd, which RabbitMQ needs, ended before it listened on port $epmd_port."
  sleep 0.05
done

code=0
serve TERM "${clean[@]}" $program || code=$?
kill $epmd 2>/dev/null || true
exit $code
