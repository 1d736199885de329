#!/usr/bin/env bash
# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
#
# Runs ansible-test in a copy of the collection:  tests/ansible-test.sh COPY BIN sanity|units [OPTION ...]
# with a home folder of its own, so that nothing of the user's is read or written.
set -euo pipefail
copy=$1 bin=$2 command=$3
shift 3
home=$(dirname "$(dirname "$(dirname "$copy")")")/home
mkdir -p "$home/.ansible/test/cache"

# ansible-test fetches a bootstrap of pip from a web host for its own environments. The one in ensurepip does as well,
# and needs no host: it is put where ansible-test keeps its download.
pip_version=$(sed -n "s/^ *pip='\([0-9.]*\)',$/\1/p" \
  "$("$bin/python" -c 'import ansible_test._internal.python_requirements as module; print(module.__file__)')")
echo 'import ensurepip; ensurepip.bootstrap(default_pip=True)' >"$home/.ansible/test/cache/get_pip_${pip_version//./_}.py"

version=$("$bin/python" -c 'import sys; print("%d.%d" % sys.version_info[:2])')
cd "$copy"
HOME=$home exec "$bin/ansible-test" "$command" --python "$version" --color no "$@"
