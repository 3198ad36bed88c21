// Where the keyboard is after a form: at what is wrong or asked, at what was pressed, never back at the top of the page.
(() => {
  "use strict";

  const KEY = "leadline.pressed";
  const LOOK_AT = '[aria-invalid="true"], [data-wrong], [data-asks]';

  if (!lookAtWhatIsWrong()) goBackToWhatWasPressed();
  sessionStorage.removeItem(KEY);

  document.addEventListener("htmx:finally:request", ({ detail: { ctx } }) => {
    if (ctx.sourceElement.id === "main") lookAtWhatIsWrong(); // the form itself is gone: the page took its place
  });

  function lookAtWhatIsWrong() {
    const wrong = [...document.querySelectorAll("main :is(" + LOOK_AT + ")")].find((element) => !element.disabled);
    if (wrong) focus(wrong);
    return wrong;
  }

  function focus(element) {
    const fold = element.closest("details");
    if (fold) fold.open = true;
    element.focus({ preventScroll: true });
    element.scrollIntoView({ block: element.matches("[data-asks]") ? "start" : "center" });
  }

  // A sum of what is wrong, or of what is still to do, leads to its fields.
  document.addEventListener("click", (event) => {
    const hash = event.target.closest('main a[href^="#"]')?.hash;
    const field = hash && document.getElementById(decodeURIComponent(hash.slice(1)));
    if (!field) return;
    event.preventDefault();
    const within = field.matches("fieldset") ? field.querySelector("input:not([type=hidden])") ?? field : field;
    focus(within);
  });

  // The browser brings only the caret of a long field into sight: the bar that stays below a form may cover the rest.
  document.addEventListener("focusin", ({ target }) => {
    const bar = target.closest("form")?.querySelector(":scope > .reg-save");
    if (!bar || bar.contains(target)) return;
    requestAnimationFrame(() => {
      if (target.getBoundingClientRect().bottom > bar.getBoundingClientRect().top) target.scrollIntoView({ block: "nearest" });
    });
  });

  // On a phone the tab that one is on may be out of sight.
  const tab = document.querySelector('.tabs [aria-current="page"]');
  if (tab) tab.parentElement.scrollLeft = tab.offsetLeft - (tab.parentElement.clientWidth - tab.offsetWidth) / 2;

  // --- After a form that the browser itself sent ------------------------------------------------------------------

  window.addEventListener("submit", ({ defaultPrevented, target, submitter }) => {
    if (defaultPrevented || target.method !== "post" || !submitter) return;
    const around = [];
    for (let each = submitter; each && each !== document.body; each = each.parentElement) if (each.id) around.push(each.id);
    const pressed = { path: location.pathname, action: target.getAttribute("action"), act: submitter.dataset.act, around };
    sessionStorage.setItem(KEY, JSON.stringify(pressed));
  });

  // The same button; one that undoes it; else the nearest part of the page that is still there.
  function goBackToWhatWasPressed() {
    const pressed = JSON.parse(sessionStorage.getItem(KEY) ?? "null");
    if (pressed?.path !== location.pathname || document.activeElement !== document.body) return;
    const same = [`form[action="${CSS.escape(pressed.action ?? "")}"] button`, `[data-act="${pressed.act}"]`];
    const places = [...same.flatMap((place) => [...document.querySelectorAll(place)]), ...pressed.around.map((id) => document.getElementById(id))];
    const place = places.find((element) => element?.checkVisibility() && !element.disabled);
    if (!place) return;
    const isPart = !place.matches("a, button, input, select, textarea, summary");
    if (isPart) {
      if (!place.hasAttribute("tabindex")) place.tabIndex = -1;
      place.dataset.part = ""; // a frame around half of the page would say nothing
    }
    place.focus({ preventScroll: true });
    if (!isPart || place.offsetHeight < window.innerHeight) place.scrollIntoView({ block: "nearest" });
  }
})();
