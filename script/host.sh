# Making the machine ready for guests, and taking that back: used by script/up and script/down. Sourced by bash, never run.
# shellcheck shell=bash

started=$state/started   # what script/up started, one thing a line, in order

remember() {
    mkdir -p "$state"
    grep -qxF "$*" "$started" 2>/dev/null || printf '%s\n' "$*" >>"$started"
}

# Sets road (system or session), uri, network: the options that a guest is created with.
choose_road() {
    network=()
    if [ "$(id -u)" = 0 ]; then
        road=system uri=qemu:///system
        if ! may_make_bridges; then
            network=(--network user)
            say '! no right to make network bridges here: guests get user networking'
        fi
    elif [ -w /run/libvirt/libvirt-sock ] && timeout 10 virsh --quiet --connect qemu:///system version >/dev/null 2>&1; then
        road=system uri=qemu:///system
    else
        road=session uri=qemu:///session network=(--network user)
        say "! not root: your own libvirt ($uri), user networking"
    fi
    export LIBVIRT_DEFAULT_URI=$uri
}

may_make_bridges() {
    ip link show virbr0 >/dev/null 2>&1 && return
    ip link add name inn-probe type bridge 2>/dev/null && ip link delete inn-probe
}

# --- daemons ----------------------------------------------------------------------------------------------------------

need_daemons() {
    if ! has_systemd && [ "$(id -u)" = 0 ]; then open_kvm; fi
    if reachable "$uri"; then
        say '✓ libvirt answers'
    elif has_systemd; then
        step 'start libvirt' start_units
    else
        step 'start virtlogd and libvirtd' start_daemons
    fi
}

active_units() {
    systemctl list-units --state=active --plain --no-legend 'libvirtd*' 'virt*d.service' 'virt*d*.socket' | cut -d ' ' -f 1 | sort
}

start_units() {
    local before
    before=$(active_units)
    if systemctl cat libvirtd.service >/dev/null 2>&1; then
        systemctl enable --now virtlogd.socket libvirtd.service
    else
        systemctl enable --now virtlogd.socket virtqemud.socket virtnetworkd.socket virtstoraged.socket \
            virtsecretd.socket virtnwfilterd.socket virtinterfaced.socket virtnodedevd.socket
    fi
    reachable qemu:///system
    # shellcheck disable=SC2046
    remember units $(comm -13 <(say "$before") <(active_units))
}

start_daemons() {
    local name
    mkdir -p /run/lock # where libvirt locks consoles (src/conf/virchrdev.c)
    for name in virtlogd libvirtd; do
        if ! running_daemon "$name"; then
            "$name" --daemon
            remember "process $name $(identity "$(cat "/run/$name.pid")")"
        fi
    done
    reachable qemu:///system
}

running_daemon() {
    local pid
    pid=$(cat "/run/$1.pid" 2>/dev/null) && [ "$(cat "/proc/$pid/comm" 2>/dev/null)" = "$1" ]
}

# udev gives /dev/kvm to group kvm. Where no udev runs, QEMU's user cannot open it, and libvirt 9.0 then asks QEMU anew
# what it can do before every start (13 s).
open_kvm() {
    local before
    [ -c /dev/kvm ] && getent group kvm >/dev/null || return 0
    before=$(stat -c '%a %U:%G' /dev/kvm)
    case $before in 66[0-7]' '*:kvm | 666' '*) return ;; esac
    remember "kvm $before"
    chgrp kvm /dev/kvm
    chmod 660 /dev/kvm
    say '✓ /dev/kvm belongs to group kvm'
}

# --- network and pool -------------------------------------------------------------------------------------------------

# is_active net|pool NAME. grep reads to the end: virsh, cut off, would fail the pipe.
is_active() { virsh --quiet "$1-list" --name | grep -E "^ *$2 *$" >/dev/null; }

is_autostarted() { virsh --quiet "$1-list" --all --autostart --name | grep -E "^ *$2 *$" >/dev/null; }

# A libvirtd that has just begun may be starting it at this moment.
start_network() { virsh --quiet net-start "$1" || { sleep 1 && is_active net "$1"; }; }

need_network_default() {
    if [ ${#network[@]} -gt 0 ]; then return; fi
    if ! virsh --quiet net-info default >/dev/null 2>&1; then
        step 'define network default' virsh --quiet net-define /usr/share/libvirt/networks/default.xml
    fi
    if is_active net default; then
        say '✓ network default is active'
        # A libvirtd of ours started it by itself.
        if grep -q '^process libvirtd ' "$started" 2>/dev/null; then remember network default; fi
    else
        step 'start network default' start_network default
        remember network default
    fi
    if ! is_autostarted net default; then
        virsh --quiet net-autostart default >/dev/null
        remember autostart "$uri" net default
    fi
}

need_pool_default() {
    if ! virsh --quiet pool-info default >/dev/null 2>&1; then
        mkdir -p "$1"
        step 'define pool default' virsh --quiet pool-define-as default dir --target "$1"
    fi
    if is_active pool default; then
        say '✓ pool default is active'
    else
        step 'start pool default' virsh --quiet pool-start default
    fi
    if ! is_autostarted pool default; then
        virsh --quiet pool-autostart default >/dev/null
        remember autostart "$uri" pool default
    fi
}

# --- the server --------------------------------------------------------------------------------------------------------

# Sets link. A server that runs already is taken as it is, whoever started it.
need_server() {
    local port=8006
    if link=$("$inn" token link 2>/dev/null); then
        say '✓ the server is running'
    else
        if (exec 3<>/dev/tcp/127.0.0.1/8006) 2>/dev/null; then port=0; fi # somebody else has it
        step 'start the server' start_server "$port"
        link=$("$inn" token link)
    fi
}

start_server() {
    local pid
    mkdir -p "$state"
    setsid "$inn" serve --port "$1" </dev/null >/dev/null 2>>"$state/server.log" &
    pid=$!
    for _ in $(seq 150); do
        if "$inn" token link >/dev/null 2>&1; then
            remember "server $(identity "$pid")"
            return
        fi
        if ! kill -0 "$pid" 2>/dev/null; then break; fi
        sleep 0.2
    done
    tail -n 3 "$state/server.log"
    return 1
}

# --- and back ---------------------------------------------------------------------------------------------------------

running_guests() { virsh --quiet --connect "$1" list --name 2>/dev/null | grep . || true; }

# end_process NAME PID START BOOT: ends it when it is still the one that was started.
end_process() {
    local name=$1 pid=$2 _
    shift
    if [ "$(identity "$pid")" != "$*" ]; then return; fi
    kill "$pid"
    for _ in $(seq 100); do
        if [ "$(identity "$pid")" != "$*" ]; then
            say "✓ $name ended"
            return
        fi
        sleep 0.1
    done
    fail "$name ($pid) does not end."
}
