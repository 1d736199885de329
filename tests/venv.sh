#!/usr/bin/env bash
# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
#
# Builds the virtual environment that the demo and the tests run in; called by `make venv`.
#   tests/venv.sh DIR     PYTHON=python3.13 chooses the interpreter; by default the first that is 3.11 or newer.
#                         ANSIBLE_CORE=2.20 (or devel) chooses the branch of ansible-core; by default the newest.
# Does nothing when DIR was already built from the same requirements.
set -euo pipefail
cd "$(dirname "$0")/.."
venv=${1:?usage: tests/venv.sh DIR}
log=$venv/setup.log

usable() { "$1" -c 'import ensurepip, sys, venv; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1; }

find_python() {
  local candidate
  for candidate in ${PYTHON:-python3.11 python3.12 python3.13 python3.14 python3}; do
    if usable "$candidate"; then
      command -v "$candidate"
      return
    fi
  done
  echo "No usable Python${PYTHON:+: $PYTHON is not one}. Python 3.11 or newer with the venv module is needed" \
    "(on Debian and Ubuntu: apt install python3 python3-venv)." >&2
  exit 1
}

# The names in bindep.txt that concern Debian and Ubuntu and are not installed yet.
missing_packages() {
  local name
  sed -n 's/^\([a-z0-9.+-]*\) .*platform:dpkg \(compile\|lab\).*/\1/p' bindep.txt | while read -r name; do
    if [ "$name" = python3-dev ] && "$python" -c 'import os, sysconfig, sys
sys.exit(not os.path.exists(os.path.join(sysconfig.get_paths()["include"], "Python.h")))'; then
      continue
    fi
    dpkg-query -W -f '${Status}' "$name" 2>/dev/null | grep -q 'ok installed' || echo "$name"
  done
}

install_packages() {
  command -v dpkg-query >/dev/null || return 0
  local missing
  missing=$(missing_packages | tr '\n' ' ')
  [ -n "$missing" ] || return 0
  if [ "$(id -u)" -eq 0 ]; then
    echo "Installing with apt what bindep.txt lists: $missing"
    { apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $missing; } \
      >>"$log" 2>&1 || echo "apt could not install them (see $log)."
  else
    echo "Not installed: ${missing% } (sudo apt install ${missing% }). Without compilers and headers the pure-Python SNMP" \
      "backend serves; without the others the tests of discovery are skipped."
  fi
}

# net-snmp's agent, for tests. Unpacked and not installed: that would start it, and needs no rights so.
unpack_snmpd() {
  [ ! -x /usr/sbin/snmpd ] && command -v dpkg-deb >/dev/null || return 0
  local folder
  folder=$(mktemp -d)
  download() { (cd "$folder" && apt-get download -q snmpd); }
  if { download || { [ "$(id -u)" -eq 0 ] && apt-get update -qq && download; }; } >>"$log" 2>&1; then
    dpkg-deb -x "$folder"/snmpd_*.deb "$venv/snmpd"
  fi
  "$venv/snmpd/usr/sbin/snmpd" -v >/dev/null 2>&1 ||
    echo "net-snmp's agent cannot be had here (see $log): the tests that need it are skipped."
  rm -rf "$folder"
}

# ANSIBLE_CORE as a requirement of pip; nothing where it is not set.
ansible_core() {
  case ${ANSIBLE_CORE:-} in
    "") ;;
    devel) echo "ansible-core @ https://github.com/ansible/ansible/archive/devel.tar.gz" ;;
    [0-9].[0-9]*) echo "ansible-core~=$ANSIBLE_CORE.0" ;;
    *) echo "ANSIBLE_CORE=$ANSIBLE_CORE is not a branch of ansible-core, such as 2.20 or devel." >&2 && return 1 ;;
  esac
}

# Two at once would spoil each other's work: the second waits, and finds the work done.
if command -v flock >/dev/null; then
  mkdir -p .build
  exec 9>.build/venv.lock
  flock --nonblock 9 || { echo "Another make is building the environment; waiting for it ..."; flock 9; }
fi

python=$(find_python)
core=$(ansible_core)
stamp=$venv/.built
wanted=$(cat requirements.txt tests/requirements.txt bindep.txt tests/venv.sh | sha256sum; "$python" --version; echo "$core")
if [ -f "$stamp" ] && [ "$(cat "$stamp")" = "$wanted" ]; then
  exit 0
fi

echo "Building $venv with $("$python" --version) (once; a few minutes) ..."
[ -x "$venv/bin/python" ] || "$python" -m venv "$venv"
: >"$log"
install_packages
unpack_snmpd
pip() { PIP_DISABLE_PIP_VERSION_CHECK=1 "$venv/bin/python" -m pip install --quiet "$@" >>"$log" 2>&1; }
trap 'echo "Stopped; the same command goes on from here." >&2; exit 130' INT
if ! pip -r <(grep -v '^easysnmp' requirements.txt) -r tests/requirements.txt ${core:+"$core"}; then
  echo "pip could not install the requirements; the last lines of $log:" >&2
  tail -n 5 "$log" >&2
  exit 1
fi
pip setuptools wheel
if ! pip --no-build-isolation "$(grep '^easysnmp' requirements.txt)"; then
  echo "easysnmp could not be compiled (see $log); the pure-Python SNMP backend serves."
fi
printf '%s\n' "$wanted" >"$stamp"
echo "Built $venv: ansible-core $("$venv/bin/python" -c 'import ansible.release; print(ansible.release.__version__)')"
