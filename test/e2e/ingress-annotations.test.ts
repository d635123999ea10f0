import { connect as connectHttp2 } from "node:http2";
import { afterAll, afterEach, beforeEach, describe, expect, test } from "vitest";
import { eventually } from "#test/support/host";
import { annotated, hostTo, ingressOf, pathTo, secretOf } from "#test/support/ingress-objects";
import {
  type IngressSite,
  startIngressSite,
  startTestPod,
  type TestPod,
} from "#test/support/ingress-site";

/** Each annotation in a real nginx. */
let site: IngressSite | undefined;
let web: TestPod;
const pods: TestPod[] = [];

beforeEach(async (context) => {
  site ??= await startIngressSite(context);
  web = await startTestPod("web");
  pods.push(web);
});
afterEach(async () => {
  for (const pod of pods.splice(0)) await pod.stop();
});
afterAll(() => site?.dispose());

const there = (): IngressSite => site as IngressSite;

const annotate = (annotations: Record<string, string>, path = "/") =>
  there().annotate(annotations, { pods: [web], path });

async function location(path: string, host?: string): Promise<string> {
  const { status, headers } = await there().ask(path, host ? { host } : {});
  return `${status} ${headers.location ?? ""}`;
}

describe("redirects", () => {
  test("force-ssl-redirect sends plain HTTP to HTTPS with the whole request", async () => {
    await annotate({ "force-ssl-redirect": "true" });
    const port = there().settings.httpsPort;
    expect(await location("/a%2Fb?c=1")).toBe(`308 https://shop.example:${port}/a%2Fb?c=1`);
  });

  test("permanent-redirect and temporal-redirect answer for the application, with a status of choice", async () => {
    await annotate({ "permanent-redirect": "https://new.example$request_uri" });
    expect(await location("/a?b=1")).toBe("301 https://new.example/a?b=1");
    await annotate({
      "permanent-redirect": "https://new.example",
      "permanent-redirect-code": "308",
    });
    expect(await location("/")).toBe("308 https://new.example");
    await annotate({ "temporal-redirect": "https://$host.example/" });
    expect(await location("/")).toBe("302 https://shop.example.example/");
    expect(web.seen).toEqual([]);
  });

  test("app-root redirects / alone", async () => {
    await annotate({ "app-root": "/app" });
    expect(await location("/")).toMatch(/^302 .*\/app$/);
    expect((await there().ask("/other")).body).toBe("web");
  });

  test("from-to-www-redirect leads the other name to the one with rules", async () => {
    await annotate({ "from-to-www-redirect": "true" });
    expect(await location("/x?y=1", "www.shop.example")).toBe("308 http://shop.example/x?y=1");
    expect((await there().ask("/x")).body).toBe("web");
  });
});

describe("paths", () => {
  test("rewrite-target asks the application for what the groups matched, and keeps the query", async () => {
    await annotate({ "rewrite-target": "/$2", "use-regex": "true" }, "/something(/|$)(.*)");
    expect((await there().ask("/something/new%20one?q=1")).status).toBe(200);
    expect((await there().ask("/SOMETHING")).status).toBe(200);
    expect((await there().ask("/other")).status).toBe(404);
    expect(web.seen.map(({ url }) => url)).toEqual(["/new%20one?q=1", "/"]);
  });

  test("a regular expression that runs away is given up, and the worker serves on", async () => {
    await annotate({ "use-regex": "true" }, "/(a|a|aa)*(a|a|aa)*(a|a|aa)*b$");
    expect((await there().ask(`/${"a".repeat(4_000)}c`)).status).toBe(400);
    expect((await there().ask("/aab")).body).toBe("web");
  });

  test("a regular expression that cannot be made safe is refused by name", async () => {
    const plan = await annotate({ "use-regex": "true" }, "/(a+)+$");
    expect(plan.problems.map(({ message }) => message)).toEqual([
      "path /(a+)+$ has a repetition of a repetition, which is not supported: it is not served",
    ]);
    expect((await there().ask("/aa")).status).toBe(404);
  });

  test("server-alias serves other names, but never takes one that has rules", async () => {
    const shop = ingressOf(
      "shop",
      hostTo("shop.example", [pathTo("web")]),
      annotated({ "server-alias": "store.example,api.example" }),
    );
    const api = await startTestPod("api");
    pods.push(api);
    const plan = await there().serve(
      [shop, ingressOf("api", hostTo("api.example", [pathTo("api")]))],
      { web: [web], api: [api] },
    );
    expect((await there().ask("/", { host: "store.example" })).body).toBe("web");
    expect((await there().ask("/", { host: "api.example" })).body).toBe("api");
    expect(plan.problems.map(({ reason }) => reason)).toEqual(["HostTaken"]);
  });
});

