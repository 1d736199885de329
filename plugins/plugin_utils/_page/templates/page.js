// SPDX-License-Identifier: GPL-3.0-or-later
// Draws, sorts and searches the inventory; the rest of the page needs no script. Texts are only ever set as text.
"use strict";
(() => {
  const data = JSON.parse(document.getElementById("data").textContent);
  const { lists, rows, ids, lives } = data;
  const total = rows.serial.length;
  const netbox = document.querySelector("footer a")?.getAttribute("href") || "";
  const missing = new Set(rows.missing);
  const here = new Set(rows.serial), past = Object.keys(lives).filter((serial) => !here.has(serial));
  const DAY = 86400000, EPOCH = Date.UTC(2020, 0, 1), HEIGHT = 30, SPARE = 12;
  const day = (n) => n === null ? "" : new Date(EPOCH + n * DAY).toISOString().slice(0, 10);
  const shared = (field) => (i) => lists[field][rows[field][i]];
  const COLUMNS = [
    ["Device", shared("device"), 15], ["Slot", (i) => rows.slot[i], 18], ["Part number", shared("part"), 15],
    ["Serial number", (i) => rows.serial[i], 14], ["Category", shared("category"), 9],
    ["Manufacturer", shared("manufacturer"), 10], ["First seen", (i) => day(rows.first[i]), 9], ["Last seen", (i) => day(rows.last[i]), 10],
  ];
  const searched = Array.from({ length: total }, (_, i) =>
    [rows.serial[i], lists.part[rows.part[i]], lists.device[rows.device[i]], rows.slot[i], lists.name[rows.name[i]]].join("\n").toLowerCase());
  const byId = (id) => document.getElementById(id);
  const grid = byId("grid"), query = byId("query"), found = byId("found"), life = byId("life");
  let shown = [], sorted = null, down = false, first = -1, last = -1;
  const natural = new Intl.Collator("en", { numeric: true }).compare;

  const element = (name, text, attributes = {}) => {
    const made = document.createElement(name);
    if (text !== undefined) made.textContent = text;
    for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
    return made;
  };

  for (const field of ["site", "category", "manufacturer"]) {
    const values = lists[field].map((text, n) => [text, n]).sort((a, b) => natural(a[0], b[0]));
    for (const [text, n] of values) byId(field).append(element("option", text || "not known", { value: String(n) }));
    byId(field).addEventListener("change", select);
  }

  const table = element("table", undefined, { "aria-rowcount": String(total + 1) });
  const head = element("tr");
  COLUMNS.forEach(([name, , width], n) => {
    const cell = element("th", undefined, { scope: "col", "aria-sort": "none", width: width + "%" });
    const button = element("button", name, { type: "button" });
    button.addEventListener("click", () => { down = sorted === n ? !down : false; sorted = n; order(); });
    cell.append(button);
    head.append(cell);
  });
  const body = element("tbody");
  const above = element("tr", undefined, { class: "spacer", "aria-hidden": "true" });
  const below = above.cloneNode();
  for (const one of [above, below]) one.append(element("td", undefined, { colspan: String(COLUMNS.length) }));
  const heading = element("thead");
  heading.append(head);
  table.append(heading, body);
  grid.append(table);

  function row(i, position) {
    const made = element("tr", undefined, { "aria-rowindex": String(position + 2) });
    COLUMNS.forEach(([name, value], n) => {
      const text = value(i), cell = element("td", undefined, { title: text });
      if (n === 0 && netbox && ids[rows.device[i]]) {
        cell.append(element("a", text, { href: netbox.replace(/\/$/, "") + "/dcim/devices/" + ids[rows.device[i]] + "/" }));
      } else if (name === "Serial number") {
        const button = element("button", text, { type: "button", "aria-label": "Life of " + text });
        button.addEventListener("click", () => showLife(text, i));
        cell.append(button);
      } else if (name === "Last seen" && missing.has(i)) {
        cell.append(element("span", text + ", not seen", { class: "unseen" }));
      } else {
        cell.textContent = text;
      }
      made.append(cell);
    });
    return made;
  }

  function draw() {
    const from = Math.max(0, Math.floor(grid.scrollTop / HEIGHT) - SPARE);
    const to = Math.min(shown.length, Math.ceil((grid.scrollTop + grid.clientHeight) / HEIGHT) + SPARE);
    if (from === first && to === last) return;
    first = from; last = to;
    above.firstChild.height = from * HEIGHT;
    below.firstChild.height = (shown.length - to) * HEIGHT;
    const drawn = [];
    for (let position = from; position < to; position++) drawn.push(row(shown[position], position));
    body.replaceChildren(above, ...drawn, below);
  }

  function redraw() { first = -1; grid.scrollTop = 0; draw(); }

  function order() {
    [...head.children].forEach((cell, n) => cell.setAttribute("aria-sort", n === sorted ? (down ? "descending" : "ascending") : "none"));
    if (sorted !== null) {
      const value = COLUMNS[sorted][1], sign = down ? -1 : 1;
      const keys = new Map(shown.map((i) => [i, value(i)]));
      shown.sort((a, b) => sign * natural(keys.get(a), keys.get(b)) || a - b);
    }
    redraw();
  }

  function select() {
    const words = query.value.toLowerCase().split(/\s+/).filter(Boolean);
    const wanted = ["site", "category", "manufacturer"].map((field) => [rows[field], byId(field).value]).filter(([, value]) => value !== "");
    const only = byId("missing").checked;
    shown = [];
    for (let i = 0; i < total; i++) {
      if (only && !missing.has(i)) continue;
      if (wanted.every(([column, value]) => column[i] === Number(value)) && words.every((word) => searched[i].includes(word))) shown.push(i);
    }
    found.textContent = shown.length === total ? total.toLocaleString("en") + " parts" : shown.length.toLocaleString("en") + " of " + total.toLocaleString("en") + " parts";
    table.setAttribute("aria-rowcount", String(shown.length + 1));
    order();
    life.hidden = true;
    if (shown.length === 1) showLife(rows.serial[shown[0]], shown[0]);
    else if (shown.length === 0 && words.length === 1) showPast(words[0]);
  }

  // A part that is in the network no more is in no row, but NetBox's rows know where it was.
  function showPast(word) {
    const found = past.find((serial) => serial.toLowerCase() === word) || past.find((serial) => serial.toLowerCase().includes(word));
    if (found !== undefined) showLife(found);
  }

  function showLife(serial, i) {
    const spans = lives[serial] || [[lists.device[rows.device[i]], rows.slot[i], rows.first[i], rows.last[i]]];
    life.replaceChildren(element("h3", "Life of " + serial + (i === undefined ? ", which is not in the network now" : "")));
    const lines = element("ol");
    for (const [device, slot, began, ended, gone] of spans)
      lines.append(element("li", day(began) + " to " + day(ended) + ": " + device + ", " + slot + (gone ? ", then gone" : "")));
    life.append(lines);
    if (netbox) {
      const where = netbox.replace(/\/$/, "") + "/plugins/inventory-monitor/probes/?serial=" + encodeURIComponent(serial);
      life.append(element("a", "Its rows in NetBox", { href: where }));
    }
    life.hidden = false;
  }

  let waiting = 0;
  query.addEventListener("input", () => { clearTimeout(waiting); waiting = setTimeout(select, total > 20000 ? 120 : 30); });
  byId("missing").addEventListener("change", select);
  byId("find").addEventListener("submit", (event) => { event.preventDefault(); select(); });
  grid.addEventListener("scroll", () => requestAnimationFrame(draw), { passive: true });
  addEventListener("resize", draw);
  document.addEventListener("keydown", (event) => {
    const typing = /^(INPUT|SELECT|TEXTAREA)$/.test(document.activeElement.tagName);
    if (event.key === "/" && !typing && !event.ctrlKey && !event.metaKey) { event.preventDefault(); query.focus(); }
    if (event.key === "Escape" && document.activeElement === query) { query.value = ""; select(); }
  });

  const theme = byId("theme"), root = document.documentElement;
  const dark = () => root.dataset.theme ? root.dataset.theme === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
  const name = () => { theme.textContent = dark() ? "Light" : "Dark"; theme.setAttribute("aria-label", "Show in " + theme.textContent.toLowerCase() + " colours"); };
  theme.addEventListener("click", () => { root.dataset.theme = dark() ? "light" : "dark"; name(); });
  theme.hidden = false; name();

  byId("find").hidden = false;
  grid.hidden = false;
  select();
})();
