#!/usr/bin/env bash
# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
#
# A browser for the tests of the page, from Debian's or Ubuntu's packages where this user may install them.
set -euo pipefail
for name in chromium chromium-browser google-chrome chrome; do
  if command -v "$name" >/dev/null; then exit 0; fi
done
if [ "$(id -u)" -eq 0 ] && command -v apt-get >/dev/null; then
  mkdir -p .build
  echo "Installing chromium with apt, for the tests of the page."
  if { apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends chromium \
    fonts-dejavu-core; } >.build/browser.log 2>&1; then
    exit 0
  fi
fi
echo "!! There is no chromium here (apt install chromium): the page is NOT tried in a browser." >&2