describe("bodies", () => {
  const send = async (bytes: number, isChunked = false) =>
    (await there().ask("/", { method: "POST", body: Buffer.alloc(bytes), isChunked })).status;

  test("without an annotation a body may have one mebibyte, with its length or without", async () => {
    await annotate({});
    expect(await send(1_048_576)).toBe(200);
    expect(await send(1_048_577)).toBe(413);
    expect(await send(1_048_576, true)).toBe(200);
    expect(await send(1_100_000, true)).toBe(413);
    expect(web.seen.map(({ bytes }) => bytes)).toEqual([1_048_576, 1_048_576]);
  });

  test("proxy-body-size allows more or less, exactly, with a length or without", async () => {
    await annotate({ "proxy-body-size": "3m" });
    const limit = 3 * 1_048_576;
    expect([await send(limit), await send(limit, true)]).toEqual([200, 200]);
    expect([await send(limit + 1), await send(limit + 1, true)]).toEqual([413, 413]);
    await annotate({ "proxy-body-size": "2k" });
    expect([await send(2_048), await send(2_048, true)]).toEqual([200, 200]);
    expect([await send(2_049), await send(2_049, true)]).toEqual([413, 413]);
    await annotate({ "proxy-body-size": "0" });
    expect([await send(6_000_000), await send(6_000_000, true)]).toEqual([200, 200]);
    expect(web.seen.map(({ bytes }) => bytes)).toEqual([limit, limit, 2048, 2048, 6e6, 6e6]);
  });

  test("bodies of HTTP/2, which need no length, are measured too", async () => {
    const post = (bytes: number): Promise<number> =>
      new Promise((resolve, reject) => {
        const client = connectHttp2(`https://127.0.0.1:${there().settings.httpsPort}`, {
          rejectUnauthorized: false,
        });
        const stream = client.request({
          ":method": "POST",
          ":path": "/",
          ":authority": "shop.example",
        });
        let status = 0;
        stream.on("response", (headers) => {
          status = Number(headers[":status"]);
        });
        stream.on("error", reject);
        stream.on("close", () => {
          client.close();
          resolve(status);
        });
        stream.resume();
        stream.end(Buffer.alloc(bytes));
      });
    await annotate({});
    expect([await post(1_000_000), await post(1_200_000)]).toEqual([200, 413]);
    await annotate({ "proxy-body-size": "3m" });
    expect([await post(3 * 1_048_576), await post(3 * 1_048_576 + 1)]).toEqual([200, 413]);
    expect(web.seen.map(({ bytes }) => bytes)).toEqual([1_000_000, 3 * 1_048_576]);
  });

  test("proxy-request-buffering: off passes a body on, and asks for its length where there is a limit", async () => {
    await annotate({ "proxy-request-buffering": "off", "proxy-body-size": "2m" });
    expect([await send(2_000_000), await send(3_000_000)]).toEqual([200, 413]);
    expect(await send(10, true)).toBe(411);
    await annotate({ "proxy-request-buffering": "off", "proxy-body-size": "0" });
    expect(await send(2_000_000, true)).toBe(200);
  });
});

