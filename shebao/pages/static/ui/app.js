// Progressive behaviours only: every page works without this file.

const here = document.currentScript ?? document.querySelector("script[data-govuk]");

// GOV.UK's behaviours: error summary focus, double-click guard, conditional radios, character count, file upload.
// The address comes from the page, because static files have hashed names.
if (here?.dataset.govuk) {
  import(here.dataset.govuk).then((govuk) => {
    document.body.classList.add("js-enabled", "govuk-frontend-supported");
    const behaviours = () => {
      for (const name of ["ErrorSummary", "Button", "Radios", "Checkboxes", "CharacterCount", "FileUpload"]) govuk.createAll(govuk[name]);
      // A hidden comma makes the button's spoken name differ from what stands on it (WCAG 2.5.3).
      for (const comma of document.querySelectorAll(".govuk-file-upload-button > .govuk-visually-hidden")) comma.textContent = "";
    };
    behaviours();
    document.addEventListener("htmx:afterSettle", (event) => {
      if (event.target.querySelector?.("[data-module]")) behaviours();
    });
  });
}

// The portal's navigation scrolls on a phone: whoever is on its last page sees which one that is.
const current = document.querySelector(".nav--portal [aria-current]");
const pages = current?.closest("ul");
if (pages) pages.scrollLeft = current.offsetLeft - (pages.clientWidth - current.offsetWidth) / 2;

// 大声读: reads the main part with the browser's own voice; a second press stops it.
document.querySelector("[data-read-aloud]")?.addEventListener("click", () => {
  const voice = window.speechSynthesis;
  if (!voice) return;
  if (voice.speaking) return voice.cancel();
  const words = new SpeechSynthesisUtterance(document.querySelector("main").innerText.slice(0, 600));
  words.lang = document.documentElement.lang;
  words.rate = 0.85;
  voice.speak(words);
});

// A part that could not be fetched says so in the page, with the request's number for the help desk.
for (const name of ["htmx:responseError", "htmx:sendError", "htmx:timeout"]) {
  document.addEventListener(name, (event) => {
    const template = document.getElementById("trouble");
    const flash = document.getElementById("flash");
    if (!template || !flash) return;
    const notice = template.content.cloneNode(true);
    const number = event.detail.xhr?.getResponseHeader("X-Request-Id");
    notice.querySelector("[data-request]").textContent = number || "–";
    flash.replaceChildren(notice);
    flash.scrollIntoView({ block: "nearest" });
  });
}
document.addEventListener("click", (event) => {
  if (event.target.closest("[data-retry]")) window.location.reload();
  if (event.target.closest("[data-print]")) window.print();
});

// One click marks the whole of what is to be copied, whatever signs it holds; a button copies it where browsers can.
for (const field of document.querySelectorAll("[data-select]")) field.addEventListener("focus", () => field.select());
for (const button of document.querySelectorAll("[data-copy]")) {
  button.hidden = !navigator.clipboard;
  button.addEventListener("click", async () => {
    await navigator.clipboard.writeText(document.getElementById(button.dataset.copy).value);
    document.getElementById("copied").hidden = false;
  });
}

// What was wrong with a field is no longer said beside it once it is being put right; saving looks at it again.
for (const name of ["input", "change"]) {
  document.addEventListener(name, (event) => {
    const field = event.target.closest(".field--err");
    if (!field || !event.target.value) return;
    field.classList.remove("field--err");
    field.querySelector(".err")?.remove();
    for (const control of field.querySelectorAll("[aria-invalid]")) control.removeAttribute("aria-invalid");
  });
}

// One box ticks all boxes of the same name in its table, and counters follow.
document.addEventListener("change", (event) => {
  const all = event.target.closest("input[data-tick-all]");
  if (all) {
    for (const box of boxes(all)) box.checked = all.checked;
  }
  for (const other of document.querySelectorAll("input[data-tick-all]")) {
    const list = boxes(other);
    other.checked = list.length > 0 && list.every((box) => box.checked);
    other.indeterminate = !other.checked && list.some((box) => box.checked);
  }
  for (const counter of document.querySelectorAll("[data-ticked]")) {
    const here = document.querySelectorAll(`input[type="checkbox"][name="${CSS.escape(counter.dataset.ticked)}"]:checked`);
    counter.textContent = here.length + Number(counter.dataset.plus || 0);
  }
});
function boxes(all) {
  return [...all.closest("table").querySelectorAll(`input[name="${CSS.escape(all.dataset.tickAll)}"]`)];
}

