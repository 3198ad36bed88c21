// A text with merge fields: buttons put them in where the cursor is, and the count follows what is typed.
(() => {
  "use strict";

  const LANGUAGE = /\{\{.*?\}\}|\{%.*?%\}|\{#.*?#\}/gs;

  document.addEventListener("click", ({ target }) => {
    const button = target.closest("[data-inserts]");
    if (!button) return;
    const menu = button.closest("details.menu");
    if (menu) menu.open = false;
    insert(button.closest("[data-body-field]").querySelector("textarea"), button.dataset.inserts);
  });

  // As if it had been typed, so that whoever listens hears of it.
  function insert(box, code) {
    box.setRangeText(code, box.selectionStart, box.selectionEnd, "end");
    box.focus();
    box.dispatchEvent(new Event("input", { bubbles: true }));
  }

  document.addEventListener("input", ({ target }) => {
    const field = target.closest("[data-body-field]");
    if (field && target.matches("textarea")) count(field);
  });

  // How long the values are, only the preview knows.
  function count(field) {
    const written = field.querySelector("textarea").value.trim();
    const own = written.replace(LANGUAGE, "");
    window.leadline.counter.show(field.querySelector("[data-count]"), own, field.dataset, own === written);
  }

  function countAll() {
    document.querySelectorAll("[data-body-field]").forEach(count);
  }

  countAll();
  document.addEventListener("htmx:after:swap", countAll);
})();
