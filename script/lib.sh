# Words, steps, packages and processes for the entry points beside it. Sourced by bash, never run.
# shellcheck shell=bash
set -euo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
# What these scripts remember of this checkout.
state=${INNKEEPER_CHECKOUT_STATE:-$root/.state}
inn=$root/.venv/bin/inn
PATH=$PATH:/usr/local/sbin:/usr/sbin:/sbin

say() { printf '%s\n' "$*"; }
fail() {
    printf '%s\n' "$@" >&2
    exit 1
}
now() { date +%s%N; }
elapsed() { local ms=$((($(now) - $1) / 1000000)); printf '%d.%d s' $((ms / 1000)) $((ms % 1000 / 100)); }

# step NAME COMMAND…: runs it quietly; a terminal sees its last line live, everyone its name, its time, and why it failed.
step() {
    local name=$1 began log pid
    shift
    began=$(now)
    mkdir -p "$state"
    log=$(mktemp "$state/step.XXXXXX")
    [ -t 1 ] || printf '· %s …\n' "$name"
    "$@" >"$log" 2>&1 </dev/null &
    pid=$!
    if [ -t 1 ]; then
        while kill -0 "$pid" 2>/dev/null; do
            printf '\r\033[K· %s … %s' "$name" "$(tail -n 1 "$log" | tr -cd '[:print:]' | cut -c1-60)"
            sleep 0.2
        done
        printf '\r\033[K'
    fi
    if wait "$pid"; then
        printf '✓ %s (%s)\n' "$name" "$(elapsed "$began")"
        rm -f "$log"
    else
        printf '✗ %s (%s). It said:\n' "$name" "$(elapsed "$began")" >&2
        tail -n 25 "$log" >&2
        rm -f "$log"
        exit 1
    fi
}

# loud NAME COMMAND…: the same for a command that shows its own progress.
loud() {
    local name=$1 began
    shift
    began=$(now)
    printf '· %s …\n' "$name"
    "$@" </dev/null || fail "✗ $name ($(elapsed "$began"))"
    printf '✓ %s (%s)\n' "$name" "$(elapsed "$began")"
}

# --- packages ---------------------------------------------------------------------------------------------------------

# The distribution's package manager, or nothing when it is none that we know.
package_manager() {
    local manager
    for manager in apt-get dnf zypper; do
        if command -v "$manager" >/dev/null; then
            printf '%s' "$manager"
            return
        fi
    done
}

# packages_for MANAGER PURPOSE…: the packages of this processor, one a line.
packages_for() {
    local list=$root/src/innkeeper/doctor/packages/${1%-get}.list purpose processor package rest
    shift
    # shellcheck disable=SC2034
    while read -r purpose processor package rest; do
        case " $* " in *" $purpose "*) ;; *) continue ;; esac
        case $processor in any | "$(uname -m)") printf '%s\n' "$package" ;; esac
    done <"$list"
}

# missing_packages MANAGER PURPOSE…: those of them that are not installed.
missing_packages() {
    local wanted installed
    wanted=$(packages_for "$@" | sort -u)
    case $1 in
        apt-get)
            # shellcheck disable=SC2086
            installed=$(dpkg-query -W -f '${Package} ${db:Status-Status}\n' $wanted 2>/dev/null |
                sed -n 's/ installed$//p' | sort -u || true)
            ;;
        *)
            # shellcheck disable=SC2086
            installed=$(for package in $wanted; do rpm -q --whatprovides "$package" >/dev/null && say "$package"; done || true)
            ;;
    esac
    comm -23 <(say "$wanted") <(say "$installed")
}

# install_command MANAGER: what an administrator types before the names.
install_command() {
    case $1 in
        apt-get) say apt-get install --yes --no-install-recommends ;;
        dnf) say dnf install --assumeyes --setopt=install_weak_deps=False ;;
        zypper) say zypper --non-interactive install --no-recommends ;;
    esac
}

# --- processes --------------------------------------------------------------------------------------------------------

# identity PID: `pid start-time boot`, which no other process ever has; nothing when there is none.
identity() {
    local stat
    stat=$(cat "/proc/$1/stat" 2>/dev/null) || return 0
    # shellcheck disable=SC2086
    set -- "$1" ${stat##*) }
    if [ "$2" = Z ]; then return 0; fi   # ended, and only not yet noticed by its parent
    printf '%s %s %s' "$1" "${21}" "$(cat /proc/sys/kernel/random/boot_id)"
}

has_systemd() { [ -d /run/systemd/system ]; }

# reachable URI: whether libvirt answers there, and to us.
reachable() { virsh --quiet --connect "$1" version >/dev/null 2>&1; }
