// Opens the dashboard: trades the one-time ticket in the link for a token, then starts the circuit with it.
// The token lives in this tab's session storage and travels in the Authorization header alone: no cookie, nothing in a URL.
(() => {
  const tokenKey = "soundings.token";
  const retryDelaysMs = [500, 1000, 2000, 3000, 5000];
  const longPolling = 4; // The only transport that can carry a header from a browser.

  const byId = (id) => document.getElementById(id);

  async function tradeTicket() {
    const ticket = new URLSearchParams(location.hash.slice(1)).get("c");
    if (!ticket) return;
    history.replaceState(null, "", location.pathname + location.search);
    const reply = await fetch("/api/v1/dash/session", {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify({ ticket }),
    });
    if (reply.ok) sessionStorage.setItem(tokenKey, (await reply.json()).token);
    else if (!sessionStorage.getItem(tokenKey))
      throw new Error("That link has been used or is older than 30 seconds.");
  }

  function showClosed(why) {
    sessionStorage.removeItem(tokenKey);
    byId("dashboard").hidden = true;
    byId("waiting").hidden = true;
    if (why) byId("closed-why").textContent = why;
    byId("closed").hidden = false;
  }

  /** Whether the token still opens the circuit: 'open', 'closed' (refused) or 'away' (no answer). */
  async function knock() {
    try {
      const reply = await fetch("/_blazor/initializers", {
        headers: { Authorization: `Bearer ${sessionStorage.getItem(tokenKey)}` },
      });
      return reply.status === 401 || reply.status === 403 ? "closed" : "open";
    } catch {
      return "away"; // No answer is a state of its own: the companion is not running just now.
    }
  }

  let waiting = false;
  const reconnectionHandler = {
    async onConnectionDown() {
      if (waiting) return;
      waiting = true;
      byId("waiting").hidden = false;
      for (let attempt = 0; waiting; attempt++) {
        const door = await knock();
        if (door === "closed")
          return showClosed("Soundings was restarted, or this page was idle for long. Open it afresh:");
        if (door === "open") {
          const resumed = await window.Blazor.reconnect().catch(() => null);
          if (resumed) return;
          if (resumed === false) return location.reload();
        }
        await new Promise((go) => setTimeout(go, retryDelaysMs[Math.min(attempt, retryDelaysMs.length - 1)]));
      }
    },
    onConnectionUp() {
      waiting = false;
      byId("waiting").hidden = true;
    },
  };

  async function open() {
    try {
      await tradeTicket();
    } catch (failure) {
      return showClosed(failure.message);
    }
    if (!sessionStorage.getItem(tokenKey)) return showClosed();
    if ((await knock()) === "closed")
      return showClosed("This page was idle for long, or Soundings was restarted. Open it afresh:");
    await window.Blazor.start({
      initializers: { beforeStart: [], afterStarted: [] },
      logLevel: 4, // Errors only: the framework's advice about web sockets is not for this page's reader.
      reconnectionHandler,
      configureSignalR: (hub) =>
        hub.withUrl("_blazor", {
          transport: longPolling,
          accessTokenFactory: () => sessionStorage.getItem(tokenKey),
        }),
    });
    const host = byId("dashboard");
    await window.Blazor.rootComponents.add(host, "dashboard", {});
  }

  /** What the circuit asks of the page. */
  window.soundings = {
    title: (text) => {
      document.title = text;
    },
    focusHeading: () => {
      if (!document.activeElement?.closest("main")) document.querySelector("main:not([hidden]) h1")?.focus();
    },
    /** Fetched with the token and saved as a file; false if it did not come through. */
    download: async (path, name) => {
      try {
        const reply = await fetch(path, {
          headers: { Authorization: `Bearer ${sessionStorage.getItem(tokenKey)}` },
        });
        if (!reply.ok) return false;
        const link = document.createElement("a");
        link.href = URL.createObjectURL(await reply.blob());
        link.download = name;
        link.click();
        setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
        return true;
      } catch {
        return false; // Cut off half way: the page says so, and nothing was saved.
      }
    },
    copy: (text) => navigator.clipboard.writeText(text),
    utcOffsetMinutes: () => -new Date().getTimezoneOffset(),
  };

  open();
})();
