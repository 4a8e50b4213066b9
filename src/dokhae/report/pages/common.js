// Words in the language chosen, and data loaded by script elements (a page opened from disk may not fetch).
// Text reaches the page only through textContent and attributes.
"use strict";

window.dokhae = { index: null, meta: null, labels: null, cells: [] };

(() => {
  const LANGS = ["ko", "en"];
  const loading = new Map();
  const root = document.querySelector('script[src$="common.js"]').getAttribute("src").slice(0, -"common.js".length);

  // sessionStorage may be forbidden for pages opened from disk
  dokhae.remember = (key, value) => {
    try { sessionStorage.setItem("dokhae." + key, JSON.stringify(value)); } catch { /* works without memory */ }
  };
  dokhae.recall = (key) => {
    try { return JSON.parse(sessionStorage.getItem("dokhae." + key)); } catch { return null; }
  };

  dokhae.lang = () => document.documentElement.lang;

  dokhae.say = (key, values = {}) => {
    const [group, ...rest] = key.split(".");
    const name = rest.join(".");
    const words = (dokhae.labels[group] || {})[name];
    const text = words ? words[LANGS.indexOf(dokhae.lang())] : name;
    return text.replace(/\{(\w+)\}/g, (all, value) => (value in values ? values[value] : all));
  };

  dokhae.place = (place) => {
    const claim = /^claim (\d+)$/.exec(place);
    if (claim) return dokhae.say("place.claim", { label: claim[1] });
    return dokhae.say("section." + place);
  };

  dokhae.words = (within = document) => {
    for (const one of within.querySelectorAll("[data-say]")) one.textContent = dokhae.say(one.dataset.say);
    for (const one of within.querySelectorAll("[data-ko]")) one.textContent = one.dataset[dokhae.lang()];
    for (const one of within.querySelectorAll("[data-placeholder]")) one.placeholder = dokhae.say(one.dataset.placeholder);
    for (const one of within.querySelectorAll("[data-title]")) {
      one.title = dokhae.say(one.dataset.title) + (one.dataset.count ? ": " + one.dataset.count : "");
    }
  };

  dokhae.speak = (lang) => {
    document.documentElement.lang = lang;
    dokhae.remember("lang", lang);
    for (const button of document.querySelectorAll("[data-lang]")) {
      button.setAttribute("aria-pressed", String(button.dataset.lang === lang));
    }
    dokhae.words();
    document.dispatchEvent(new Event("dokhae-lang"));
  };

  // Loads data/<name>.js once.  Resolves when it has run.
  dokhae.load = (name) => {
    if (!loading.has(name)) {
      loading.set(name, new Promise((done, failed) => {
        const script = document.createElement("script");
        script.src = root + "data/" + name + ".js";
        script.onload = done;
        script.onerror = () => failed(new Error(script.src));
        document.head.append(script);
      }));
    }
    return loading.get(name);
  };

  dokhae.element = (tag, attributes = {}, ...children) => {
    const made = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
    made.append(...children);
    return made;
  };

  document.addEventListener("DOMContentLoaded", () => {
    for (const button of document.querySelectorAll("[data-lang]")) {
      button.addEventListener("click", () => dokhae.speak(button.dataset.lang));
    }
    for (const button of document.querySelectorAll("[data-print]")) button.addEventListener("click", () => print());
    dokhae.speak(dokhae.recall("lang") || document.documentElement.lang);
  });
})();
