import { connect as connectHttp2 } from "node:http2";
import { connect as connectSocket } from "node:net";
import { afterAll, afterEach, beforeEach, describe, expect, test } from "vitest";
import { encodeBackend } from "#ingress/plan/backends";
import { eventually } from "#test/support/host";
import { annotated, hostTo, ingressOf, pathTo, secretOf } from "#test/support/ingress-objects";
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
});
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
    socket.setTimeout(30_000, () => socket.destroy(new Error(`nginx keeps silent after: ${text}`)));
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
    const toldBefore = web.seen.length;
    for (const [first, second] of [
      ["open.example", "closed.example"],
      ["closed.example", "open.example"],
    ])
      await raw(request("/", `${first}\r\nHost: ${second}`));
    const client = connectHttp2(`https://127.0.0.1:${there().settings.httpsPort}`, {
      rejectUnauthorized: false,
    });
    const head = { ":path": "/", ":authority": "open.example", host: "closed.example" };
    await new Promise<void>((resolve) => {
      client.request(head).on("close", resolve).on("error", resolve).resume();
    });
    client.destroy();
    const told = web.seen.slice(toldBefore).map(({ headers }) => headers.host);
    expect(told).not.toContain("closed.example");
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

describe("a tenant's name", () => {
  test("is the ingress's own word, however often and however a client says another", async () => {
    await there().annotate({}, { pods: [web] });
    const entries = [
      "/pool\tpooled\tweb:80\tdefault\tX-Kaji-Tenant\tplain",
      "acme.example\t\tacme\tpool\t",
    ];
    await there().admin.call("POST", "/tenants", `${entries.join("\n")}\n`);
    const many = Array.from({ length: 120 }, (_, i) => `X-Other-${i}: ${i}\r\n`).join("");
    const lies = "x-kaji-tenant: evil\r\nX_Kaji_Tenant: evil\r\nX-KAJI-TENANT: evil\r\n";
    for (const host of ["acme.example", "ACME.example.", "shop.example"]) {
      const head = `Host: ${host}\r\nConnection: close, X-Kaji-Tenant\r\n`;
      await raw(`GET / HTTP/1.1\r\n${lies}${head}${many}${lies}\r\n`);
    }
    expect(web.seen.map(({ headers }) => headers["x-kaji-tenant"])).toEqual([
      ...["acme", "acme", undefined],
    ]);
    expect(web.seen.flatMap(({ headers }) => headers["x_kaji_tenant"] ?? [])).toEqual([]);
  });
});

describe("passwords", () => {
  test("who guesses at one Ingress leaves others' users their turn", async () => {
    const basic = (secret: string) => annotated({ "auth-type": "basic", "auth-secret": secret });
    const secrets = [
      secretOf("slow", {
        auth: "alice:$2b$12$abcdefghijklmnopqrstuuOQiyCxlgf/oeuTqixKmWdcYUh4Hjl0a",
      }),
      secretOf("quick", {
        auth: "bob:$2y$05$abcdefghijklmnopqrstuuOQiyCxlgf/oeuTqixKmWdcYUh4Hjl0a",
      }),
    ];
    const attacked = ingressOf(
      "attacked",
      hostTo("a.example", [pathTo("web", "/")]),
      basic("slow"),
    );
    const other = ingressOf("other", hostTo("b.example", [pathTo("web", "/")]), basic("quick"));
    await there().serve([attacked, other], { web: [web] }, secrets);
    const as = async (host: string, credentials: string): Promise<number> => {
      const authorization = `Basic ${Buffer.from(credentials).toString("base64")}`;
      return (await there().ask("/", { host, headers: { authorization } })).status;
    };
    const guesses = Array.from({ length: 100 }, (_, i) => as("a.example", `alice:guess ${i}`));
    const own = await Promise.all([1, 2, 3, 4].map(() => as("b.example", "bob:secret")));
    expect(own).toEqual([200, 200, 200, 200]);
    expect(new Set(await Promise.all(guesses))).toEqual(new Set([401, 503]));
    expect(await as("a.example", "alice:another")).toBe(401);
  });
});

