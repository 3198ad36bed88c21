// Templates in the composer: "/" in an empty box, or the button, opens them; what is chosen goes into the box.
(() => {
  "use strict";

  const GAP = /\{\{.*?\}\}/s;

  // They are looked up each time: another conversation brings another composer.
  const box = () => document.getElementById("body");
  const dialog = () => document.getElementById("picker");
  const search = () => document.getElementById("picker-search");
  const options = () => [...dialog().querySelectorAll("[role=option]")];
  const shown = () => options().filter((option) => !option.hidden);
  const active = () => dialog().querySelector("[aria-selected=true]");

  // --- Opening ------------------------------------------------------------------------------------------------------

  document.addEventListener("click", ({ target }) => {
    if (target.closest("#pick")) open();
    else if (target.id === "picker") target.close();
    else if (target.closest("#picker [role=option]")) choose(target.closest("[role=option]"));
  });

  document.addEventListener("keydown", (event) => {
    if (event.target !== box() || event.key !== "/" || box().value || event.isComposing) return;
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    open();
  });

  // What was offered before is taken away first: a choice among it would be lost when the new offer comes.
  function open() {
    const offered = document.getElementById("picker-offered");
    offered.replaceChildren();
    search().value = "";
    narrow();
    dialog().showModal();
    search().focus();
    offered.dispatchEvent(new CustomEvent("offer"));
  }

  // --- Choosing -----------------------------------------------------------------------------------------------------

  document.addEventListener("htmx:after:swap", () => { if (dialog()?.open) narrow(); });
  document.addEventListener("input", ({ target }) => { if (target.id === "picker-search") narrow(); });

  // Every word that was typed is looked for, as the server's own search does.
  function narrow() {
    const words = search().value.toLowerCase().split(/\s+/).filter(Boolean);
    for (const option of options()) {
      const said = option.dataset.words.toLowerCase();
      option.hidden = !words.every((word) => said.includes(word));
    }
    document.getElementById("picker-none").hidden = !options().length || shown().length > 0;
    search().setAttribute("aria-expanded", String(shown().length > 0));
    mark(shown()[0]);
  }

  function mark(option) {
    active()?.setAttribute("aria-selected", "false");
    option?.setAttribute("aria-selected", "true");
    option?.scrollIntoView({ block: "nearest" });
    search().setAttribute("aria-activedescendant", option?.id ?? "");
  }

  document.addEventListener("keydown", (event) => {
    if (event.target.id !== "picker-search" || event.isComposing) return;
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (!step && event.key !== "Enter") return;
    event.preventDefault();
    if (step) mark(beside(step));
    else if (active()) choose(active());
  });

  function beside(step) {
    const all = shown();
    return all.at((all.indexOf(active()) + step) % all.length);
  }

  // As if it had been typed where the cursor was; the first gap is selected, so that typing fills it.
  function choose(option) {
    const text = option.dataset.text;
    dialog().close();
    const { selectionStart: start, selectionEnd: end } = box();
    box().setRangeText(text, start, end, "end");
    box().dispatchEvent(new Event("input", { bubbles: true }));
    box().focus();
    const gap = GAP.exec(text);
    if (gap) box().setSelectionRange(start + gap.index, start + gap.index + gap[0].length);
  }
})();
