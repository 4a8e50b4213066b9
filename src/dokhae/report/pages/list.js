// The table of patents: sorted, filtered and scrolled in the browser, 50,000 rows.  Only the rows in sight exist as
// elements; their answers come in pages of data, loaded when they are seen, searched or sorted by.
"use strict";

(() => {
  const { index, meta, element, say } = dokhae;
  const ROW = 84; // pixels; the height of .row in report.css
  const AHEAD = 8; // rows drawn above and below those in sight
  const PRINTED = 300;
  const SHOWN_FIELDS = 5;
  const STATES = { a: "answered", n: "not_stated", o: "no_source_text", w: "withheld", l: "language_not_read", x: "not_applicable", f: "failed", "-": "not_read", e: "read_elsewhere" };
  const N = index.id.length;
  const N_PAGES = Math.ceil(N / meta.rowsAPage);
  const collator = new Intl.Collator(["ko", "en"], { numeric: true });

  const list = document.getElementById("list");
  const head = document.getElementById("head");
  const body = document.getElementById("body");
  const pages = [];
  const digits = index.document.map((number) => number.replace(/\D/g, ""));
  const short = index.id.map((_, i) => `${index.document[i]} ${index.title[i]} ${index.applicants[i]}`.toLowerCase());

  let order = []; // the rows shown, in their order
  let drawing = 0;
  const state = { search: "", filters: {}, sort: null, down: false, cells: null, check: null, oneEach: meta.oneEach, hidden: [], top: 0 };

  // ---- columns: how each is headed, shown, filtered and compared

  const legal = (name) => say("legal." + (name || "unknown"));
  const columns = [
    { id: "document", width: 172, title: () => say("column.document"), text: (i) => index.document[i], filter: "text" },
    { id: "country", width: 72, title: () => say("column.country"), named: "country", shown: (name) => name || "?", filter: "choice" },
    { id: "title", width: 220, title: () => say("column.title"), text: (i) => index.title[i], filter: "text" },
    { id: "applicants", width: 150, title: () => say("column.applicants"), text: (i) => index.applicants[i], filter: "text" },
    { id: "date", width: 98, title: () => say("column.application_date"), text: (i) => index.date[i], filter: "years" },
    { id: "status", width: 96, title: () => say("column.status"), named: "status", shown: legal, filter: "choice" },
    ...meta.fields.map((field, k) => ({ id: "answer." + k, width: field.many ? 220 : 262, title: () => field[dokhae.lang()], field: k, filter: "answer" })),
    { id: "read_from", width: 110, title: () => say("column.read_from"), named: "read_from", shown: (name) => say("read_from." + name), filter: "choice" },
  ];
  for (const column of columns) {
    if (column.named) column.text = (i) => column.shown(index.names[column.named][index[column.named][i]]);
  }
  const visible = () => columns.filter((column) => !state.hidden.includes(column.id));

  // ---- answers

  dokhae.page = (n, rows) => { pages[n] = rows; };
  const pageName = (n) => "rows-" + String(n).padStart(4, "0");
  const answer = (i, field) => {
    const page = pages[Math.floor(i / meta.rowsAPage)];
    return page && page[i % meta.rowsAPage][field];
  };
  const allLoaded = () => pages.filter(Boolean).length === N_PAGES;

  async function loadAll() {
    const waiting = [...Array(N_PAGES).keys()].filter((n) => !pages[n]);
    for (let at = 0; at < waiting.length; at += 6) {
      await Promise.allSettled(waiting.slice(at, at + 6).map((n) => dokhae.load(pageName(n))));
      const percent = Math.round((100 * pages.filter(Boolean).length) / N_PAGES);
      document.getElementById("shown").textContent = say("ui.loading", { percent });
    }
  }

  // ---- filters: each column's own, the free text, the cell of a picture, a check

  function years(text) {
    const found = /^\s*(\d{4})?\s*(?:([~\-–])\s*(\d{4})?)?\s*$/.exec(text);
    if (!found || !text.trim()) return null;
    const from = found[1] || "0000";
    return { from, to: found[3] || (found[2] ? "9999" : from) };
  }

  function testOf(column, wanted) {
    const text = (wanted.text || "").trim().toLowerCase();
    if (column.filter === "choice") return wanted.choice === "" ? null : (i) => index[column.named][i] === Number(wanted.choice);
    if (column.filter === "years") {
      const range = years(text);
      return range && ((i) => index.date[i].slice(0, 4) >= range.from && index.date[i].slice(0, 4) <= range.to);
    }
    if (column.filter === "text") return text && ((i) => column.text(i).toLowerCase().includes(text) || (column.id === "document" && hasDigits(i, text)));
    const state_ = wanted.choice;
    if (!text && !state_) return null;
    return (i) => (!state_ || index.states[i][column.field] === state_) && (!text || saysIt(i, column.field, text));
  }

  const hasDigits = (i, text) => {
    const number = text.replace(/\D/g, "");
    return number.length > 4 && digits[i].includes(number);
  };
  const saysIt = (i, field, text) => {
    const given = answer(i, field);
    return Boolean(given) && given[0].toLowerCase().includes(text);
  };

  function tests() {
    const all = [];
    for (const column of columns) {
      const wanted = state.filters[column.id];
      const test = wanted && testOf(column, wanted);
      if (test) all.push(test);
    }
    const words = state.search.toLowerCase().split(/\s+/).filter(Boolean);
    for (const word of words) {
      all.push((i) => short[i].includes(word) || hasDigits(i, word) || meta.fields.some((_, k) => saysIt(i, k, word)));
    }
    if (state.oneEach) all.push((i) => index.one[i] === 1);
    if (state.cells) {
      const inCell = new Set(state.cells.flatMap((cell) => dokhae.cells[cell]));
      all.push((i) => inCell.has(i));
    }
    if (state.check !== null) {
      const code = index.names.check.indexOf(state.check);
      all.push((i) => index.checks[i].includes(code));
    }
    return all;
  }

  const needsAnswers = () => Boolean(state.search) || (state.sort || "").startsWith("answer.")
    || columns.some((column) => column.filter === "answer" && (state.filters[column.id] || {}).text);

  function compare() {
    const column = columns.find((one) => one.id === state.sort);
    const sign = state.down ? -1 : 1;
    if (!column) { // what a person should look at first, then the newest
      return (a, b) => (index.checks[b].length > 0) - (index.checks[a].length > 0) || (index.date[a] < index.date[b] ? 1 : index.date[a] > index.date[b] ? -1 : a - b);
    }
    const text = column.field === undefined ? column.text : (i) => (answer(i, column.field) || [""])[0];
    const keys = new Map(order.map((i) => [i, text(i)]));
    return (a, b) => {
      const [one, other] = [keys.get(a), keys.get(b)];
      if (!one || !other) return (one ? 0 : 1) - (other ? 0 : 1) || a - b; // the empty ones last, either way
      return sign * collator.compare(one, other) || a - b;
    };
  }

  async function apply({ keepPlace = false } = {}) {
    select();
    if (!keepPlace) list.scrollTop = 0;
    if (needsAnswers() && !allLoaded()) {
      await loadAll();
      select();
    }
  }

  function select() {
    const all = tests();
    order = [];
    for (let i = 0; i < N; i++) if (all.every((test) => test(i))) order.push(i);
    order.sort(compare());
    body.style.height = order.length * ROW + "px";
    document.getElementById("none").hidden = order.length > 0;
    document.getElementById("shown").textContent = say("ui.shown", { n: order.length.toLocaleString(), all: N.toLocaleString() });
    chips();
    draw();
  }

  // ---- drawing

  function later() {
    if (!drawing) drawing = requestAnimationFrame(() => { drawing = 0; draw(); });
  }

  function draw() {
    const first = Math.max(0, Math.floor(list.scrollTop / ROW) - AHEAD);
    const last = Math.min(order.length, Math.ceil((list.scrollTop + list.clientHeight) / ROW) + AHEAD);
    rows(first, last);
  }

  function rows(first, last) {
    const shown = visible();
    const made = order.slice(first, last).map((i, k) => row(i, first + k, shown));
    body.replaceChildren(...made);
    const missing = new Set(order.slice(first, last).map((i) => Math.floor(i / meta.rowsAPage)).filter((n) => !pages[n]));
    for (const n of missing) dokhae.load(pageName(n)).then(later, () => {});
  }

  function row(i, at, shown) {
    const made = element("div", { role: "row", class: "row", "data-row": i });
    made.style.top = at * ROW + "px";
    made.append(...shown.map((column) => cell(i, column)));
    return made;
  }

  const address = (i, anchor = "") => `patent.html#${index.id[i]}-${index.chunk[i]}${anchor}`;

  function cell(i, column) {
    const made = element("div", { role: "cell", class: "c-" + column.id.replace(/\..*/, "") });
    made.style.width = column.width + "px";
    if (column.id === "document") {
      made.append(element("a", { href: address(i) }, index.document[i]));
      if (index.checks[i].length) made.append(badge(i));
    } else if (column.field !== undefined) {
      answerCell(made, i, column.field);
    } else {
      made.textContent = column.text(i) || "–";
      made.title = column.text(i);
    }
    return made;
  }

  function badge(i) {
    const codes = index.checks[i].map((code) => index.names.check[code]);
    return element("span", { class: "badge", title: codes.map((code) => say("check." + code)).join("\n") }, `${say("ui.defects")} ${codes.length}`);
  }

  function answerCell(made, i, field) {
    const name = STATES[index.states[i][field]];
    if (name !== "answered") {
      made.classList.add("silent", "s-" + name);
      made.append(element("span", { title: say("status_note." + name) }, say("status." + name)));
      return;
    }
    const given = answer(i, field);
    if (!given) {
      made.append("…");
      return;
    }
    const [text, place, score] = given;
    const honest = meta.fields[field].uncalibrated ? " " + say("ui.uncalibrated") : "";
    made.title = text;
    made.append(
      element("span", { class: "quote" }, text),
      element("small", {}, element("a", { href: address(i, `/e${field}-0`) }, dokhae.place(place)), element("span", { class: "score" }, ` ${score.toFixed(2)}${honest}`)),
    );
  }

  // ---- the head: titles that sort, and a filter each

  function drawHead() {
    const titles = element("div", { role: "row", class: "titles" });
    const filters = element("div", { role: "row", class: "filters" });
    for (const column of visible()) {
      const sorted = state.sort === column.id;
      const title = element("button", { type: "button" }, column.title(), element("i", {}, sorted ? (state.down ? " ▼" : " ▲") : ""));
      title.addEventListener("click", () => sortBy(column.id));
      const heading = element("div", { role: "columnheader", class: "c-" + column.id.replace(/\..*/, ""), "aria-sort": sorted ? (state.down ? "descending" : "ascending") : "none" }, title);
      const filter = element("div", { class: "c-" + column.id.replace(/\..*/, "") }, ...controls(column));
      heading.style.width = filter.style.width = column.width + "px";
      titles.append(heading);
      filters.append(filter);
    }
    head.replaceChildren(titles, filters);
    const wide = visible().reduce((sum, column) => sum + column.width, 0) + "px";
    head.style.width = body.style.width = wide;
  }

  function controls(column) {
    const made = [];
    if (column.filter === "choice" || column.filter === "answer") made.push(choice(column));
    if (column.filter !== "choice") {
      const hint = column.filter === "years" ? "2015~2020" : say("ui.contains");
      const input = element("input", { type: "search", placeholder: hint, "aria-label": column.title(), value: wantedOf(column).text });
      input.addEventListener("input", () => want(column, { text: input.value }));
      made.push(input);
    }
    return made;
  }

  function choice(column) {
    const made = element("select", { "aria-label": column.title() }, element("option", { value: "" }, say("ui.all")));
    const options = column.named
      ? index.names[column.named].map((name, k) => [String(k), column.shown(name)])
      : Object.entries(STATES).filter(([letter]) => index.states.some((s) => s[column.field] === letter)).map(([letter, name]) => [letter, say("status." + name)]);
    made.append(...options.map(([value, text]) => element("option", { value }, text)));
    made.value = wantedOf(column).choice;
    made.addEventListener("change", () => want(column, { choice: made.value }));
    return made;
  }

  const wantedOf = (column) => state.filters[column.id] || { text: "", choice: "" };

  let typing = 0;
  function soon() {
    clearTimeout(typing);
    typing = setTimeout(apply, 180);
  }

  function want(column, change) {
    state.filters[column.id] = { ...wantedOf(column), ...change };
    soon();
  }

  function sortBy(id) {
    if (state.sort !== id) [state.sort, state.down] = [id, false];
    else if (!state.down) state.down = true;
    else [state.sort, state.down] = [null, false];
    drawHead();
    apply();
  }

  // ---- what stands above the table

  function chips() {
    const made = [];
    if (state.cells) made.push(chip(state.cellName, () => { state.cells = null; }));
    if (state.check !== null) made.push(chip(state.check, () => { state.check = null; }));
    document.getElementById("chips").replaceChildren(...made);
  }

  function chip(text, remove) {
    const made = element("button", { type: "button", class: "chip" }, text, element("i", {}, " ✕"));
    made.addEventListener("click", () => { remove(); apply(); });
    return made;
  }

  function drawChooser() {
    const box = document.querySelector("#choose div");
    box.replaceChildren(...columns.slice(1).map((column) => {
      const input = element("input", { type: "checkbox" });
      input.checked = !state.hidden.includes(column.id);
      input.addEventListener("change", () => {
        state.hidden = state.hidden.filter((id) => id !== column.id).concat(input.checked ? [] : [column.id]);
        drawHead();
        draw();
      });
      return element("label", {}, input, " " + column.title());
    }));
  }

  function filterByPicture(shape) {
    const caption = shape.closest("figure").querySelector("figcaption b").textContent;
    state.cells = shape.dataset.cells.split(",").map(Number);
    state.cellName = `${caption}: ${shape.querySelector("title").textContent}`;
    state.oneEach = meta.oneEach;
    toTable();
  }

  function toTable() {
    apply();
    document.getElementById("table").scrollIntoView({ block: "start" });
  }

  function reset() {
    Object.assign(state, { search: "", filters: {}, sort: null, down: false, cells: null, check: null, oneEach: meta.oneEach });
    document.getElementById("search").value = "";
    document.querySelector("#one-each input").checked = meta.oneEach;
    drawHead();
    apply();
  }

  function notes(isCut = false) {
    const said = [say("ui.clipped", { n: meta.quoteChars })];
    if (meta.fields.some((one) => one.uncalibrated)) said.push(say("ui.score_note"));
    if (isCut) said.push(say("ui.print_cut", { n: PRINTED }));
    document.getElementById("notes").textContent = said.join(" ");
  }

  function speak() {
    notes();
    drawHead();
    drawChooser();
    select();
  }

  function wire() {
    const search = document.getElementById("search");
    search.value = state.search;
    search.addEventListener("input", () => { state.search = search.value.trim(); soon(); });
    const one = document.getElementById("one-each");
    one.hidden = !index.one.includes(0);
    one.querySelector("input").checked = state.oneEach;
    one.addEventListener("change", (event) => { state.oneEach = event.target.checked; apply(); });
    document.getElementById("reset").addEventListener("click", reset);
    list.addEventListener("scroll", later, { passive: true });
    addEventListener("resize", later);
    body.addEventListener("click", open);
    document.addEventListener("click", onClick);
    document.addEventListener("keydown", (event) => { if (event.key === "Enter" || event.key === " ") onClick(event); });
    document.addEventListener("dokhae-lang", speak);
    addEventListener("beforeprint", () => { rows(0, Math.min(order.length, PRINTED)); notes(order.length > PRINTED); });
    addEventListener("afterprint", () => { draw(); notes(); });
    addEventListener("pagehide", () => {
      dokhae.remember("order", order.map((i) => `${index.id[i]}-${index.chunk[i]}`));
      dokhae.remember("table", { ...state, top: list.scrollTop });
    });
  }

  function onClick(event) {
    const shape = event.target.closest("[data-cells]");
    if (shape) {
      event.preventDefault();
      filterByPicture(shape);
    }
    const check = event.target.closest("[data-check]");
    if (check && event.type === "click") {
      state.check = check.dataset.check;
      state.oneEach = false;
      document.querySelector("#one-each input").checked = false;
      toTable();
    }
  }

  function open(event) {
    if (event.target.closest("a") || String(getSelection())) return; // a link goes its own way; so does marked text
    const made = event.target.closest("[data-row]");
    if (made) location.href = (event.target.closest('[role="cell"]').querySelector("a") || made.querySelector("a")).href;
  }

  const remembered = dokhae.recall("table");
  const saysNothing = (column) => column.named && index.names[column.named].length < 2; // one value in all rows
  state.hidden = columns.filter((column) => column.field >= SHOWN_FIELDS || saysNothing(column)).map((column) => column.id);
  if (remembered) Object.assign(state, remembered);
  document.addEventListener("DOMContentLoaded", () => {
    wire();
    speak();
    list.scrollTop = state.top;
    document.documentElement.dataset.readyMs = Math.round(performance.now()); // read by benchmarks/report.py
  });
})();
