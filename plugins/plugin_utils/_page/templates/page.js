// SPDX-License-Identifier: GPL-3.0-or-later
// Draws, sorts and searches the inventory and the hosts of the last scan; the rest of the page needs no script. Texts are
// only ever set as text.
"use strict";
(() => {
  const byId = (id) => document.getElementById(id);
  const netbox = document.querySelector("footer a")?.getAttribute("href")?.replace(/\/$/, "") || "";
  const DAY = 86400000, EPOCH = Date.UTC(2020, 0, 1), HEIGHT = 30, SPARE = 12;
  const day = (n) => n === null ? "" : new Date(EPOCH + n * DAY).toISOString().slice(0, 10);
  const natural = new Intl.Collator("en", { numeric: true }).compare;
  const dataOf = (id) => byId(id) ? JSON.parse(byId(id).textContent) : null;

  const element = (name, text, attributes = {}) => {
    const made = document.createElement(name);
    if (text !== undefined) made.textContent = text;
    for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
    return made;
  };

  // A table of which only the rows in sight are drawn. Its elements have ids with this prefix.
  //   columns: [heading, value of a row, width in %]; texts: what is searched of each row
  //   filters: {id of a select: [texts, column of positions in them]}; only: a further condition
  //   fill: puts what is more than a text into a cell, and returns whether it did; settled: after each search
  function searchable({ prefix, total, noun, columns, texts, filters, only = () => true, fill, settled }) {
    const grid = byId(prefix + "grid"), query = byId(prefix + "query"), found = byId(prefix + "found"), form = byId(prefix + "find");
    let shown = [], sorted = null, down = false, first = -1, last = -1;
    for (const [id, [values]] of Object.entries(filters)) {
      const options = values.map((text, n) => [text, n]).sort((a, b) => natural(a[0], b[0]));
      for (const [text, n] of options) byId(id).append(element("option", text || "not known", { value: String(n) }));
      byId(id).addEventListener("change", select);
    }

    const table = element("table", undefined, { "aria-rowcount": String(total + 1) });
    const head = element("tr");
    columns.forEach(([name, , width], n) => {
      const cell = element("th", undefined, { scope: "col", "aria-sort": "none", width: width + "%" });
      const button = element("button", name, { type: "button" });
      button.addEventListener("click", () => { down = sorted === n ? !down : false; sorted = n; order(); });
      cell.append(button);
      head.append(cell);
    });
    const body = element("tbody");
    const above = element("tr", undefined, { class: "spacer", "aria-hidden": "true" });
    const below = above.cloneNode();
    for (const one of [above, below]) one.append(element("td", undefined, { colspan: String(columns.length) }));
    const heading = element("thead");
    heading.append(head);
    table.append(heading, body);
    grid.append(table);

    function row(i, position) {
      const made = element("tr", undefined, { "aria-rowindex": String(position + 2) });
      for (const [name, value] of columns) {
        const text = value(i), cell = element("td", undefined, { title: text });
        if (!fill(cell, name, text, i)) cell.textContent = text;
        made.append(cell);
      }
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
        const value = columns[sorted][1], sign = down ? -1 : 1;
        const keys = new Map(shown.map((i) => [i, value(i)]));
        shown.sort((a, b) => sign * natural(keys.get(a), keys.get(b)) || a - b);
      }
      redraw();
    }

    function select() {
      const words = query.value.toLowerCase().split(/\s+/).filter(Boolean);
      const wanted = Object.entries(filters).map(([id, [, column]]) => [column, byId(id).value]).filter(([, value]) => value !== "");
      shown = [];
      for (let i = 0; i < total; i++)
        if (only(i) && wanted.every(([column, value]) => column[i] === Number(value)) && words.every((word) => texts[i].includes(word))) shown.push(i);
      const all = total.toLocaleString("en") + " " + noun + (total === 1 ? "" : "s");
      found.textContent = shown.length === total ? all : shown.length.toLocaleString("en") + " of " + all;
      table.setAttribute("aria-rowcount", String(shown.length + 1));
      order();
      settled(shown, words);
    }

    let waiting = 0;
    query.addEventListener("input", () => { clearTimeout(waiting); waiting = setTimeout(select, total > 20000 ? 120 : 30); });
    query.addEventListener("keydown", (event) => { if (event.key === "Escape") { query.value = ""; select(); } });
    form.addEventListener("submit", (event) => { event.preventDefault(); select(); });
    grid.addEventListener("scroll", () => requestAnimationFrame(draw), { passive: true });
    addEventListener("resize", draw);
    form.hidden = false;
    grid.hidden = false;
    return select;
  }

  const deviceLink = (text, id) => element("a", text, { href: netbox + "/dcim/devices/" + id + "/" });
  const pressed = (text, label, then) => {
    const button = element("button", text, { type: "button", "aria-label": label });
    button.addEventListener("click", then);
    return button;
  };
  const put = (cell, child) => { cell.append(child); return true; };

  function inventory({ lists, rows, ids, lives }) {
    const total = rows.serial.length, life = byId("life");
    const missing = new Set(rows.missing);
    const here = new Set(rows.serial), past = Object.keys(lives).filter((serial) => !here.has(serial));
    const shared = (field) => (i) => lists[field][rows[field][i]];

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
        const where = netbox + "/plugins/inventory-monitor/probes/?serial=" + encodeURIComponent(serial);
        life.append(element("a", "Its rows in NetBox", { href: where }));
      }
      life.hidden = false;
    }

    const select = searchable({
      prefix: "", total, noun: "part",
      columns: [
        ["Device", shared("device"), 15], ["Slot", (i) => rows.slot[i], 18], ["Part number", shared("part"), 15],
        ["Serial number", (i) => rows.serial[i], 14], ["Category", shared("category"), 9],
        ["Manufacturer", shared("manufacturer"), 10], ["First seen", (i) => day(rows.first[i]), 9], ["Last seen", (i) => day(rows.last[i]), 10],
      ],
      texts: Array.from({ length: total }, (_, i) =>
        [rows.serial[i], lists.part[rows.part[i]], lists.device[rows.device[i]], rows.slot[i], lists.name[rows.name[i]]].join("\n").toLowerCase()),
      filters: { site: [lists.site, rows.site], category: [lists.category, rows.category], manufacturer: [lists.manufacturer, rows.manufacturer] },
      only: (i) => !byId("missing").checked || missing.has(i),
      fill: (cell, name, text, i) => {
        if (name === "Device" && netbox && ids[rows.device[i]]) return put(cell, deviceLink(text, ids[rows.device[i]]));
        if (name === "Serial number") return put(cell, pressed(text, "Life of " + text, () => showLife(text, i)));
        if (name === "Last seen" && missing.has(i)) return put(cell, element("span", text + ", not seen", { class: "unseen" }));
        return false;
      },
      settled: (shown, words) => {
        life.hidden = true;
        if (shown.length === 1) showLife(rows.serial[shown[0]], shown[0]);
        else if (shown.length === 0 && words.length === 1) showPast(words[0]);
      },
    });
    byId("missing").addEventListener("change", select);
    select();
  }

  const TONES = { answered: "ok", refused: "ok", failed: "warn" };
  const WRONG = { contradicting: "wrong", unknown: "unseen", gone: "unseen", silent: "unseen" };

  function hosts({ lists, rows, texts }) {
    const total = rows.ip.length, detail = byId("hosts-detail");
    const shared = (field) => (i) => lists[field][rows[field][i]];
    const name = shared("name"), verdict = shared("verdict"), state = shared("state"), vendor = shared("vendor");

    function show(i) {
      const title = element("h3", rows.ip[i] + (name(i) ? " " + name(i) : ""));
      const facts = element("dl"), said = element("ul");
      for (const [what, text] of rows.facts[i]) facts.append(element("dt", texts[what]), element("dd", texts[text]));
      facts.append(element("dt", "Seen"), element("dd", rows.first[i] === null ? "never" : day(rows.first[i]) + " to " + day(rows.last[i])));
      for (const [source, result, text, time] of rows.evidence[i]) {
        const line = element("li");
        line.append(element("b", texts[source]), " ", element("span", texts[result], { class: TONES[texts[result]] || "plain" }));
        line.append(element("span", (texts[text] ? " " + texts[text] : "") + ", " + texts[time], { class: "more" }));
        said.append(line);
      }
      const evidence = element("div");
      evidence.append(element("h4", said.children.length ? "Evidence" : "The last scan has no evidence of it"), said);
      detail.replaceChildren(title, facts, evidence);
      detail.hidden = false;
    }

    searchable({
      prefix: "hosts-", total, noun: "host",
      columns: [
        ["Address", (i) => rows.ip[i], 13], ["Name", name, 17], ["NetBox", verdict, 11], ["State", state, 9],
        ["MAC", (i) => rows.mac[i], 13], ["Vendor", vendor, 15], ["Ports", (i) => rows.ports[i], 12], ["Last seen", (i) => day(rows.last[i]), 10],
      ],
      texts: Array.from({ length: total }, (_, i) =>
        [rows.ip[i], name(i), rows.mac[i], vendor(i), rows.ports[i], shared("network")(i), ...rows.facts[i].map(([, text]) => texts[text])].join("\n").toLowerCase()),
      filters: {
        "hosts-verdict": [lists.verdict, rows.verdict], "hosts-state": [lists.state, rows.state], "hosts-network": [lists.network, rows.network],
      },
      fill: (cell, heading, text, i) => {
        if (heading === "Address") return put(cell, pressed(text, "Evidence of " + text, () => show(i)));
        if (heading === "Name" && netbox && rows.device[i] && text) return put(cell, deviceLink(text, rows.device[i]));
        if ((heading === "NetBox" || heading === "State") && WRONG[text]) return put(cell, element("span", text, { class: WRONG[text] }));
        return false;
      },
      settled: (shown) => { detail.hidden = true; if (shown.length === 1) show(shown[0]); },
    })();
  }

  document.addEventListener("keydown", (event) => {
    const typing = /^(INPUT|SELECT|TEXTAREA)$/.test(document.activeElement.tagName);
    const query = byId("query") || byId("hosts-query");
    if (event.key === "/" && !typing && !event.ctrlKey && !event.metaKey) { event.preventDefault(); query.focus(); }
  });

  const theme = byId("theme"), root = document.documentElement;
  const dark = () => root.dataset.theme ? root.dataset.theme === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
  const name = () => { theme.textContent = dark() ? "Light" : "Dark"; theme.setAttribute("aria-label", "Show in " + theme.textContent.toLowerCase() + " colours"); };
  theme.addEventListener("click", () => { root.dataset.theme = dark() ? "light" : "dark"; name(); });
  theme.hidden = false; name();

  const parts = dataOf("data"), scanned = dataOf("hosts-data");
  if (parts) inventory(parts);
  if (scanned) hosts(scanned);
})();
