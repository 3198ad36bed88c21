// Keeps a page of the simulator true: reads its feed each second, and sends its forms without leaving the page.
(() => {
  "use strict";

  const POLL_MS = 1000;
  const body = document.body;
  const glass = document.getElementById("glass");
  const gone = document.getElementById("gone");

  // --- The feed -----------------------------------------------------------------------------------------------------

  let known = "";
  let timer;
  let asked = 0;

  async function poll() {
    clearTimeout(timer);
    if (document.hidden) return;
    const mine = ++asked;
    try {
      const answer = await fetch(body.dataset.feed, { cache: "no-store", headers: known ? { "If-None-Match": known } : {} });
      if (mine !== asked) return;
      gone.hidden = answer.ok || answer.status === 304;
      if (answer.status === 200) {
        const news = await answer.json();
        if (mine !== asked) return;
        known = answer.headers.get("ETag");
        show(news);
      }
    } catch {
      gone.hidden = mine !== asked;
    }
    // A poll that was overtaken leaves the next one to its overtaker.
    if (mine === asked) timer = setTimeout(poll, POLL_MS);
  }

  function show({ lists, texts, fields, flags }) {
    for (const [id, html] of Object.entries(lists)) showList(document.getElementById(id), html);
    for (const [id, text] of Object.entries(texts)) {
      const element = document.getElementById(id);
      if (element && element.textContent !== text) element.textContent = text;
    }
    for (const [name, value] of Object.entries(fields)) {
      showField(document.querySelector(`[name="${name}"]`), value);
    }
    for (const [name, on] of Object.entries(flags)) body.toggleAttribute(`data-${name}`, on);
  }

  function showField(field, value) {
    // What is being sent is newer than what the feed says.
    if (!field || field.form.ariaBusy === "true") return;
    if (typeof value === "boolean") field.checked = value;
    else {
      field.value = value;
      if (field.value !== value) window.location.reload();
    }
  }

  // Items that stand as they are stay the same elements, so that a picture does not flicker and focus is kept.
  function showList(list, html) {
    const template = document.createElement("template");
    template.innerHTML = html;
    const atEnd = !glass || glass.scrollHeight - glass.scrollTop - glass.clientHeight < 64;
    let place = list.firstElementChild;
    let changed = false;
    for (const wanted of [...template.content.children]) {
      const standing = document.getElementById(wanted.id);
      if (standing?.isEqualNode(wanted)) {
        if (standing === place) place = place.nextElementSibling;
        else list.insertBefore(standing, place);
        continue;
      }
      changed = true;
      if (standing === place) place = place?.nextElementSibling ?? null;
      standing?.remove();
      list.insertBefore(wanted, place);
    }
    while (place) {
      const next = place.nextElementSibling;
      place.remove();
      place = next;
    }
    if (changed && atEnd) toEnd();
  }

  function toEnd() {
    if (glass) glass.scrollTop = glass.scrollHeight;
  }

  document.addEventListener("visibilitychange", poll);
  window.addEventListener("pageshow", poll);
  toEnd();

  // --- Forms --------------------------------------------------------------------------------------------------------

  document.addEventListener("change", (event) => {
    const form = event.target.form;
    if (form?.matches(".applies") && event.target.matches("select, [type=checkbox]")) form.requestSubmit();
  });

  document.addEventListener("submit", async (event) => {
    const form = event.target;
    // These lead to a page that looks otherwise: another phone, one more code.
    if (form.method !== "post" || event.submitter?.name === "code_rate") return;
    event.preventDefault();
    if (form.ariaBusy === "true") return;
    form.ariaBusy = "true";
    const answer = await send(form, event.submitter);
    form.ariaBusy = "false";
    if (form.id === "reply") await settle(form, answer, event.submitter);
    // What was refused is sent once more as a browser does by itself: the answer is the page that says why.
    else if (answer && !answer.ok) return form.submit();
    // The page was ahead of the feed: even a feed that is as it was before is news to it.
    known = "";
    poll();
  });

  async function send(form, submitter) {
    try {
      return await fetch(form.action, { method: "POST", body: new URLSearchParams(new FormData(form, submitter)) });
    } catch {
      return null;
    }
  }

  // After a reply: the box is empty again, or says what is wrong.
  async function settle(form, answer, submitter) {
    const error = document.getElementById("reply-error");
    const box = form.elements.body;
    error.textContent = answer?.ok ? "" : await reason(answer);
    error.hidden = !error.textContent;
    box.toggleAttribute("aria-invalid", !error.hidden);
    if (error.hidden && submitter?.name !== "chip") box.value = "";
    fit(box);
    toEnd();
  }

  async function reason(answer) {
    if (!answer) return "Not sent: the simulator does not answer.";
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    return page.getElementById("reply-error")?.textContent || "Not sent.";
  }

  // --- The reply box ------------------------------------------------------------------------------------------------

  const box = document.querySelector("textarea");

  box?.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.shiftKey || event.isComposing || event.repeat) return;
    event.preventDefault();
    box.form.requestSubmit();
  });
  box?.addEventListener("input", () => fit(box));

  function fit(area) {
    area.rows = Math.min(4, area.value.split("\n").length);
  }
})();
