// Keyboard shortcuts. Any element with data-key="/" or data-key="g i" is focused (inputs) or clicked by those keys, and
// appears on the help sheet as data-key-label. They can be switched off (WCAG 2.1.4), and never fire while typing.
(() => {
  "use strict";

  const SEQUENCE_MS = 1000;
  let pressed = "";
  let timer;

  if (document.body.dataset.shortcuts !== "off") document.addEventListener("keydown", hear);

  function hear(event) {
    if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented || isTyping(event.target)) return;
    if (document.querySelector("dialog[open]")) return;
    const keys = pressed ? `${pressed} ${event.key}` : event.key;
    const element = visible(`[data-key="${CSS.escape(keys)}"]`);
    remember(element ? "" : event.key);
    if (!element) return;
    event.preventDefault();
    if (element.matches("input, textarea, select")) element.focus();
    else element.click();
  }

  // The first key of two is good for a second.
  function remember(key) {
    clearTimeout(timer);
    pressed = document.querySelector(`[data-key^="${CSS.escape(key)} "]`) && key ? key : "";
    timer = setTimeout(() => { pressed = ""; }, SEQUENCE_MS);
  }

  // A menu that is closed hides its buttons, but their keys work.
  function visible(selector) {
    return [...document.querySelectorAll(selector)].find((element) => element.checkVisibility() || element.closest("details.menu"));
  }

  function isTyping(element) {
    return element.isContentEditable || element.matches("textarea, select, input:not([type=checkbox], [type=radio], [type=button])");
  }

  const sheet = document.getElementById("help-keys");
  document.querySelector('[data-opens="help"]')?.addEventListener("click", () => {
    sheet.replaceChildren(...[...document.querySelectorAll("[data-key]")].flatMap(line));
  });

  function line(element) {
    const keys = document.createElement("dt");
    keys.append(...element.dataset.key.split(" ").map((key) => {
      const cap = document.createElement("kbd");
      cap.textContent = key;
      return cap;
    }));
    const words = document.createElement("dd");
    words.textContent = element.dataset.keyLabel ?? element.getAttribute("aria-label") ?? element.textContent.trim();
    return [keys, words];
  }
})();
