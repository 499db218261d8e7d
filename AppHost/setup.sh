# Sourced by ./run and ./test: sees to it that the machine has what the system needs.
# shellcheck shell=bash

fail() {
  printf '%s\n' "$*" >&2
  exit 1
}

# A build server that sets CI=true asks for a restore exactly by the lock files; for those who only want to run or test
# the system, a package that has to be resolved anew is no reason to refuse.
unset CI
export DOTNET_NOLOGO=1 DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_SKIP_FIRST_TIME_EXPERIENCE=1

# Compiled code would be mapped twice, which costs the AppHost a fifth of its memory and every process some of its start.
export DOTNET_EnableWriteXorExecute=0

# The SDK is the one thing that must be there. global.json says which one; the SDK checks that itself.
require_sdk() {
  if ! command -v dotnet >/dev/null && [ -x "$HOME/.dotnet/dotnet" ]; then
    export DOTNET_ROOT="$HOME/.dotnet" PATH="$HOME/.dotnet:$PATH"
  fi
  command -v dotnet >/dev/null || fail "The .NET SDK 10 is not installed. See https://dot.net/download, then start again."
  dotnet --version >/dev/null 2>&1 || fail "This needs the .NET SDK 10; installed: $(dotnet --list-sdks | cut -d' ' -f1 | paste -sd' '). See https://dot.net/download, then start again."
}

# install_missing PACKAGE:FILE… installs the Debian packages whose file (a pattern) is not there.
install_missing() {
  local missing=() each
  for each in "$@"; do compgen -G "${each#*:}" >/dev/null || missing+=("${each%%:*}"); done
  [ ${#missing[@]} -gt 0 ] || return 0

  local apt="apt-get install -y --no-install-recommends ${missing[*]}"
  command -v apt-get >/dev/null || fail "These are missing: ${missing[*]}. Here is no apt-get to install them; install them as Debian's packages do (files: $*)."
  local root=()
  if [ "$(id -u)" -ne 0 ]; then
    command -v sudo >/dev/null || fail "These are missing: ${missing[*]}. Ask somebody with root's rights to run: $apt"
    root=(sudo)
  fi
  echo "Installing ${missing[*]}, which the system needs:${root:+ sudo} $apt"
  "${root[@]}" apt-get update -qq || echo "The package lists could not be refreshed; going on with those that are there." >&2
  "${root[@]}" env DEBIAN_FRONTEND=noninteractive $apt -qq >/dev/null || fail "Installing ${missing[*]} failed; see above. By hand: ${root:+sudo }$apt"
  for each in "${missing[@]}"; do retire_service "$each" "${root[@]}"; done
}

# Debian starts a server of its own right after installing one. Nobody asked for that: this system runs its own, with
# other data and ports. So what this very installation has started is stopped again; what was there before is not touched.
retire_service() {
  local service=$1
  shift
  case $service in postgresql | rabbitmq-server) ;; *) return 0 ;; esac
  echo "Stopping the $service that Debian started with the package; this system runs its own."
  if [ -d /run/systemd/system ]; then
    "$@" systemctl disable --now --quiet "$service" || true
  elif [ -x "/etc/init.d/$service" ]; then
    "$@" "/etc/init.d/$service" stop >/dev/null 2>&1 || true
  fi
}

install_servers() {
  install_missing 'postgresql:/usr/lib/postgresql/*/bin/postgres' 'rabbitmq-server:/usr/lib/rabbitmq/bin/rabbitmq-server'
}

# build TARGET: quiet when it succeeds, complete when it fails, and skipped when nothing has changed since the last one:
# a build that finds nothing to do still takes seconds, which would be most of a warm start.
# The compiler server is one of this build's own and ends with it: it would otherwise stay for minutes, with 400 MB.
build() {
  local target=$1 server="provisioning-$$" stamp output built=true
  # The solution holds every project.
  for stamp in AppHost/obj/.built-Provisioning.sln "AppHost/obj/.built-$(basename "$target")"; do
    if [ -f "$stamp" ] && ! changed_since "$stamp"; then return 0; fi
  done
  echo "Building…"
  output=$(dotnet build "$target" --nologo -v quiet -nodeReuse:false -p:SharedCompilationId="$server" 2>&1) || built=false
  pkill -f "VBCSCompiler -pipename:$server\$" 2>/dev/null || true
  if [ $built = false ]; then
    printf '%s\n' "$output" >&2
    fail "The build failed, see above."
  fi
  touch "$stamp"
}

# A removed file changes its directory, so directories count as well; but not those that builds and editors write to.
changed_since() {
  [ -n "$(find . -mindepth 1 -type d \( -name bin -o -name obj -o -name TestResults -o -name '.*' \) -prune -o -newer "$1" -print -quit)" ]
}
