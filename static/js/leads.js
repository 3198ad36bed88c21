// A form that comes back leads to what is wrong; a lead's page follows its conversation; on the import page a file may
// be dropped, and one that is too large is refused before it is sent; in the list, leads are ticked.
(() => {
  "use strict";

  toWhatIsWrong();

  document.addEventListener("htmx:after:swap", ({ detail: { ctx } }) => {
    if (ctx.sourceElement?.id === "import-form") toWhatIsWrong();
    if (ctx.sourceElement?.id === "poll") document.getElementById("about")?.dispatchEvent(new CustomEvent("refresh"));
  });

  // Another condition is to be filled in next; where one went, another may be added. What asked for it is gone by then.
  let asked = "";
  for (const [type, name] of [["change", "add"], ["click", "remove"]]) {
    document.addEventListener(type, ({ target }) => { if (target.closest(`#sieve [name=${name}]`)) asked = name; }, true);
  }

  document.addEventListener("htmx:after:swap", () => {
    if (!asked || document.activeElement !== document.body) return;
    const last = asked === "add" && [...document.querySelectorAll(".condition")].at(-1);
    asked = "";
    const places = ["input.condition-name", ":is(input, select).condition-value, .condition-value input", "select"];
    const next = last && places.map((place) => last.querySelector(place)).find(Boolean);
    (next || document.querySelector("[name=add]"))?.focus();
  });

  function toWhatIsWrong() {
    document.querySelector('.lead-form [aria-invalid="true"]')?.focus();
  }

  document.addEventListener("dragover", (event) => mark(event, true));
  document.addEventListener("dragleave", (event) => mark(event, false));

  // A file that misses the field must not replace the page.
  document.addEventListener("drop", (event) => {
    const zone = mark(event, false);
    event.preventDefault();
    if (!zone || event.dataTransfer.files.length === 0) return;
    const input = zone.querySelector("input");
    input.files = event.dataTransfer.files;
    input.dispatchEvent(new Event("change", { bubbles: true }));
  });

  function mark(event, over) {
    const zone = event.target.closest?.("[data-drop]");
    if (over) event.preventDefault();
    zone?.toggleAttribute("data-over", over);
    return zone;
  }

  document.addEventListener("change", ({ target }) => {
    const zone = target.closest("[data-drop]");
    if (!zone) return;
    const file = target.files[0];
    const tooLarge = file && file.size > Number(zone.dataset.most) * 1024 * 1024;
    document.getElementById("file-error").textContent = tooLarge
      ? `The file is larger than ${zone.dataset.most} MB. Split it, and import the parts.` : "";
    target.setAttribute("aria-invalid", tooLarge ? "true" : "false");
    if (tooLarge) target.value = "";
  });

  // --- Ticked leads: what is done is for them, and for all that match where none is ticked ---------------------------

  document.addEventListener("change", ({ target }) => {
    if (target.dataset.ticks) for (const box of boxes()) box.checked = target.checked;
    if (target.dataset.ticks || target.form?.id === "bulk") tellTicked();
  });
  document.addEventListener("htmx:after:swap", tellTicked);
  window.addEventListener("pageshow", tellTicked);

  function boxes() {
    return [...document.querySelectorAll('input[name="lead"][form="bulk"]')];
  }

  function tellTicked() {
    const words = document.getElementById("ticked");
    const all = document.querySelector("[data-ticks]");
    if (!all) return;
    const ticked = boxes().filter((box) => box.checked).length;
    if (words) words.textContent = ticked ? `Change ${ticked} ticked` : words.dataset.all;
    all.hidden = false;
    all.checked = ticked > 0 && ticked === boxes().length;
    all.indeterminate = ticked > 0 && !all.checked;
  }
})();
