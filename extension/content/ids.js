// Names for things: a fingerprint that tells texts apart, and the id that makes a label sent twice known for the same.

const Ids = (() => {
  /** A short fingerprint of a text (cyrb53): tells texts apart, protects nothing. @param {string} text */
  function fingerprint(text) {
    let [high, low] = [0xdeadbeef, 0x41c6ce57];
    for (let at = 0; at < text.length; at++) {
      const code = text.charCodeAt(at);
      high = Math.imul(high ^ code, 2654435761);
      low = Math.imul(low ^ code, 1597334677);
    }
    high = Math.imul(high ^ (high >>> 16), 2246822507) ^ Math.imul(low ^ (low >>> 13), 3266489909);
    low = Math.imul(low ^ (low >>> 16), 2246822507) ^ Math.imul(high ^ (high >>> 13), 3266489909);
    return (4294967296 * (2097151 & low) + (high >>> 0)).toString(36);
  }

  /** A ULID: ten characters of time, sixteen of chance. @param {number} now epoch ms */
  function ulid(now) {
    const alphabet = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
    let time = "";
    for (let rest = now, at = 0; at < 10; at++, rest = Math.floor(rest / 32))
      time = alphabet[rest % 32] + time;
    return time + [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => alphabet[byte % 32]).join("");
  }

  return { fingerprint, ulid };
})();