describe("HTTP/2", () => {
  test("a DELETE without a body is passed on where bodies are not buffered", async () => {
    await there().annotate({ "proxy-request-buffering": "off" }, { pods: [web] });
    const client = connectHttp2(`https://127.0.0.1:${there().settings.httpsPort}`, {
      rejectUnauthorized: false,
    });
    const ask = (method: string, body?: Buffer): Promise<number> =>
      new Promise((resolve, reject) => {
        const head = { ":method": method, ":path": "/", ":authority": "shop.example" };
        const stream = client.request(head, { endStream: body === undefined });
        stream.on("response", (headers) => resolve(Number(headers[":status"])));
        stream.on("error", reject);
        stream.resume();
        if (body) stream.end(body);
      });
    expect(await ask("DELETE")).toBe(200);
    expect(await ask("POST", Buffer.alloc(1000))).toBe(200);
    expect(await ask("POST", Buffer.alloc(1_200_000))).toBe(413);
    client.destroy();
    expect(web.seen.map(({ method, bytes }) => `${method} ${bytes}`)).toEqual([
      ...["DELETE 0", "POST 1000"],
    ]);
  });
});

describe("requests for many that sleep at once", () => {
  test("each of them is woken, and so is the next request of each", async (context) => {
    const own = await startIngressSite(context, { workers: 1 });
    try {
      const names = Array.from({ length: 400 }, (_, i) => `sleeper-${i}`);
      const endpoint = encodeBackend([{ address: "127.0.0.1", port: web.port, pod: undefined }]);
      const tell = (lines: string): Promise<void> =>
        own.admin.apply(
          names.map((name) => ({
            ...{ type: "set", dictionary: "backends" },
            ...{ key: `default/${name}:80`, value: lines },
          })),
        );
      await own.admin.apply(
        names.map((name) => ({
          ...{ type: "set", dictionary: "routes", key: `${name}.example` },
          value: `plain\nprefix\t/\tdefault/${name}:80`,
        })),
      );
      const askAll = () =>
        Promise.all(names.map((name) => own.ask("/", { host: `${name}.example` })));
      for (let turn = 0; turn < 2; turn++) {
        await tell("hold=10,60000");
        const answers = askAll();
        await eventually("all of them wait", async () => {
          const waiting = await own.admin.call("GET", "/waiting");
          return waiting.split("\n").length === names.length;
        });
        await tell(endpoint.replace(/^/, "hold=10,60000"));
        expect(new Set((await answers).map(({ status }) => status))).toEqual(new Set([200]));
      }
      expect(await own.admin.call("GET", "/waiting")).toBe("");
    } finally {
      await own.dispose();
    }
  });
});

describe("when nginx has no room", () => {
  test("what does not fit keeps nothing else from being served, and what goes makes room", async (context) => {
    const own = await startIngressSite(context, { workers: 1 });
    try {
      const value = `plain\nprefix\t/\tdefault/${"x".repeat(1_000_000)}:80`;
      const keys = Array.from({ length: 80 }, (_, i) => `long-${i}.example`);
      const routes = { type: "set", dictionary: "routes" } as const;
      const long = keys.map((key) => ({ ...routes, key, value }));
      const small = { ...routes, key: "shop.example", value: "plain\nprefix\t/\tdefault/web:80" };
      const endpoint = encodeBackend([{ address: "127.0.0.1", port: web.port, pod: undefined }]);
      const backend = {
        ...routes,
        dictionary: "backends",
        key: "default/web:80",
        value: endpoint,
      } as const;
      await expect(own.admin.apply([...long, small, backend])).rejects.toThrow(
        /no room for routes long-/,
      );
      expect((await own.ask("/")).body).toBe("web");
      const gone = keys.map((key) => ({ type: "delete", dictionary: "routes", key }) as const);
      await expect(
        own.admin.apply([{ ...small, key: "late.example", value }, ...gone]),
      ).rejects.toThrow();
      await own.admin.apply([{ ...small, key: "late.example" }]);
      expect((await own.ask("/", { host: "late.example" })).body).toBe("web");
    } finally {
      await own.dispose();
    }
  });
});
