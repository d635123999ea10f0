import { connect as connectSocket } from "node:net";
import { afterAll, afterEach, beforeEach, describe, expect, test } from "vitest";
import { annotated, hostTo, ingressOf, pathTo } from "#test/support/ingress-objects";
import {
  type IngressSite,
  startIngressSite,
  startTestPod,
  type TestPod,
} from "#test/support/ingress-site";

/** What strangers send, and what tenants write down, to get past what protects others; in a real nginx. */
let site: IngressSite | undefined;
let web: TestPod;
const pods: TestPod[] = [];

async function pod(name: string): Promise<TestPod> {
  const made = await startTestPod(name);
  pods.push(made);
  return made;
}

beforeEach(async (context) => {
  site ??= await startIngressSite(context);
  web = await pod("web");
}, 30_000);
afterEach(async () => {
  for (const one of pods.splice(0)) await one.stop();
});
afterAll(() => site?.dispose());

const there = (): IngressSite => site as IngressSite;

/** Everything that is answered to these bytes until nginx closes the connection. */
function raw(bytes: string): Promise<string> {
  return new Promise((resolve, reject) => {
    let text = "";
    const socket = connectSocket(there().settings.httpPort, "127.0.0.1", () => socket.write(bytes));
    socket.setTimeout(5_000, () => socket.destroy(new Error(`nginx keeps silent after: ${text}`)));
    socket.on("data", (chunk: Buffer) => (text += chunk.toString()));
    socket.on("error", reject);
    socket.on("close", () => resolve(text));
  });
}

const statuses = (answers: string): string[] =>
  [...answers.matchAll(/HTTP\/1\.1 (\d{3})/g)].map(([, status = ""]) => status);

describe("the host of a request", () => {
  test("one in the request line and another in the header is refused: who protects by host is asked by it", async () => {
    const open = ingressOf("open", hostTo("open.example", [pathTo("web", "/")]));
    const closed = ingressOf(
      "closed",
      hostTo("closed.example", [pathTo("web", "/")]),
      annotated({ "allowlist-source-range": "10.9.9.9" }),
    );
    await there().serve([open, closed], { web: [web] });
    const request = (line: string, host: string): string =>
      `GET ${line} HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n\r\n`;
    expect(statuses(await raw(request("http://open.example/", "closed.example")))).toEqual(["400"]);
    expect(web.seen).toEqual([]);
    expect(statuses(await raw(request("http://open.example/", "open.example")))).toEqual(["200"]);
    expect(statuses(await raw(request("/", "OPEN.example.:80")))).toEqual(["200"]);
    expect(statuses(await raw(request("/", "closed.EXAMPLE:80")))).toEqual(["403"]);
  });

  test("no upgrade to h2c passes: what follows it would reach the application unseen", async () => {
    await there().annotate({}, { pods: [web] });
    await raw(
      "GET / HTTP/1.1\r\nHost: shop.example\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABkAARAAAAAAAIAAAAA\r\nConnection: close, Upgrade, HTTP2-Settings\r\n\r\n",
    );
    expect(web.seen.map(({ headers }) => headers.upgrade)).toEqual([undefined]);
  });
});

describe("a refused request", () => {
  test("leaves no body behind that is read as the next request", async () => {
    await there().annotate({ "allowlist-source-range": "10.9.9.9" }, { pods: [web] });
    const inner = "GET /smuggled HTTP/1.1\r\nHost: shop.example\r\n\r\n";
    for (const length of [
      `Content-Length: ${inner.length}\r\n\r\n${inner}`,
      `Transfer-Encoding: chunked\r\n\r\n${inner.length.toString(16)}\r\n${inner}\r\n0\r\n\r\n`,
    ]) {
      const answers = await raw(
        `POST / HTTP/1.1\r\nHost: shop.example\r\n${length}GET /last HTTP/1.1\r\nHost: shop.example\r\nConnection: close\r\n\r\n`,
      );
      expect(statuses(answers)).toEqual(["403", "403"]);
    }
  });
});

describe("paths", () => {
  test("rewrite-target passes on what the client wrote with a space, a line's end, a percent and a question mark", async () => {
    await there().annotate({ "rewrite-target": "/new/$2" }, { pods: [web], path: "/old(/|$)(.*)" });
    for (const part of ["a%20b", "a%0Ab", "100%25", "what%3F", "%C3%A9", "a%23b"])
      expect(`${part} ${(await there().ask(`/old/${part}`)).status}`).toBe(`${part} 200`);
    expect(web.seen.map(({ url }) => url)).toEqual([
      ...["/new/a%20b", "/new/a%0Ab", "/new/100%25", "/new/what%3F", "/new/%C3%A9", "/new/a%23b"],
    ]);
  });

  test("one that is a regular expression takes nothing from a longer one that is none", async () => {
    const api = await pod("api");
    const rest = ingressOf(
      "rest",
      hostTo("shop.example", [pathTo("web", "/(.*)")]),
      annotated({ "rewrite-target": "/$1" }),
    );
    const admin = ingressOf("admin", hostTo("shop.example", [pathTo("api", "/admin/panel")]));
    await there().serve([rest, admin], { web: [web], api: [api] });
    expect((await there().ask("/admin/panel/x")).body).toBe("api");
    expect((await there().ask("/other")).body).toBe("web");
  });

  test("a redirect to the path that was asked for is no place for headers", async () => {
    await there().annotate({ "permanent-redirect": "https://new.example$uri" }, { pods: [web] });
    const answer = await there().ask("/a%0d%0aSet-Cookie:%20x=1");
    expect(answer.headers["set-cookie"]).toBeUndefined();
    expect(answer.status).toBe(301);
  });
});
