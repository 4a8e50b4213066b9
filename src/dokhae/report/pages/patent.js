// One patent: its page comes ready made (and escaped) in a chunk of data; here it is put in place, and its evidence
// brought into sight.  Address: patent.html#<id>-<chunk> or patent.html#<id>-<chunk>/e<field>-<n>.
"use strict";

(() => {
  const main = document.getElementById("patent");
  const isReady = main.childElementCount > 0; // a file of its own holds its patent already
  const pages = {};

  dokhae.texts = (chunk) => Object.assign(pages, chunk);

  function show(id, anchor) {
    if (!(id in pages)) {
      main.replaceChildren(dokhae.element("p", { class: "empty", "data-say": "ui.not_found" }));
    } else if (main.dataset.id !== id) {
      main.innerHTML = pages[id]; // made and escaped by dokhae; see markup.py
      main.dataset.id = id;
      document.title = main.querySelector("h1").textContent;
      scrollTo(0, 0);
    }
    dokhae.words(main);
    goto(anchor);
  }

  function goto(anchor) {
    const target = anchor && document.getElementById(anchor);
    if (!target) return;
    const mark = target.nextElementSibling || target;
    mark.scrollIntoView({ block: "center" });
    mark.classList.add("found");
    setTimeout(() => mark.classList.remove("found"), 1600);
  }

  function neighbours(here) {
    const order = dokhae.recall("order") || [];
    const at = order.indexOf(here);
    for (const [name, step] of [["previous", -1], ["next", 1]]) {
      const link = document.getElementById(name);
      const other = at < 0 ? undefined : order[at + step];
      link.hidden = !other;
      if (other) link.href = "#" + other;
    }
  }

  async function open() {
    const [here, anchor] = location.hash.slice(1).split("/");
    const [id, chunk] = here.split("-");
    if (!/^\d+$/.test(id) || !/^\d+$/.test(chunk || "")) return show("", null);
    neighbours(here);
    await dokhae.load("text-" + chunk.padStart(5, "0")).catch(() => null);
    return show(id, anchor);
  }

  document.addEventListener("click", (event) => {
    const link = event.target.closest("[data-goto]");
    if (!link) return;
    event.preventDefault();
    goto(link.dataset.goto);
  });

  if (!isReady) {
    addEventListener("hashchange", open);
    document.addEventListener("DOMContentLoaded", open);
  }
})();