describe("who may ask", () => {
  const statusFrom = async (from: string) => (await there().ask("/", { from })).status;

  test("whitelist-source-range and denylist-source-range go by the client's address", async () => {
    await annotate({ "whitelist-source-range": "127.0.0.4/30, 10.0.0.0/8" });
    expect(await statusFrom("127.0.0.1")).toBe(403);
    expect(await statusFrom("127.0.0.6")).toBe(200);
    await annotate({ "denylist-source-range": "127.0.0.6" });
    expect([await statusFrom("127.0.0.1"), await statusFrom("127.0.0.6")]).toEqual([200, 403]);
  });

  test("a list of ranges that cannot be read lets nobody in", async () => {
    const plan = await annotate({ "whitelist-source-range": "10.0.0.0/40" });
    expect(plan.problems[0]?.message).toBe(
      'annotation nginx.ingress.kubernetes.io/whitelist-source-range has "10.0.0.0/40", which is neither an address nor a range; no path is served until that is resolved',
    );
    expect((await there().ask("/")).status).toBe(503);
  });

  test("auth-url, which is not supported, does not leave the paths unprotected", async () => {
    const plan = await annotate({ "auth-url": "https://auth.example/" });
    expect(plan.problems[0]?.reason).toBe("AnnotationRefused");
    expect((await there().ask("/")).status).toBe(503);
    expect(web.seen).toEqual([]);
  });

  // "secret" as htpasswd and mkpasswd store it.
  const stored = {
    bcrypt: "$2y$05$abcdefghijklmnopqrstuuOQiyCxlgf/oeuTqixKmWdcYUh4Hjl0a",
    yescrypt: "$y$j9T$F5Jx5fExrKuPp53xLKQ..1$GmcwIgvdUC9qLWcKCi6gklUa1dM3ziD43YxYNURLKy0",
    sha512:
      "$6$saltsalt$TVLlQcbpFVof5W3Yz4DTP6gRstiNuHwwTt6GLc1E5n0U0aDehy0S5knV8wiOQSpT0Y77vwPZN.Pq.H91p5hVO1",
    apache: "$apr1$12345678$0lqb/6VUFP8JY/s/jTrIk0",
    sha1: "{SHA}5en6G6MezRroT3XKqkdPOmY/BfQ=",
    salted: "{SSHA}8bX4JQDfZqtTfvnQ4ssDmWb17/FTQUxU",
    plain: "{PLAIN}secret",
  };

  test("auth-type: basic lets in who has a password of the Secret, and nobody else", async () => {
    const users = Object.entries(stored).map(([user, hash]) => `${user}:${hash}`);
    const secrets = [secretOf("users", { auth: users.join("\n") })];
    const basic = { "auth-type": "basic", "auth-secret": "users", "auth-realm": 'The "shop"' };
    const plan = await there().annotate(basic, { pods: [web], secrets });
    expect(plan.problems).toEqual([]);
    const as = async (user: string, password: string) => {
      const authorization = `Basic ${Buffer.from(`${user}:${password}`).toString("base64")}`;
      return (await there().ask("/", { headers: { authorization } })).status;
    };
    const refused = await there().ask("/");
    expect(refused.status).toBe(401);
    expect(refused.headers["www-authenticate"]).toBe('Basic realm="The \\"shop\\""');
    for (const user of Object.keys(stored)) {
      expect([user, await as(user, "secret")]).toEqual([user, 200]);
      expect([user, await as(user, "secret")]).toEqual([user, 200]);
      expect([user, await as(user, "Secret")]).toEqual([user, 401]);
    }
    expect(await as("nobody", "secret")).toBe(401);
  });

  test("without its Secret, or with one of another namespace, nobody is let in", async () => {
    const missing = await annotate({ "auth-type": "basic", "auth-secret": "users" });
    expect(missing.problems[0]?.message).toBe(
      "secret default/users is not there: nobody is let in",
    );
    expect((await there().ask("/")).status).toBe(503);
    const foreign = await annotate({ "auth-type": "basic", "auth-secret": "kube-system/users" });
    expect(foreign.problems[0]?.message).toMatch(/is of another namespace/);
    await annotate({ "auth-type": "digest", "auth-secret": "users" });
    expect((await there().ask("/")).status).toBe(503);
  });
});

describe("how often", () => {
  const ask = (count: number, from: string) =>
    Promise.all(Array.from({ length: count }, () => there().ask("/", { from })));

  test("limit-rps lets a burst through and refuses the rest, by address", async () => {
    await annotate({ "limit-rps": "1", "limit-burst-multiplier": "3" });
    const sinceMs = performance.now();
    const statuses = (await ask(12, "127.0.0.21")).map(({ status }) => status);
    const seconds = Math.ceil((performance.now() - sinceMs) / 1000);
    const served = statuses.filter((status) => status === 200).length;
    expect(served).toBeGreaterThanOrEqual(4);
    expect(served).toBeLessThanOrEqual(5 + seconds);
    expect(new Set(statuses)).toEqual(new Set([200, 503]));
    expect((await ask(1, "127.0.0.22"))[0]?.status).toBe(200);
  });

  test("limit-rpm says another status where it is asked to, and leaves limit-whitelist alone", async () => {
    await annotate({
      ...{ "limit-rpm": "1", "limit-burst-multiplier": "1", "limit-whitelist": "127.0.0.32" },
      "kaji.dev/limit-status-code": "429",
    });
    const last = (await ask(5, "127.0.0.31")).map(({ status }) => status).sort((a, b) => a - b);
    expect(last.at(-1)).toBe(429);
    expect(new Set((await ask(5, "127.0.0.32")).map(({ status }) => status))).toEqual(
      new Set([200]),
    );
  });

  test("a request that limit-rpm refuses counts once for limit-rps", async () => {
    await annotate({ "limit-rps": "10", "limit-rpm": "1", "limit-burst-multiplier": "1" });
    const answers = await ask(8, "127.0.0.51");
    const refused = answers.filter(({ status }) => status === 503).map(({ body }) => body);
    expect(refused.length).toBeGreaterThan(0);
    // Counted twice, they would be more than ten of a second.
    for (const text of refused) expect(text).toContain("1 a minute");
  });

  test("limit-connections counts requests in progress, and uncounts them", async () => {
    const waiting: (() => void)[] = [];
    const slow = await startTestPod("slow", (_, response) => {
      waiting.push(() => response.end("slow"));
    });
    pods.push(slow);
    await there().annotate({ "limit-connections": "2" }, { pods: [slow] });
    const first = ask(2, "127.0.0.41");
    await eventually("both have arrived", () => waiting.length === 2);
    expect((await ask(1, "127.0.0.41"))[0]?.status).toBe(503);
    for (const answer of waiting.splice(0)) answer();
    await first;
    const next = ask(1, "127.0.0.41");
    await eventually("the next has arrived", () => waiting.length === 1);
    waiting[0]?.();
    expect((await next)[0]?.status).toBe(200);
  });
});
