#!/usr/bin/env bash
# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
#
# Installs the Java that runs the rules of ansible-rulebook (bindep.txt, eda), as root on Debian and Ubuntu; elsewhere it
# names what is missing. It is not part of `make venv`, because only `make test-eda` needs it.
set -euo pipefail
cd "$(dirname "$0")/../.."
command -v java >/dev/null && exit 0
package=$(sed -n 's/^\([a-z0-9.+-]*\) .*platform:dpkg eda.*/\1/p' bindep.txt)
if [ "$(id -u)" -eq 0 ] && command -v apt-get >/dev/null; then
  echo "Installing with apt what bindep.txt lists: $package"
  { apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "$package"; } \
    >/dev/null || echo "apt could not install $package: the test of the rulebook is skipped."
else
  echo "Java is not installed (sudo apt install $package): the test of the rulebook is skipped."
fi
