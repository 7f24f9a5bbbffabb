// A program of somebody else on a port of this machine: it says yes to all it is asked, and notes it.
import { createServer } from "node:http";

/** @param {number} port 0: any free one @param {string} [serverId] of the companion it passes itself off as: that is no secret */
export async function startImpostor(port, serverId = "0".repeat(32)) {
  /** @type {string[]} every request: line, headers, body */
  const heard = [];
  const server = createServer(async (request, response) => {
    let body = "";
    for await (const chunk of request) body += chunk;
    heard.push(`${request.method} ${request.url} ${JSON.stringify(request.headers)} ${body}`);
    if (!request.url?.startsWith("/api/")) {
      response.setHeader("Content-Type", "text/html").end("<!doctype html><title>A site</title><p>words");
      return;
    }
    // What a companion might say, without any of its secrets.
    response.setHeader("Content-Type", "application/json").end(
      JSON.stringify({
        ...{ product: "Soundings", protocol: 1, serverId },
        ...{ nonceS: "AAAAAAAAAAAAAAAAAAAAAA", mac: "AAAA", expiresInSeconds: 900, results: [], scores: [] },
      }),
    );
  });
  await new Promise((resolve) => server.listen(port, "127.0.0.1", () => resolve(null)));
  // A test that breaks off must not be held up by it.
  server.unref();
  return {
    heard,
    port: /** @type {import("node:net").AddressInfo} */ (server.address()).port,
    /** Frees the port. */
    async end() {
      const closed = new Promise((resolve) => server.close(resolve));
      server.closeAllConnections();
      await closed;
    },
  };
}
