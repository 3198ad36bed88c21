// The builder: steps are dragged into another order. Buttons do the same from the keyboard and without scripts.
(() => {
  "use strict";

  let dragged = null;

  const list = () => document.querySelector(".timeline");
  const stepOf = (target) => target.closest?.(".timeline-step[data-key]");

  document.addEventListener("dragstart", (event) => {
    if (!event.target.closest?.(".step-drag")) return;
    dragged = stepOf(event.target);
    event.dataTransfer.effectAllowed = "move";
    event.dataTransfer.setData("text/plain", dragged.dataset.key);
    event.dataTransfer.setDragImage(dragged, 16, 16);
    dragged.dataset.dragged = "yes";
  });

  document.addEventListener("dragover", (event) => {
    const over = dragged && stepOf(event.target);
    if (!over) return;
    event.preventDefault();
    unmark();
    if (over !== dragged) over.dataset.drop = isAbove(over, event) ? "above" : "below";
  });

  document.addEventListener("drop", (event) => {
    const over = dragged && stepOf(event.target);
    if (!over) return;
    event.preventDefault();
    const above = isAbove(over, event);
    const moved = dragged;
    forget();
    if (over !== moved) send(moved, over, above);
  });

  document.addEventListener("dragend", forget);

  function isAbove(over, event) {
    const { top, height } = over.getBoundingClientRect();
    return event.clientY < top + height / 2;
  }

  function unmark() {
    for (const each of document.querySelectorAll("[data-drop]")) delete each.dataset.drop;
  }

  function forget() {
    unmark();
    if (dragged) delete dragged.dataset.dragged;
    dragged = null;
  }

  // The whole order, so that a change that somebody else made meanwhile is noticed.
  function send(moved, over, above) {
    const keys = [...list().querySelectorAll(".timeline-step[data-key]")].map((step) => step.dataset.key).filter((key) => key !== moved.dataset.key);
    keys.splice(keys.indexOf(over.dataset.key) + (above ? 0 : 1), 0, moved.dataset.key);
    const form = document.getElementById("arranging");
    form.elements.keys.value = keys.join(" ");
    form.elements.dragged.value = moved.dataset.key;
    form.requestSubmit();
  }

  // A form that has just opened takes the focus, at what is wrong or at the text; one that is in use keeps its own.
  document.addEventListener("htmx:after:swap", () => {
    const form = document.querySelector("[data-step-form]");
    if (!form || form.contains(document.activeElement)) return;
    const field = form.querySelector("[aria-invalid='true'], #step-body");
    field.focus();
    if (field.id === "step-body") field.setSelectionRange(field.value.length, field.value.length);
  });

  // Rules that were not saved lead to what is wrong with them.
  document.addEventListener("htmx:after:swap", () => {
    if (document.activeElement === document.body) document.querySelector("#rules :is([aria-invalid='true'], [data-wrong])")?.focus();
  });
})();