// Choices that take effect at once still have a button for people without scripts.
document.addEventListener("change", (event) => {
  if (event.target.matches("[data-submit-on-change]")) event.target.form.requestSubmit();
});

// Five minutes before the log-in ends, the page says so (and not a pop-up), and offers to stay.
const warning = document.querySelector("[data-session-seconds]");
let ending;
function warnBeforeEnd(seconds) {
  clearTimeout(ending);
  warning.hidden = true;
  if (seconds > 0) ending = setTimeout(() => { warning.hidden = false; }, Math.max(seconds - 300, 1) * 1000);
}
if (warning) {
  warnBeforeEnd(Number(warning.dataset.sessionSeconds));
  document.addEventListener("htmx:afterRequest", (event) => {
    const left = event.detail.xhr?.getResponseHeader("X-Session-Seconds");
    if (left) warnBeforeEnd(Number(left));
  });
}

// What was typed isn't lost when the log-in ends meanwhile: a marked form that is sent is kept in this tab, for
// the account that typed it and for the page it was typed on, until the next page shows that it arrived. Hidden
// fields, passwords and files are never kept. Whoever logs out, or is somebody else, or comes too late finds nothing.
const KEPT = "kept-form";
const KEPT_FOR = 30 * 60 * 1000;
const typed = (form) => [...form.elements].filter((one) => one.name && one.type !== "button" && one.type !== "submit"
  && !["hidden", "password", "file"].includes(one.type));
const chosen = (one) => one.type === "checkbox" || one.type === "radio";
function keep(form) {
  if (!document.body.dataset.account) return;
  const fields = typed(form).map((one) => [one.name, chosen(one) ? [one.value, one.checked] : one.value, one.readOnly === true]);
  const kept = { account: document.body.dataset.account, path: location.pathname, at: Date.now(), fields };
  sessionStorage.setItem(KEPT, JSON.stringify(kept));
}
function forget() {
  sessionStorage.removeItem(KEPT);
}
function restore(form, fields) {
  const same = (one, name, value) => one.name === name && (!chosen(one) || one.value === value[0]);
  const found = fields.map(([name, value, fixed]) => [typed(form).find((one) => same(one, name, value)), value, fixed]);
  // What can't be written says whom the form is about: it must be the same person.
  if (found.some(([one, value, fixed]) => fixed && one?.value !== value)) return false;
  for (const [one, value, fixed] of found) {
    if (!one || fixed) continue;
    if (chosen(one)) one.checked = value[1];
    else one.value = value;
  }
  return true;
}
function lookAtKept() {
  const kept = JSON.parse(sessionStorage.getItem(KEPT) || "null");
  if (!kept) return;
  const account = document.body.dataset.account;
  const told = document.querySelector("[data-kept]");
  const form = document.querySelector("form[data-keep]");
  const left = kept.at + KEPT_FOR - Date.now();
  if (left <= 0 || (account && account !== kept.account)) return forget();
  setTimeout(() => { forget(); if (told) told.hidden = true; }, left);
  if (!account || told) { // it did not arrive
    sessionStorage.setItem(KEPT, JSON.stringify({ ...kept, lost: true }));
    if (told) told.hidden = false;
  } else if (!kept.lost) {
    forget();
  } else if (form && location.pathname === kept.path) {
    forget();
    if (restore(form, kept.fields)) document.querySelector("[data-restored]")?.removeAttribute("hidden");
  }
}
lookAtKept();
document.addEventListener("submit", (event) => {
  if (event.target.matches("[data-keep]")) keep(event.target);
  if (event.target.matches("[data-log-out]")) forget();
});
document.addEventListener("htmx:beforeOnLoad", (event) => {
  const form = document.querySelector("form[data-keep]");
  if (form && event.detail.xhr.getResponseHeader("HX-Redirect")) keep(form);
});

// Static files and an offline page only; nothing personal is ever kept by it.
if ("serviceWorker" in navigator && here?.dataset.worker) navigator.serviceWorker.register(here.dataset.worker);
