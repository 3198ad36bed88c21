// What every page does: sends the CSRF token, never submits twice, shows toasts, keeps ages fresh.
// Other scripts find what they share under window.leadline.
(() => {
  "use strict";

  const TOAST_MS = 6000;
  const UNDO_MS = 10000;
  const FRESHEN_MS = 30000;
  const body = document.body;

  window.leadline = { toast, useToken, again, isPoll, moveClock, ask: async () => true };

  // --- CSRF ---------------------------------------------------------------------------------------------------

  const meta = document.querySelector('meta[name="csrf-token"]');

  document.addEventListener("htmx:config:request", (event) => {
    event.detail.ctx.request.headers["X-CSRFToken"] = meta.content;
  });

  // Puts a new token wherever the page keeps one.
  function useToken(token) {
    meta.content = token;
    for (const input of document.querySelectorAll('input[name="csrf_token"]')) input.value = token;
  }

  // Sends a request of htmx's once more, as the person did.
  function again(ctx) {
    const { sourceElement: element, sourceEvent: cause } = ctx;
    if (!element.isConnected || isPoll(ctx)) return;
    if (element.matches("form")) element.requestSubmit(cause.submitter ?? undefined);
    else element.dispatchEvent(new CustomEvent(cause.type, { bubbles: true, cancelable: true }));
  }

  function isPoll(ctx) {
    return ctx.sourceEvent?.type === "every";
  }

  // --- Never twice --------------------------------------------------------------------------------------------

  // Capturing, so that a second click is stopped before htmx, or anybody, hears of it.
  document.addEventListener("submit", async (event) => {
    const form = event.target;
    if (form.dataset.busy) return stop(event);
    if (!form.dataset.confirm || form.dataset.confirmed) return;
    stop(event);
    if (!(await window.leadline.ask(form.dataset))) return;
    form.dataset.confirmed = "yes";
    form.requestSubmit(event.submitter ?? undefined);
    delete form.dataset.confirmed;
  }, true);

  document.addEventListener("click", (event) => {
    if (event.target.closest("button[aria-busy=true]")) stop(event);
  }, true);

  function stop(event) {
    event.preventDefault();
    event.stopImmediatePropagation();
  }

  // A form that the browser itself sends is busy until the next page; one that htmx sends, until it is answered.
  window.addEventListener("submit", (event) => {
    const method = event.submitter?.getAttribute("formmethod") ?? event.target.method;
    if (!event.defaultPrevented && method !== "dialog") setBusy(event.target, event.submitter, true);
  });
  window.addEventListener("pageshow", () => {
    for (const form of document.querySelectorAll("form[data-busy]")) setBusy(form, null, false);
  });
  for (const [name, busy] of [["htmx:before:request", true], ["htmx:finally:request", false]]) {
    document.addEventListener(name, ({ detail: { ctx } }) => {
      if (ctx.sourceElement.matches("form, button") && !isPoll(ctx)) setBusy(ctx.sourceElement, ctx.sourceEvent?.submitter, busy);
    });
  }

  function setBusy(element, submitter, busy) {
    if (element.matches("form")) {
      if (busy) element.dataset.busy = "yes";
      else delete element.dataset.busy;
    }
    const button = element.matches("button") ? element : submitter ?? element.querySelector('button:not([type="button"])');
    if (busy) button?.setAttribute("aria-busy", "true");
    else for (const each of [button, ...element.querySelectorAll("[aria-busy]")]) each?.removeAttribute("aria-busy");
  }

  // --- Toasts -------------------------------------------------------------------------------------------------

  // `undo` is an address that takes the act back by POST.
  function toast(text, undo) {
    const made = document.getElementById("toast-template").content.firstElementChild.cloneNode(true);
    made.querySelector("span").textContent = text;
    const form = made.querySelector("form");
    if (undo) {
      form.action = undo;
      form.hidden = false;
      form.elements.csrf_token.value = meta.content;
    } else form.remove();
    document.getElementById("toasts").append(made);
    expire(made);
  }

  // Goes by itself, but not while somebody is about to use it.
  function expire(made) {
    const wait = made.querySelector("form") ? UNDO_MS : TOAST_MS;
    const timer = setInterval(() => {
      if (made.matches(":hover, :focus-within")) return;
      clearInterval(timer);
      made.remove();
    }, wait);
  }

  document.addEventListener("toast", (event) => toast(event.detail.text, event.detail.undo));
  for (const made of document.querySelectorAll("[data-toast]")) expire(made);

  // --- Small things, each asked for by an attribute ---------------------------------------------------------------

  document.addEventListener("click", (event) => {
    const target = event.target;
    target.closest("[data-closes]")?.closest("[data-toast]")?.remove();
    const copier = target.closest("[data-copies]");
    if (copier) copy(document.getElementById(copier.dataset.copies));
    for (const menu of document.querySelectorAll("details.menu[open]")) {
      if (!menu.contains(target)) menu.open = false;
    }
  });

  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    const form = event.target.closest("details[open]:has(form)");
    for (const fold of [...document.querySelectorAll("details.menu[open]"), ...(form ? [form] : [])]) {
      fold.open = false;
      fold.querySelector("summary").focus();
    }
  });

  // Only pages on https or on this computer may use the clipboard; elsewhere the text is selected.
  async function copy(element) {
    if (navigator.clipboard) {
      await navigator.clipboard.writeText(element.textContent);
      toast("Copied.");
    } else window.getSelection().selectAllChildren(element);
  }

  // Save appears once there is something to save.
  for (const form of document.querySelectorAll("form[data-saves]")) {
    const select = form.querySelector("select");
    const button = form.querySelector("button");
    const stored = select.value;
    button.hidden = true;
    select.addEventListener("change", () => { button.hidden = select.value === stored; });
  }

  // --- Time ---------------------------------------------------------------------------------------------------

  const minutes = { hour: "numeric", minute: "2-digit" };
  let offsetMs = Number(body.dataset.clockOffset) * 1000;

  // Business time was moved: pages that stay open follow.
  function moveClock(seconds) {
    if (seconds * 1000 === offsetMs) return;
    offsetMs = seconds * 1000;
    freshen();
  }

  function freshen() {
    const now = Date.now() + offsetMs;
    for (const time of document.querySelectorAll("time[data-age]")) {
      const words = age((now - Date.parse(time.dateTime)) / 1000);
      if (words && words !== time.textContent) time.textContent = words;
    }
    const clock = document.getElementById("business-time");
    if (clock) clock.textContent = moment.format(now);
    for (const clock of document.querySelectorAll("[data-clock]")) clock.textContent = timeIn(clock.dataset.clock, now);
  }

  // The rule of webapp/inbox/places.py: the time of day in one zone, or in each that it may be.
  function timeIn(zones, now) {
    const times = zones.split(" ").map((timeZone) => new Date(now).toLocaleTimeString("en-US", { ...minutes, timeZone }));
    return [...new Set(times)].join(" or ");
  }

  // The rule of webapp/web/times.py; after a week the server's own words stay.
  function age(seconds) {
    if (seconds < 60) return "now";
    if (seconds < 3600) return `${Math.floor(seconds / 60)} min`;
    if (seconds < 86400) return `${Math.floor(seconds / 3600)} h`;
    return seconds < 7 * 86400 ? `${Math.floor(seconds / 86400)} d` : null;
  }

  const moment = new Intl.DateTimeFormat("en-US", {
    weekday: "short", month: "short", day: "numeric", ...minutes, timeZone: body.dataset.zone ?? "UTC",
  });

  setInterval(freshen, FRESHEN_MS);
})();
