// The pairing key: a CryptoKey in IndexedDB that can prove and cannot be read out, by nobody, not even by this worker.
import { KEYS, result, transact } from "./database.js";

/** @param {string} clientId @returns {Promise<CryptoKey | null>} */
export const readKey = async (clientId) =>
  /** @type {CryptoKey | undefined} */ (
    await transact(KEYS, "readonly", (store) => result(store.get(clientId)))
  ) ?? null;

/** One companion at a time: a new pairing replaces the old key. @param {string} clientId @param {CryptoKey} key */
export const writeKey = (clientId, key) =>
  transact(KEYS, "readwrite", async (store) => {
    await result(store.clear());
    await result(store.put(key, clientId));
  });

export const forgetKeys = () => transact(KEYS, "readwrite", (store) => result(store.clear()));
