// Templates over a page: "/" in an empty box, or the button, opens them; what is chosen goes into the box. The box says
// data-picks: "fill" where nothing would fill in what is missing but the writer.
(() => {
  "use strict";

  const GAP = /\{\{.*?\}\}/s;

  // They are looked up each time: another conversation brings another composer.
  const box = () => document.querySelector("textarea[data-picks]");
  const dialog = () => document.getElementById("picker");
  const fills = () => box().dataset.picks === "fill";
  const search = () => document.getElementById("picker-search");
  const category = () => document.getElementById("picker-category");
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
    if (event.key !== "/" || event.isComposing || event.target !== box() || box().value || !dialog()) return;
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    open();
  });

  // What was offered before is taken away first: a choice among it would be lost when the new offer comes.
  function open() {
    const offered = document.getElementById("picker-offered");
    offered.replaceChildren();
    search().value = "";
    category().value = "";
    narrow();
    dialog().showModal();
    search().focus();
    offered.dispatchEvent(new CustomEvent("offer"));
  }

  // --- Choosing -----------------------------------------------------------------------------------------------------

  document.addEventListener("htmx:after:swap", () => {
    if (!dialog()?.open) return;
    offerCategories();
    narrow();
  });
  document.addEventListener("input", ({ target }) => { if (target === search() || target === category()) narrow(); });

  // The categories of what is offered, each in one spelling; there is nothing to choose from where it is but one.
  function offerCategories() {
    const names = new Map(options().map(({ dataset: { category: name } }) => [name.toLowerCase(), name]));
    const kept = category().value;
    category().replaceChildren(new Option("All categories", ""), ...[...names].filter(([key]) => key).map(([key, name]) => new Option(name, key)));
    category().value = names.has(kept) ? kept : "";
    category().hidden = names.size < 2;
  }

  // Every word that was typed is looked for, as the server's own search does.
  function narrow() {
    const words = search().value.toLowerCase().split(/\s+/).filter(Boolean);
    const wanted = category().value;
    for (const option of options()) {
      const said = option.dataset.words.toLowerCase();
      const other = wanted && option.dataset.category.toLowerCase() !== wanted;
      option.hidden = other || !words.every((word) => said.includes(word));
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

  // As if it had been typed where the cursor was; the first gap that the writer has to fill in is selected.
  function choose(option) {
    const text = option.dataset.text;
    dialog().close();
    const { selectionStart: start, selectionEnd: end, value } = box();
    const apart = fills() || !start || /\s/.test(value[start - 1]) ? "" : "\n";
    box().setRangeText(apart + text, start, end, "end");
    box().dispatchEvent(new Event("input", { bubbles: true }));
    box().focus();
    const gap = fills() && GAP.exec(text);
    if (gap) box().setSelectionRange(start + gap.index, start + gap.index + gap[0].length);
  }
})();
