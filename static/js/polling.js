// Polls: none from a hidden tab but /pulse, none while signed out or offline; and what the page says when a request
// fails: nothing for one of data-quiet="all", and only what the server says for data-quiet="network".
(() => {
  "use strict";

  const PULSE_MS = 30000;
  const FAST_MS = 1000;
  const FAST_TIMES = 15;
  const { leadline } = window;
  leadline.showWaiting = showWaiting;
  const banner = document.getElementById("offline");

  document.addEventListener("htmx:config:request", (event) => {
    const sleeps = document.hidden || leadline.signedOut || !navigator.onLine;
    if (sleeps && leadline.isPoll(event.detail.ctx)) event.preventDefault();
  });

  document.addEventListener("visibilitychange", () => {
    if (document.hidden) return;
    pollNow();
    pulse();
  });

  function pollNow() {
    for (const element of document.querySelectorAll('[hx-trigger*="every "]')) element.dispatchEvent(new CustomEvent("every"));
  }

  // After a send, `HX-Trigger: poll-fast` makes the page's polls come every second for a while.
  let fast;
  document.addEventListener("poll-fast", () => {
    clearInterval(fast);
    let left = FAST_TIMES;
    fast = setInterval(() => {
      pollNow();
      left -= 1;
      if (left === 0) clearInterval(fast);
    }, FAST_MS);
  });

  // --- When an answer does not come, or is an error -----------------------------------------------------------------

  document.addEventListener("htmx:before:response", ({ detail: { ctx } }) => {
    banner.hidden = true;
    const offset = ctx.response.headers.get("X-Clock-Offset");
    if (offset !== null) leadline.moveClock(Number(offset));
  });

  document.addEventListener("htmx:error", ({ detail: { ctx, error } }) => {
    if (!ctx || ctx.response) return;
    const timedOut = ctx.request.signal.reason === "timeout";
    if (!timedOut && error?.name !== "TypeError") return;
    banner.hidden = timedOut && navigator.onLine;
    if (!leadline.isPoll(ctx) && !ctx.sourceElement.dataset.quiet) leadline.toast(timedOut ? "No answer yet. Look again before you repeat it." : "Offline, not sent.");
  });

  document.addEventListener("htmx:response:error", ({ detail: { ctx } }) => {
    const { status } = ctx.response;
    if (status === 401 || status === 422 || leadline.isPoll(ctx) || ctx.sourceElement.dataset.quiet === "all") return;
    if (ctx.text.includes("<hx-partial")) return; // the page itself says what is wrong
    const said = words(ctx.text);
    if (!said && ctx.text.includes('role="alert"')) return; // as does what came into its place
    leadline.toast(said || "That did not work. Try again.");
  });

  // Error fragments hold one sentence.
  function words(html) {
    return new DOMParser().parseFromString(html, "text/html").querySelector(".problem")?.textContent.trim();
  }

  window.addEventListener("offline", () => { banner.hidden = false; });
  window.addEventListener("online", () => { banner.hidden = true; pollNow(); });

  // --- The pulse: how many wait, in the navigation and the title ----------------------------------------------------

  const title = document.title;

  async function pulse() {
    const answer = await fetch("/pulse", { headers: { "HX-Request": "true" } }).catch(() => null);
    if (answer?.status === 401 && !document.hidden) return leadline.signIn?.();
    if (!answer?.ok) return;
    showWaiting((await answer.json()).waiting);
  }

  function showWaiting(waiting) {
    const count = document.getElementById("waiting-count");
    count.hidden = waiting === 0;
    count.textContent = waiting;
    document.title = waiting ? `(${waiting}) ${title}` : title;
  }

  if (document.body.dataset.user) {
    pulse();
    setInterval(() => { if (!leadline.signedOut && navigator.onLine) pulse(); }, PULSE_MS);
  }
})();
