// On the companion's own connect page: takes the one-time ticket out of the address before anything else can read it there.

const Connect = (() => {
  const ports = [28417, 28427, 28437, 28447, 28457]; // PORTS of protocol.js, which a classic script cannot import
  const ticket = /^#t=([A-Za-z0-9_-]{16,64})(?:&code=[0-9A-Z-]{11})?$/.exec(location.hash)?.[1];
  const isOurs =
    location.pathname === "/connect" && ports.includes(Number(location.port)) && window.top === window;
  if (!isOurs || !ticket) return { found: false };
  history.replaceState(null, "", "/connect");
  chrome.runtime.sendMessage({ kind: "pairTicket", ticket }).catch((error) => {
    console.error("Soundings: the link could not be handed over", error);
  });
  return { found: true };
})();
