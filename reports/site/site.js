// The filter of the matrix, kept in the address, and the buttons that copy. All pages read without.
"use strict";

(function () {
  const form = document.getElementById("filter");

  // ---- Copying ----

  function copyText(text) {
    if (navigator.clipboard) return navigator.clipboard.writeText(text);
    return Promise.reject(new Error("no clipboard"));
  }

  function select(node) {
    const range = document.createRange();
    range.selectNodeContents(node);
    const chosen = getSelection();
    chosen.removeAllRanges();
    chosen.addRange(range);
  }

  for (const box of document.querySelectorAll(".program, .text")) {
    const code = box.querySelector("code");
    const button = document.createElement("button");
    button.type = "button";
    button.className = "copy";
    button.textContent = "Copy";
    button.setAttribute("aria-label", box.className === "text" ? "Copy the scenario" : "Copy the program");
    button.addEventListener("click", () => copyText(code.textContent).then(
      () => { button.textContent = "Copied"; },
      () => { select(code); button.textContent = "Selected"; }));
    code.parentNode.before(button);
  }

  // A target inside a closed section is opened.
  function openTarget() {
    const target = location.hash.length > 1 && document.getElementById(location.hash.slice(1));
    const section = target && target.closest("details.scenario");
    if (section && !section.open) {
      section.open = true;
      target.scrollIntoView();
    }
  }
  addEventListener("hashchange", openTarget);
  openTarget();

  if (!form) return;

  // ---- The filter ----

  const fields = ["q", "show", "area", "on"].map((id) => document.getElementById(id));
  const found = document.getElementById("found");
  const table = document.querySelector(".matrix");
  const areas = Array.from(table.tBodies, (body, index) => ({
    body,
    index: String(index),
    rows: Array.from(body.rows).slice(1).map((row) => ({
      row,
      words: row.cells[0].textContent.toLowerCase(),
      flags: row.dataset.f,
      differs: row.dataset.d.split(" ").filter(Boolean),
    })),
  }));
  const whole = found.textContent;
  const shows = {
    any: (rule) => rule.differs.length > 0,
    one: (rule) => rule.differs.length === 1,
    apart: (rule) => rule.flags.includes("a"),
    refuted: (rule) => rule.flags.includes("r"),
    disputed: (rule) => rule.flags.includes("c"),
    bare: (rule) => rule.flags.includes("b"),
  };

  function keeps(rule, words, show, on) {
    return words.every((word) => rule.words.includes(word)) &&
      (!show || show(rule)) && (!on || rule.differs.includes(on));
  }

  function apply() {
    const [q, showName, area, on] = fields.map((field) => field.value);
    const words = q.toLowerCase().split(/\s+/).filter(Boolean);
    const show = Object.hasOwn(shows, showName) ? shows[showName] : null;
    let count = 0;
    for (const part of areas) {
      let kept = 0;
      for (const rule of part.rows) {
        const keep = (!area || area === part.index) && keeps(rule, words, show, on);
        rule.row.hidden = !keep;
        kept += keep;
      }
      part.body.hidden = kept === 0;
      count += kept;
    }
    const filtered = words.length || show || area || on;
    found.textContent = filtered ? (count === 1 ? "1 rule" : count + " rules") + " of " + whole : whole;
  }

  // In the fragment: no browser lets a page from the file system change more of its address.
  function read() {
    const given = new URLSearchParams(location.hash.startsWith("#?") ? location.hash.slice(2) : "");
    for (const field of fields) {
      field.value = given.get(field.id) || "";
      if (field.value === "" && field.options) field.selectedIndex = 0;
    }
    apply();
  }

  function keep() {
    const given = new URLSearchParams();
    for (const field of fields) if (field.value) given.set(field.id, field.value);
    const text = given.toString();
    history.replaceState(null, "", text ? "#?" + text : location.pathname + location.search);
    apply();
  }

  form.addEventListener("input", keep);
  form.addEventListener("change", keep);
  form.addEventListener("submit", (event) => event.preventDefault());
  form.addEventListener("reset", () => setTimeout(keep));
  addEventListener("hashchange", () => {
    if (location.hash === "" || location.hash.startsWith("#?")) read();
  });
  addEventListener("pageshow", (event) => { if (event.persisted) read(); });
  addEventListener("keydown", (event) => {
    const typing = /^(INPUT|SELECT|TEXTAREA)$/.test(event.target.tagName);
    if (event.key === "/" && !typing && !event.ctrlKey && !event.metaKey && !event.altKey) {
      event.preventDefault();
      fields[0].focus();
    } else if (event.key === "Escape" && event.target === fields[0]) {
      document.querySelector(".scroll").focus();
    }
  });
  form.hidden = false;
  read();
})();
