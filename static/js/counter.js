// What a text costs, in words, as it is typed: what is left, segments, dollars, and what makes it dear.
(() => {
  "use strict";

  const KNOWN = {
    "‘": "the curly quote", "’": "the curly apostrophe", "“": "the curly quote", "”": "the curly quote",
    "–": "the long dash", "—": "the long dash", "…": "the one-character ellipsis", "•": "the bullet",
    "\t": "a tab", "\u00a0": "a no-break space", "\u202f": "a no-break space", "\u200b": "an invisible space", "`": "the backtick",
  };

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
    why.append(element("b", named(counted.nonGsm)), ".");
    return why;
  }

  function left(text, counted, longest) {
    const over = text.length - longest;
    return over > 0 ? `${over} too many` : `${counted.unitsLeft} left`;
  }

  function named(characters) {
    const [first, ...more] = characters;
    const name = KNOWN[first] ? `${KNOWN[first]}${/\s|\u200b/.test(first) ? "" : ` ${first}`}` : unfamiliar(first);
    return more.length ? `${name} and ${more.length} more` : name;
  }

  function unfamiliar(character) {
    if (/\p{Extended_Pictographic}|\p{Regional_Indicator}/u.test(character)) return `the emoji ${character}`;
    if (/^[\p{L}\p{N}\p{P}\p{S}]/u.test(character)) return `“${character}”`;
    return `an invisible character (U+${character.codePointAt(0).toString(16).toUpperCase().padStart(4, "0")})`;
  }

  function element(name, text, kind = "") {
    const made = document.createElement(name);
    made.textContent = text;
    if (kind) made.className = kind;
    return made;
  }
})();
