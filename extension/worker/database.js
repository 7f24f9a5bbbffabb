// The one IndexedDB database of the extension: opens it, and wraps requests and transactions as promises.

/** Labels not yet acknowledged, in the order of the clicks. */
export const OUTBOX = "outbox";
/** The long-term pairing key: a CryptoKey that can sign and cannot be read out. */
export const KEYS = "keys";

/** @type {Promise<IDBDatabase> | null} */
let opened = null;

/** @returns {Promise<IDBDatabase>} */
function open() {
  opened ??= new Promise((resolve, reject) => {
    const request = indexedDB.open("soundings", 1);
    request.onupgradeneeded = () => {
      const outbox = request.result.createObjectStore(OUTBOX, { keyPath: "seq", autoIncrement: true });
      outbox.createIndex("id", ["op", "id"], { unique: true });
      request.result.createObjectStore(KEYS);
    };
    request.onsuccess = () => {
      request.result.onversionchange = () => request.result.close();
      request.result.onclose = () => {
        opened = null;
      };
      resolve(request.result);
    };
    request.onerror = () => {
      opened = null;
      reject(request.error);
    };
  });
  return opened;
}

/** @template T @param {IDBRequest<T>} request @returns {Promise<T>} */
export function result(request) {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}

/** Runs `work` in one transaction and resolves once it is committed: for writes, flushed to disk (`strict`).
 * @template T @param {string} store @param {IDBTransactionMode} mode @param {(store: IDBObjectStore) => Promise<T> | T} work
 * @returns {Promise<T>} */
export async function transact(store, mode, work) {
  const database = await open();
  const transaction = database.transaction(store, mode, { durability: "strict" });
  const done = new Promise((resolve, reject) => {
    transaction.oncomplete = () => resolve(undefined);
    transaction.onabort = () => reject(transaction.error);
  });
  done.catch(() => null); // a failure of `work` is the one to report; this one follows from it
  const value = await work(transaction.objectStore(store));
  await done;
  return value;
}
