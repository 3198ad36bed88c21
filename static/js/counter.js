// What a text costs, in words, as it is typed: what is left, segments, dollars, and what makes it dear.
(() => {
  "use strict";

  // What they are called, and what says the same for less: as webapp/texts/preview.py and segments.py have it.
  const KNOWN = {
    "‘": ["curly quote", "'"],
    "’": ["curly apostrophe", "'"],
    "“": ["curly quote", "\""],
    "”": ["curly quote", "\""],
    "–": ["long dash", "-"],
    "—": ["long dash", "-"],
    "…": ["one-character ellipsis", "..."],
    "•": ["bullet", "-"],
    "\t": ["tab", " "],
    "\u00a0": ["no-break space", " "],
    "\u202f": ["no-break space", " "],
    "\u200b": ["invisible space", ""],
    "`": ["backtick", "'"],
    "«": ["angle quote", "\""],
    "»": ["angle quote", "\""],
    "´": ["accent", "'"],
    "½": ["half sign", "1/2"]
  };
  const MOST_NAMED = 5;
  const CODE = /(\{\{.*?\}\}|\{%.*?%\}|\{#.*?#\})/s;

  window.leadline.counter = { show };

  // Says what `text` costs in the element `count`; nothing of no text. `longest` in characters, `price` in US dollars a
  // segment, as data attributes spell them. Of a text that is not `whole`, as values are still to come into it, only
  // what makes it dear.
  function show(count, text, { longest, price }, whole = true) {
    const counted = window.leadline.segments.count(text);
    const first = whole ? [total(text, counted, Number(longest), Number(price))] : [];
    const why = counted.encoding === "GSM-7" ? [] : [whole ? document.createElement("br") : "", reason(counted, whole)];
    count.replaceChildren(...(text ? [...first, ...why] : []));
    count.toggleAttribute("data-over", text.length > Number(longest));
  }

  function total(text, counted, longest, price) {
    const cost = (counted.segments * price).toFixed(3);
    const parts = counted.segments === 1 ? "1 segment" : `${counted.segments} segments`;
    return element("span", `${left(text, counted, longest)} · ${parts} · $${cost}`, "count-left");
  }

  function reason(counted, whole) {
    const fewer = whole ? ` Only ${counted.segments === 1 ? 70 : 67} fit in one because of ` : "Fewer fit in a segment because of ";
    const why = element("span", fewer);
    why.append(...named(counted.nonGsm), ".");
    if (counted.nonGsm.some((character) => KNOWN[character])) why.append(" ", button());
    return why;
  }

  function button() {
    const made = element("button", "Use plain characters", "btn btn-quiet plain-now");
    made.type = "button";
    return made;
  }

  function left(text, counted, longest) {
    const over = text.length - longest;
    return over > 0 ? `${over} too many` : `${counted.unitsLeft} left`;
  }

  // The first few, each with what to write instead, and how many more there are.
  function named(characters) {
    const first = characters.slice(0, MOST_NAMED);
    const more = characters.length - first.length;
    return [...first.flatMap((character, at) => {
      const last = at === first.length - 1 && !more;
      return [at ? (last ? " and " : ", ") : "", element("b", nameOf(character)), element("span", instead(character), "count-instead")];
    }), more ? ` and ${more} more` : ""];
  }

  function nameOf(character) {
    if (!KNOWN[character]) return unfamiliar(character);
    return `the ${KNOWN[character][0]}${/\s|\u200b/.test(character) ? "" : ` ${character}`}`;
  }

  function instead(character) {
    const plain = KNOWN[character]?.[1];
    if (plain === undefined) return "";
    return { "": " (leave it out)", " ": " (write a space)" }[plain] ?? ` (write ${plain})`;
  }

  function unfamiliar(character) {
    if (/\p{Extended_Pictographic}|\p{Regional_Indicator}/u.test(character)) return `the emoji ${character}`;
    if (/^[\p{L}\p{N}\p{P}\p{S}]/u.test(character)) return `“${character}”`;
    return `an invisible character (U+${character.codePointAt(0).toString(16).toUpperCase().padStart(4, "0")})`;
  }

  // What was typed stays as it is within merge fields: there quotes are grammar.
  document.addEventListener("click", ({ target }) => {
    const count = target.closest(".plain-now")?.parentElement.closest("[id]");
    const box = count && document.querySelector(`textarea[aria-describedby~="${count.id}"]`);
    if (!box) return;
    const parts = box.value.split(CODE);
    box.value = parts.map((part, at) => (at % 2 ? part : [...part].map((each) => KNOWN[each]?.[1] ?? each).join(""))).join("");
    box.focus();
    box.dispatchEvent(new Event("input", { bubbles: true }));
  });

  function element(name, text, kind = "") {
    const made = document.createElement(name);
    made.textContent = text;
    if (kind) made.className = kind;
    return made;
  }
})();
