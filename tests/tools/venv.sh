#!/usr/bin/env bash
# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
#
# Builds an environment of its own for tools whose dependencies do not go with those of the tests:
#   tests/tools/venv.sh PYTHON NAME     from tests/tools/NAME.txt, in .build/tools/NAME
# Does nothing when it was already built from the same requirements.
set -euo pipefail
cd "$(dirname "$0")/../.."
python=$1 name=$2
requirements=tests/tools/$name.txt
venv=.build/tools/$name
wanted=$(sha256sum <"$requirements"; "$python" --version)
if [ -f "$venv/.built" ] && [ "$(cat "$venv/.built")" = "$wanted" ]; then
  exit 0
fi
echo "Building $venv (once) ..."
rm -rf "$venv"
mkdir -p .build/tools
"$python" -m venv "$venv"
if ! PIP_DISABLE_PIP_VERSION_CHECK=1 "$venv/bin/python" -m pip install --quiet -r "$requirements" >"$venv/setup.log" 2>&1; then
  echo "pip could not install $requirements; the last lines of $venv/setup.log:" >&2
  tail -n 5 "$venv/setup.log" >&2
  exit 1
fi
printf '%s\n' "$wanted" >"$venv/.built"
