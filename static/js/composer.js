// Writing: Enter sends once, drafts are kept on the server, segments are counted, and nothing typed is ever lost.
(() => {
  "use strict";

  const KEEP_MS = 800;
  const { leadline } = window;
  const touch = window.matchMedia("(pointer: coarse)");

  // They are looked up each time: another conversation brings another composer.
  const composer = () => document.getElementById("composer");
  const box = () => document.getElementById("body");
  const key = () => document.getElementById("client-key");

  document.addEventListener("input", (event) => {
    if (event.target !== box()) return;
    say("");
    dress();
    keepSoon();
  });

  // --- Sending ------------------------------------------------------------------------------------------------------

  // On glass Enter is a new line, as there is a button under the thumb. Ctrl or Cmd + Enter sends everywhere.
  document.addEventListener("keydown", (event) => {
    if (event.target !== box() || event.key !== "Enter" || event.isComposing) return;
    const sends = event.ctrlKey || event.metaKey || (!event.shiftKey && !touch.matches);
    if (!sends) return;
    event.preventDefault();
    if (!event.repeat) composer().requestSubmit(document.getElementById("send"));
  });

  // A button takes the focus from the box, and a phone's keyboard would go with it.
  document.addEventListener("mousedown", (event) => {
    if (event.target.closest("#send") && document.activeElement === box()) event.preventDefault();
  });

  // What would fail anyway is said at once.
  document.addEventListener("submit", (event) => {
    if (event.target !== composer() || event.defaultPrevented) return;
    const wrong = fault();
    if (!wrong) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    say(wrong.words);
    wrong.place.focus();
  }, true);

  function fault() {
    const missing = document.querySelector("#consent :invalid");
    if (box().value.trim() === "") return { words: "Write a text first.", place: box() };
    const gap = /\{\{.*?\}\}/s.exec(box().value);
    if (gap) return { words: `Fill in ${gap[0]} first, or take it out.`, place: box() };
    if (missing) return { words: "Say how this person agreed to texts, and confirm it.", place: missing };
    if (!navigator.onLine) return { words: "Offline, not sent. Your text is kept here.", place: box() };
    return null;
  }

  let sent = "";
  document.addEventListener("htmx:before:request", ({ detail: { ctx } }) => {
    if (ctx.sourceElement !== composer()) return;
    sent = box().value;
    say("");
    keepNoMore();
  });

  // The text is on its way; what was typed meanwhile is the next one.
  document.addEventListener("text-sent", ({ detail }) => {
    if (key()?.value !== detail.key) return;
    key().value = detail.next;
    box().value = box().value.startsWith(sent) ? box().value.slice(sent.length) : box().value;
    dress();
    if (box().value) keepSoon();
    if (!touch.matches && document.activeElement?.matches("body, #send")) box().focus({ preventScroll: true });
  });
  document.addEventListener("new-key", ({ detail }) => { key().value = detail.next; });

  // A repeated text has the same key, so it goes out once, whatever became of the first try.
  document.addEventListener("htmx:error", ({ detail: { ctx } }) => {
    if (!ctx || ctx.sourceElement !== composer() || ctx.response) return;
    const timedOut = ctx.request.signal.reason === "timeout";
    say(timedOut ? "No answer yet. Press again: it goes out once." : "Offline, not sent. Your text is kept here.");
    keepSoon();
  });

  function say(words) {
    const place = document.getElementById("composer-error");
    if (place.textContent !== words) place.textContent = words;
  }

  // A poll brings a composer without the error that stands there; it stays until the next word or try.
  document.addEventListener("htmx:before:swap", ({ detail: { ctx, tasks } }) => {
    if (!leadline.isPoll(ctx)) return;
    const next = tasks.find(({ target }) => target?.id === "composer")?.fragment.querySelector("#composer-error");
    if (next) next.textContent = document.getElementById("composer-error").textContent;
  });

  // --- Drafts -------------------------------------------------------------------------------------------------------

  let timer;
  let unkept = false;
  let keeping = false;

  function keepSoon() {
    unkept = true;
    clearTimeout(timer);
    timer = setTimeout(keep, KEEP_MS);
  }

  function keep() {
    clearTimeout(timer);
    if (!unkept) return;
    unkept = false;
    keeping = true;
    document.getElementById("draft").dispatchEvent(new CustomEvent("keep"));
  }

  // The text is being sent: a draft of it must not come after it.
  function keepNoMore() {
    clearTimeout(timer);
    unkept = false;
    document.getElementById("draft").dispatchEvent(new CustomEvent("htmx:abort"));
  }

  document.addEventListener("htmx:finally:request", ({ detail: { ctx } }) => {
    if (ctx.sourceElement !== document.getElementById("draft")) return;
    keeping = false;
    if (ctx.response?.status !== 204) unkept = true;
  });

  // The next page is asked for before this one knows that it ends: it finds here what the server had not got yet.
  window.addEventListener("pagehide", () => {
    if (unkept || keeping) sessionStorage.setItem(slot(), box().value);
    keep();
  });

  function takeUp() {
    const text = sessionStorage.getItem(slot());
    sessionStorage.removeItem(slot());
    if (text === null) return;
    box().value = text;
    keepSoon();
  }

  const slot = () => `draft of ${document.body.dataset.user} for ${composer().getAttribute("hx-post")}`;

  // Before the box goes away: another app, another conversation.
  document.addEventListener("visibilitychange", keep);
  document.addEventListener("htmx:before:request", ({ detail: { ctx } }) => {
    if (ctx.target?.id === "conversation") keep();
  });
  window.addEventListener("online", keep);

  // --- The counter --------------------------------------------------------------------------------------------------

  let dressed = null;

  // Box and count as the text now stands.
  function dress() {
    if (!box()) return;
    if (box() !== dressed) {
      dressed = box();
      takeUp();
    }
    grow();
    const count = document.getElementById("count");
    leadline.counter.show(count, box().value.trim(), composer().dataset);
  }

  // Browsers that know field-sizing grow the box themselves.
  function grow() {
    if (CSS.supports("field-sizing", "content")) return;
    box().style.height = "auto";
    box().style.height = `${box().scrollHeight}px`;
  }

  dress();
  document.addEventListener("htmx:after:swap", () => { if (box() !== dressed) dress(); });
})();
