// A form whose words are kept only once it is saved (data-keeps-words) is not left unasked: by a link, by another form, or
// with the page. It says "unsaved" where the server shows again what was sent and did not save it.
(() => {
  "use strict";

  const QUESTION = { confirm: "Throw away what you wrote?", confirmDetail: "It has not been saved.", confirmYes: "Throw it away", confirmNo: "Keep writing" };
  const { leadline } = window;
  let agreed = false;
  let sent = false;

  const form = () => document.querySelector("form[data-keeps-words]");

  function isUnsaved() {
    if (agreed || sent || !form()) return false;
    return form().dataset.keepsWords === "unsaved" || [...form().elements].some(isChanged);
  }

  // Whom a preview is for is not kept anyway.
  function isChanged(field) {
    if (!field.name || field.name === "for" || field.type === "hidden") return false;
    if (field.matches("select")) return field.selectedOptions[0] !== asShown(field);
    if (field.matches("[type=checkbox], [type=radio]")) return field.checked !== field.defaultChecked;
    return "defaultValue" in field && field.value !== field.defaultValue;
  }

  // Where no option is marked as selected, the first one is.
  function asShown({ options }) {
    return [...options].find((option) => option.defaultSelected) ?? options[0];
  }

  // Capturing, so that htmx hears of it only when somebody agreed.
  document.addEventListener("click", (event) => {
    const link = event.target.closest("a[href]");
    const elsewhere = event.button || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey;
    if (!link || elsewhere || !leaves(link) || !isUnsaved()) return;
    ask(event, () => link.click());
  }, true);

  function leaves(link) {
    if (link.hasAttribute("hx-get")) return Boolean(document.querySelector(link.getAttribute("hx-target"))?.contains(form()));
    return link.target !== "_blank" && !link.getAttribute("href").startsWith("#");
  }

  document.addEventListener("submit", (event) => {
    if (event.target === form() || event.target.hasAttribute("hx-post") || event.target.method === "dialog" || !isUnsaved()) return;
    ask(event, () => event.target.requestSubmit(event.submitter ?? undefined));
  }, true);

  async function ask(event, goOn) {
    event.preventDefault();
    event.stopImmediatePropagation();
    if (!(await leadline.ask(QUESTION))) return;
    agreed = true;
    goOn();
  }

  // The browser asks in its own words.
  window.addEventListener("submit", (event) => { sent = !event.defaultPrevented && event.target === form(); });
  window.addEventListener("beforeunload", (event) => { if (isUnsaved()) event.preventDefault(); });

  // Back on the page, or still on it: it asks again.
  window.addEventListener("pageshow", () => { agreed = sent = false; });
  document.addEventListener("htmx:finally:request", () => { agreed = false; });
})();
