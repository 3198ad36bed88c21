// The thread and the list beside it: polls and acts change what changed, and leave scroll and focus where they are.
(() => {
  "use strict";

  const AT_BOTTOM_PX = 24;
  const { leadline } = window;
  const byId = (id) => document.getElementById(id);

  // --- What a swap must not move ------------------------------------------------------------------------------------

  let before = null;

  document.addEventListener("htmx:before:swap", (event) => {
    const { ctx } = event.detail;
    // htmx would go to the address of a conversation that it did not get.
    if (ctx.push && ctx.response?.status >= 400) return event.preventDefault();
    before = { thread: placeIn(byId("scroller")), rows: byId("rows")?.scrollTop ? placeIn(byId("rows")) : null, focus: focused() };
  });

  document.addEventListener("htmx:after:swap", ({ detail: { ctx } }) => {
    if (ctx.target?.id === "why") return byId("why").open || byId("why").showModal();
    if (byId("scroller") !== thread.scroller) open(ctx);
    else if (byId("scroller")) follow();
    markRow();
    if (!before) return;
    putBack(byId("rows"), before.rows);
    refocus(before.focus);
    before = null;
  });

  // The first item in sight and how far down it is: what is read stays where it is, whatever comes above it.
  function placeIn(element) {
    if (!element) return null;
    const top = element.getBoundingClientRect().top;
    const first = [...element.querySelectorAll(".text, #rows li")].find((item) => item.getBoundingClientRect().bottom > top);
    return first ? { element, id: first.id, offset: first.getBoundingClientRect().top - top } : null;
  }

  function putBack(element, was) {
    const item = was && was.element === element && byId(was.id);
    if (item) element.scrollTop += item.getBoundingClientRect().top - element.getBoundingClientRect().top - was.offset;
  }

  // Morphing keeps the focused element; one that had to go, or to move, hands the focus to what took its place.
  function focused() {
    const element = document.activeElement;
    if (!element || element === document.body) return null;
    return { element, place: element.closest("[id]")?.id, kept: element.id };
  }

  function refocus(was) {
    const now = document.activeElement;
    if (!was || (now !== document.body && now.checkVisibility())) return;
    const inside = byId(was.place)?.querySelector("a, button, input, select, textarea");
    const heirs = [was.element, byId(was.kept), inside, byId("closed"), byId("thread-name"), byId("rows")];
    heirs.find((heir) => heir?.isConnected && heir.checkVisibility())?.focus({ preventScroll: true });
  }

  // --- The thread ---------------------------------------------------------------------------------------------------

  // newest: the last inbound text that was on the page; unseen: how many came below what the reader sees.
  const thread = { scroller: null, atBottom: true, newest: 0, unseen: 0 };

  function open(ctx) {
    Object.assign(thread, { scroller: byId("scroller"), atBottom: true, newest: newest(), unseen: 0 });
    if (!thread.scroller) return byId("rows")?.querySelector(`.row[data-thread="${thread.last}"]`)?.focus();
    toBottom();
    sizes.disconnect();
    sizes.observe(thread.scroller);
    sizes.observe(byId("items"));
    thread.last = byId("view").querySelector("[name=thread]").value;
    if (ctx && ctx.sourceElement.id !== "conversation") byId("thread-name").focus({ preventScroll: true });
  }

  function newest() {
    return Math.max(0, ...[...document.querySelectorAll("[data-inbound]")].map((item) => Number(item.dataset.inbound)));
  }

  // After a poll, an act, or older texts.
  function follow() {
    const fresh = [...document.querySelectorAll("[data-inbound]")].filter((item) => Number(item.dataset.inbound) > thread.newest);
    thread.newest = newest();
    if (fresh.length) announce(fresh);
    if (thread.atBottom) return toBottom();
    if (before) putBack(thread.scroller, before.thread);
    thread.unseen += fresh.length;
    showUnseen();
  }

  function announce(items) {
    const parts = items.flatMap((item) => [...item.querySelectorAll(".visually-hidden, .bubble, .picture")]);
    byId("announcer").textContent = parts.map((part) => part.textContent.trim() || "Picture").join(" ");
  }

  function toBottom() {
    thread.scroller.scrollTop = thread.scroller.scrollHeight;
    thread.atBottom = true;
    thread.unseen = 0;
    showUnseen();
  }

  function showUnseen() {
    const button = byId("newer");
    button.hidden = thread.unseen === 0;
    button.textContent = `${thread.unseen} new ↓`;
  }

  // Scrolling does not bubble.
  document.addEventListener("scroll", ({ target }) => {
    if (target !== thread.scroller) return;
    thread.atBottom = target.scrollHeight - target.scrollTop - target.clientHeight < AT_BOTTOM_PX;
    if (thread.atBottom && thread.unseen) toBottom();
  }, true);

  // The box grew, a keyboard came, a picture was loaded: who read the last text still does.
  const sizes = new ResizeObserver(() => { if (thread.scroller?.isConnected && thread.atBottom) toBottom(); });

  document.addEventListener("text-sent", () => { if (thread.scroller) toBottom(); });

  // What a poll brings was asked before this act, and would show the thread as it was.
  document.addEventListener("htmx:before:request", ({ detail: { ctx } }) => {
    if (ctx.sourceElement.matches("form")) byId("poll")?.dispatchEvent(new CustomEvent("htmx:abort"));
  });

  // Whom it is assigned to, as the server says, unless somebody is choosing.
  for (const name of ["htmx:after:swap", "htmx:error", "htmx:response:error"]) {
    document.addEventListener(name, () => {
      const select = byId("assignee");
      if (select && select !== document.activeElement) select.form.reset();
    });
  }

  // --- The list -----------------------------------------------------------------------------------------------------

  const rows = () => [...document.querySelectorAll("#rows .row")];

  // The row of the open thread; and beside "Inbox" and in the title, how many wait.
  function markRow() {
    const counts = document.querySelector(".whose");
    if (counts) leadline.showWaiting(Number(counts.dataset.waiting));
    const shown = byId("view")?.querySelector("[name=thread]").value;
    for (const row of rows()) {
      const here = row.dataset.thread === shown;
      if (here) row.setAttribute("aria-current", "true");
      else row.removeAttribute("aria-current");
      if (here) row.removeAttribute("data-unread");
    }
  }

  function move(by) {
    const all = rows();
    const at = all.findIndex((row) => row === document.activeElement);
    const from = at >= 0 ? at : all.findIndex((row) => row.hasAttribute("aria-current"));
    const next = from < 0 ? 0 : Math.min(Math.max(from + by, 0), all.length - 1);
    all[next]?.focus();
    all[next]?.scrollIntoView({ block: "nearest" });
  }

  document.addEventListener("keydown", (event) => {
    const by = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (by && event.target.closest?.("#rows")) {
      event.preventDefault();
      move(by);
    }
    if (event.key === "Escape" && event.target.id === "body") {
      (document.querySelector(".row[aria-current]") ?? byId("thread-name")).focus();
    }
  });

  document.addEventListener("click", (event) => {
    const mover = event.target.closest("[data-moves]");
    if (mover) move(Number(mover.dataset.moves));
    if (event.target.closest("#newer")) {
      toBottom();
      byId("scroller").focus({ preventScroll: true });
    }
    if (event.target === byId("why")) byId("why").close();
    const opener = event.target.closest("a[data-window]");
    if (opener && !event.ctrlKey && !event.metaKey && !event.shiftKey && openWindow(opener)) event.preventDefault();
    const back = event.target.closest("a.back");
    if (back && history.state?.htmx && thread.cameFromList) {
      event.preventDefault();
      history.back();
    }
  });

  // The list is still there beneath the thread: Back finds it where it was.
  document.addEventListener("htmx:after:history:push", () => { thread.cameFromList = true; });

  // A window beside this one, at its right edge; where the browser refuses, the link opens as links do.
  function openWindow(link) {
    const [width, height] = link.dataset.window.split("x").map(Number);
    const left = Math.max(0, window.screenX + window.outerWidth - width);
    const made = window.open(link.href, link.target, `popup,width=${width},height=${height},left=${left},top=${window.screenY}`);
    made?.focus();
    return made !== null;
  }

  // --- A phone's keyboard -------------------------------------------------------------------------------------------

  // Safari lays its keyboard over the page instead of making it smaller.
  window.visualViewport?.addEventListener("resize", () => {
    document.body.style.setProperty("--visible-height", `${window.visualViewport.height}px`);
  });

  if (byId("scroller")) open();
})();
