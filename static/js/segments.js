// How a text is cut into SMS segments: the rule of webapp/carrier/segments.py, which the tests hold this to.
(() => {
  "use strict";

  // What fits a lone text and each part of a longer one: septets of GSM-7, 16-bit units of UCS-2.
  const GSM_SINGLE = 160;
  const GSM_PART = 153;
  const UCS2_SINGLE = 70;
  const UCS2_PART = 67;

  const GSM_BASIC = new Set(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    + "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà",
  );
  const GSM_EXTENDED = new Set("\f^{}\\[~]|€");

  const graphemes = new Intl.Segmenter("en", { granularity: "grapheme" });

  window.leadline.segments = { count };

  // Gives {encoding, segments, characters, units, unitsLeft, nonGsm}; an empty body is one segment.
  function count(body) {
    const sizes = [...body].map(septets);
    return sizes.includes(0) ? countUcs2(body) : countGsm(sizes);
  }

  // A character of the extension table takes an escape with it; 0 is one that GSM-7 does not have.
  function septets(character) {
    if (GSM_BASIC.has(character)) return 1;
    return GSM_EXTENDED.has(character) ? 2 : 0;
  }

  function countGsm(sizes) {
    const units = total(sizes);
    const packed = pack(sizes, GSM_SINGLE, GSM_PART);
    return { encoding: "GSM-7", ...packed, characters: units, units, nonGsm: [] };
  }

  function countUcs2(body) {
    const clusters = clustersOf(body);
    // A pile of combining marks larger than a segment can only be cut.
    const sizes = clusters.flatMap(({ length }) => (length > UCS2_PART ? Array(length).fill(1) : [length]));
    const packed = pack(sizes, UCS2_SINGLE, UCS2_PART);
    const nonGsm = [...new Set(clusters)].filter((cluster) => cluster.length > 1 || septets(cluster) === 0);
    return { encoding: "UCS-2", ...packed, characters: clusters.length, units: body.length, nonGsm };
  }

  // What a reader sees as characters; a line end of two counts as two.
  function clustersOf(body) {
    const parts = [...graphemes.segment(body)].map(({ segment }) => segment);
    return parts.flatMap((part) => (part === "\r\n" ? ["\r", "\n"] : [part]));
  }

  // Fills segments one after the other; what belongs together is not cut.
  function pack(sizes, single, part) {
    const units = total(sizes);
    if (units <= single) return { segments: 1, unitsLeft: single - units };
    let segments = 1;
    let unitsLeft = part;
    for (const size of sizes) {
      if (size > unitsLeft) {
        segments += 1;
        unitsLeft = part;
      }
      unitsLeft -= size;
    }
    return { segments, unitsLeft };
  }

  function total(sizes) {
    return sizes.reduce((sum, size) => sum + size, 0);
  }
})();
