// Notes every request to this computer that the browser lets another extension see.
globalThis.seen = [];
chrome.webRequest.onBeforeSendHeaders.addListener(
  ({ url, requestHeaders }) => globalThis.seen.push(`${url} ${JSON.stringify(requestHeaders)}`),
  { urls: ["http://127.0.0.1/*"] },
  ["requestHeaders", "extraHeaders"],
);
