// Bytes and proofs: base64url, HMAC-SHA-256, HKDF and PBKDF2 by WebCrypto, in the shapes the pairing protocol names.

const utf8 = new TextEncoder();

/** WebCrypto wants bytes over an ArrayBuffer. @typedef {Uint8Array<ArrayBuffer>} Bytes */

/** @param {string} text @returns {Bytes} */
export const encode = (text) => utf8.encode(text);

/** @param {number} count @returns {Bytes} */
export const randomBytes = (count) => crypto.getRandomValues(new Uint8Array(count));

/** @param {ArrayBuffer | Uint8Array} bytes */
export function toBase64Url(bytes) {
  const text = String.fromCharCode(...new Uint8Array(bytes));
  return btoa(text).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}

/** Null where the text is not base64url. @param {string} text @returns {Bytes | null} */
export function fromBase64Url(text) {
  if (typeof text !== "string" || !/^[A-Za-z0-9_-]*$/.test(text) || text.length % 4 === 1) return null;
  const decoded = atob(text.replaceAll("-", "+").replaceAll("_", "/"));
  return Uint8Array.from(decoded, (character) => character.charCodeAt(0));
}

/** @param {Bytes} bytes */
export const sha256 = async (bytes) => new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));

/** A key for `sign` and `verify` that nothing can read out again. @param {Bytes} bytes */
export const hmacKey = (bytes) =>
  crypto.subtle.importKey("raw", bytes, { name: "HMAC", hash: "SHA-256" }, false, ["sign", "verify"]);

/** @param {CryptoKey} key @param {string} message lines joined by "\n" */
export const sign = async (key, message) =>
  new Uint8Array(await crypto.subtle.sign("HMAC", key, encode(message)));

/** Compares in constant time, which `crypto.subtle.verify` does. @param {CryptoKey} key @param {string} mac base64url
 * @param {string} message */
export async function verify(key, mac, message) {
  const bytes = fromBase64Url(mac);
  return bytes !== null && (await crypto.subtle.verify("HMAC", key, bytes, encode(message)));
}

/** HKDF-SHA-256 straight into a non-extractable HMAC key. @param {Bytes} secret @param {string} salt @param {string} info */
export async function deriveHmacKey(secret, salt, info) {
  const base = await crypto.subtle.importKey("raw", secret, "HKDF", false, ["deriveKey"]);
  return crypto.subtle.deriveKey(
    { name: "HKDF", hash: "SHA-256", salt: encode(salt), info: encode(info) },
    base,
    { name: "HMAC", hash: "SHA-256", length: 256 },
    false,
    ["sign", "verify"],
  );
}

/** The ticket behind a typed code: slow on purpose, so that who hears one proof cannot guess the code within its two minutes.
 * @param {string} code normalised @param {string} serverId */
export async function ticketFromCode(code, serverId) {
  const base = await crypto.subtle.importKey("raw", encode(code), "PBKDF2", false, ["deriveBits"]);
  const parameters = { name: "PBKDF2", hash: "SHA-256", salt: encode(serverId), iterations: 200_000 };
  return toBase64Url(await crypto.subtle.deriveBits(parameters, base, 128));
}
