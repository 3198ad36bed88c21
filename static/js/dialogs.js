// Dialogs over the page: "are you sure?", and signing in again, so that an ended session loses nothing.
(() => {
  "use strict";

  const FRESH_MS = 5 * 60000;
  const { leadline } = window;

  // --- Are you sure? ----------------------------------------------------------------------------------------------

  const confirm = document.getElementById("confirm");

  // Asks `confirm` (with `confirmDetail`, `confirmYes` and `confirmNo`, as data attributes spell them); resolves to yes or
  // no.
  leadline.ask = (words) => {
    document.getElementById("confirm-question").textContent = words.confirm;
    document.getElementById("confirm-detail").textContent = words.confirmDetail ?? "";
    document.getElementById("confirm-yes").textContent = words.confirmYes ?? "Yes";
    document.getElementById("confirm-no").textContent = words.confirmNo ?? "Cancel";
    confirm.returnValue = "";
    confirm.showModal();
    return new Promise((resolve) => {
      confirm.addEventListener("close", () => resolve(confirm.returnValue === "yes"), { once: true });
    });
  };

  document.addEventListener("htmx:confirm", (event) => {
    const { ctx, issueRequest, dropRequest } = event.detail;
    event.preventDefault();
    leadline.ask({ ...ctx.sourceElement.dataset, confirm: ctx.confirm }).then((yes) => (yes ? issueRequest() : dropRequest()));
  });

  document.addEventListener("click", (event) => {
    const opener = event.target.closest("[data-opens]");
    if (opener) document.getElementById(opener.dataset.opens).showModal();
  });

  // --- Signing in again -------------------------------------------------------------------------------------------

  const dialog = document.getElementById("sign-in-again");
  if (!dialog) return;
  const waiting = [];

  document.addEventListener("htmx:before:response", (event) => {
    const { ctx } = event.detail;
    if (ctx.response.status === 401) {
      event.preventDefault();
      signIn(ctx);
    } else if (ctx.response.headers.get("X-CSRF-Failed") && !ctx.sourceElement.dataset.retried) {
      event.preventDefault();
      retryWithNewToken(ctx);
    }
  });

  // Asks who this is; then what was asked meanwhile is asked once more. `ctx` is htmx's, of the request that got a 401.
  async function signIn(ctx) {
    if (ctx && !leadline.isPoll(ctx)) waiting.push(() => leadline.again(ctx));
    if (dialog.open) return;
    leadline.signedOut = true;
    show(await (await fetch(dialog.dataset.form)).text());
  }
  leadline.signIn = signIn;

  function show(form) {
    dialog.innerHTML = form;
    if (!dialog.open) dialog.showModal();
    dialog.querySelector("[autofocus], [aria-invalid]")?.focus();
  }

  dialog.addEventListener("submit", async (event) => {
    event.preventDefault();
    const form = event.target;
    const answer = await fetch(form.action, { method: "POST", body: new URLSearchParams(new FormData(form)) });
    if (answer.ok) goOn(await answer.json());
    else show(await answer.text());
  });

  function goOn({ csrf_token: token, user_id: user }) {
    // Somebody else must not see, or send, what was on this page.
    if (user !== document.body.dataset.user) return window.location.reload();
    leadline.signedOut = false;
    dialog.close();
    leadline.useToken(token);
    for (const askOnceMore of waiting.splice(0)) askOnceMore();
  }

  dialog.addEventListener("cancel", () => { waiting.length = 0; });

  // --- A form that the browser itself sends -----------------------------------------------------------------------
  // It would lose what was typed to an ended session, or without a connection: so a page that was open for a while, or
  // was out of sight, asks first whether somebody is signed in. So does any form with a line for that (data-offline),
  // which says so in its place.

  const loadedAt = Date.now();
  let wasAway = false;
  document.addEventListener("visibilitychange", () => { wasAway ||= document.hidden; });

  function isDoubtful() {
    return wasAway || !navigator.onLine || Date.now() - loadedAt > FRESH_MS;
  }

  document.addEventListener("submit", async (event) => {
    const { target: form, submitter } = event;
    const line = form.querySelector("[data-offline]");
    if (event.defaultPrevented || form.method !== "post" || form.dataset.checked || !(line || isDoubtful())) return;
    event.preventDefault();
    form.dataset.busy = "yes";
    const session = await fetch(dialog.dataset.token).then((answer) => answer.json()).catch(() => null);
    delete form.dataset.busy;
    if (line) line.hidden = Boolean(session);
    if (!session) return line ? submitter?.focus() : leadline.toast("Offline, not sent.");
    if (session.user_id !== document.body.dataset.user) {
      waiting.push(() => send(form, submitter));
      return signIn();
    }
    leadline.useToken(session.csrf_token);
    send(form, submitter);
  });

  function send(form, submitter) {
    form.dataset.checked = form.dataset.confirmed = "yes";
    form.requestSubmit(submitter ?? undefined);
    delete form.dataset.checked;
    delete form.dataset.confirmed;
  }

  // The browser was given a new session in another tab: its token is fetched, and the request sent once more.
  async function retryWithNewToken(ctx) {
    const { csrf_token: token } = await (await fetch(dialog.dataset.token)).json();
    leadline.useToken(token);
    ctx.sourceElement.dataset.retried = "yes";
    leadline.again(ctx);
    delete ctx.sourceElement.dataset.retried;
  }
})();
