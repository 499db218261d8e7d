# Sourced by postgres.sh and rabbitmq.sh: functions that both need.
# shellcheck shell=bash

# Exit code of an error that a restart does not fix (EX_CONFIG of sysexits.h).
readonly hopeless=78

refuse() {
  printf '%s\n' "$*" >&2
  exit $hopeless
}

# own_directory DIRECTORY ACCOUNT SERVER: creates the directory, private to the account that the server runs as. Started as
# root a server runs as the account that its package created, since PostgreSQL refuses to run as root and nothing here should;
# started as anybody else it runs as that user. Sets `drop`, the arguments of setpriv that give up root's rights.
own_directory() {
  local directory=$1 account=$2 server=$3
  drop=()
  if [ "$(id -u)" -eq 0 ]; then
    id -u "$account" >/dev/null 2>&1 || refuse "There is no account '$account', which $server needs to run without root's rights. Its Debian package creates it: apt-get install $server"
    drop=(--reuid="$account" --regid="$account" --clear-groups)
    mkdir -p "$(dirname "$directory")" && install -d -m 700 -o "$account" -g "$account" "$directory" || refuse "$directory cannot be created."
    setpriv "${drop[@]}" test -x "$directory" || refuse "The account '$account' cannot enter $directory: a directory above it is closed to others. Choose another place for the data."
  else
    mkdir -p "$directory" || refuse "$directory cannot be created."
    [ -O "$directory" ] || refuse "$directory belongs to another user: this system was started before by somebody else (root?). Start it as that user, or remove the directory."
    chmod 700 "$directory"
  fi
}

# private_file FILE: writes standard input to a file that only the server's account can read.
private_file() {
  rm -f "$1"
  (umask 077 && cat >"$1") || refuse "$1 cannot be written."
  [ ${#drop[@]} -eq 0 ] || chown --reference="$(dirname "$1")" "$1"
}

# serve SIGNAL COMMAND…: runs the server as a child that gets SIGNAL when this script gets TERM, INT or HUP, and also when this
# script is killed (the parent-death signal). Ends with the server's exit code.
serve() {
  local signal=$1 code=0
  shift
  setpriv "${drop[@]}" --pdeathsig="$signal" -- "$@" </dev/null &
  server=$!
  trap 'kill -s "$signal" "$server" 2>/dev/null || true' TERM INT HUP
  while kill -0 "$server" 2>/dev/null; do
    code=0
    wait "$server" || code=$?
  done
  return "$code"
}
