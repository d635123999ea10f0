import { createServer as createTlsServer } from "node:https";
import { connect as connectHttp2, createServer as createHttp2Server } from "node:http2";
import { connect as connectTls } from "node:tls";
import { afterAll, afterEach, beforeEach, describe, expect, test } from "vitest";
import type { Ingress } from "#api/schema/types";
import { selfSigned } from "#test/support/certificates";
import { annotated, hostTo, ingressOf, pathTo, secretOf } from "#test/support/ingress-objects";
import {
  type Answer,
  type IngressSite,
  startIngressSite,
  startTestPod,
  type TestPod,
} from "#test/support/ingress-site";

/** How a real nginx asks the application, and what it adds to answers. */
let site: IngressSite | undefined;
let web: TestPod;
let api: TestPod;
const pods: TestPod[] = [];

beforeEach(async (context) => {
  site ??= await startIngressSite(context);
  web = await pod("web");
  api = await pod("api");
});
afterEach(async () => {
  for (const one of pods.splice(0)) await one.stop();
});
afterAll(() => site?.dispose());

const there = (): IngressSite => site as IngressSite;

async function pod(...given: Parameters<typeof startTestPod>): Promise<TestPod> {
  const started = await startTestPod(...given);
  pods.push(started);
  return started;
}

const shop = (annotations: Record<string, string>, name = "shop", service = "web"): Ingress =>
  ingressOf(name, hostTo("shop.example", [pathTo(service)]), annotated(annotations));

describe("sticky sessions", () => {
  const cookieOf = ({ headers }: Answer): string => headers["set-cookie"]?.at(-1) ?? "";
  const named = (cookie: string): string => cookie.split(";")[0] ?? "";

  test("a client stays at the endpoint that answered it first", async () => {
    const three = [web, await pod("two"), await pod("three")];
    await there().annotate(
      {
        ...{ affinity: "cookie", "session-cookie-name": "route", "session-cookie-max-age": "60" },
        ...{ "session-cookie-samesite": "Lax", "session-cookie-expires": "60" },
      },
      { pods: three },
    );
    for (let client = 0; client < 5; client++) {
      const first = await there().ask("/");
      const cookie = cookieOf(first);
      expect(cookie).toMatch(
        /^route=[0-9a-f]{32}; Path=\/; HttpOnly; Max-Age=60; SameSite=Lax; Expires=\w{3}, .* GMT$/,
      );
      for (let i = 0; i < 8; i++) {
        const again = await there().ask("/", { headers: { cookie: named(cookie) } });
        expect(again.body).toBe(first.body);
        expect(again.headers["set-cookie"]).toBeUndefined();
      }
    }
  });

  test("an endpoint that was swapped out is left without a failure, once", async () => {
    await there().annotate({ affinity: "cookie" }, { pods: [web] });
    const cookie = named(cookieOf(await there().ask("/")));
    await there().annotate({ affinity: "cookie" }, { pods: [api] });
    const moved = await there().ask("/", { headers: { cookie } });
    expect(moved).toMatchObject({ status: 200, body: "api" });
    expect(named(cookieOf(moved))).not.toBe(cookie);
  });

  test("the application's own cookies stay", async () => {
    const own = await pod("own", (_, response) => {
      response.setHeader("set-cookie", ["a=1", "b=2"]);
      response.end("own");
    });
    await there().annotate({ affinity: "cookie" }, { pods: [own] });
    expect((await there().ask("/")).headers["set-cookie"]?.map(named)).toEqual([
      "a=1",
      "b=2",
      expect.stringMatching(/^INGRESSCOOKIE=/),
    ]);
  });
});

describe("cross-origin requests", () => {
  const from = (origin: string, more: Record<string, string> = {}) => ({ origin, ...more });

  test("preflights are answered here, and other answers get their headers", async () => {
    await there().annotate(
      {
        ...{ "enable-cors": "true", "cors-allow-origin": "https://*.shop.example" },
        ...{ "cors-allow-methods": "GET, PUT", "cors-max-age": "60" },
      },
      { pods: [web] },
    );
    const preflight = from("https://a.shop.example", { "access-control-request-method": "PUT" });
    const asked = await there().ask("/", { method: "OPTIONS", headers: preflight });
    expect(asked).toMatchObject({
      status: 204,
      headers: {
        ...{ "access-control-allow-origin": "https://a.shop.example", vary: "Origin" },
        ...{ "access-control-allow-methods": "GET, PUT", "access-control-max-age": "60" },
        "access-control-allow-credentials": "true",
      },
    });
    expect(web.seen).toEqual([]);
    const answer = await there().ask("/", { headers: from("https://a.shop.example") });
    expect(answer.headers["access-control-allow-origin"]).toBe("https://a.shop.example");
    for (const origin of [
      "https://evil.example",
      "https://shop.example.evil",
      "http://a.shop.example",
    ]) {
      const other = await there().ask("/", { headers: from(origin) });
      expect(other.headers["access-control-allow-origin"]).toBeUndefined();
    }
  });

  test("by default every origin may ask, and the application's own header is replaced", async () => {
    const own = await pod("own", (_, response) => {
      response.setHeader("access-control-allow-origin", "https://mistaken.example");
      response.end("own");
    });
    await there().annotate(
      { "enable-cors": "true", "cors-allow-credentials": "false" },
      { pods: [own] },
    );
    const { headers } = await there().ask("/", { headers: from("https://a.example") });
    expect(headers["access-control-allow-origin"]).toBe("*");
    expect(headers["access-control-allow-credentials"]).toBeUndefined();
  });
});

describe("how the application is asked", () => {
  test("upstream-vhost and x-forwarded-prefix change headers; what a client says of itself is replaced", async () => {
    await there().annotate(
      { "upstream-vhost": "internal.example", "x-forwarded-prefix": "/shop" },
      { pods: [web] },
    );
    const forged = {
      "x-forwarded-for": "1.2.3.4",
      "x-forwarded-proto": "https",
      "x-real-ip": "1.2.3.4",
    };
    await there().ask("/", { headers: { ...forged, "x-forwarded-host": "evil.example" } });
    expect(web.seen[0]?.headers).toMatchObject({
      ...{ host: "internal.example", "x-forwarded-prefix": "/shop", "x-forwarded-proto": "http" },
      ...{ "x-forwarded-for": "127.0.0.1", "x-real-ip": "127.0.0.1" },
      "x-forwarded-host": "shop.example",
    });
  });

  test("proxy-read-timeout ends the wait for an answer", async () => {
    const slow = await pod("slow", () => {});
    await there().annotate(
      { "proxy-read-timeout": "1", "proxy-next-upstream": "off" },
      { pods: [slow] },
    );
    const started = performance.now();
    expect((await there().ask("/")).status).toBe(504);
    // Without the annotation nginx waits for a minute.
    expect(performance.now() - started).toBeLessThan(40_000);
    expect(slow.seen).toHaveLength(1);
  });

  test("proxy-buffering: off passes an answer on as it comes", async () => {
    let finish = (): void => {};
    const drips = await pod("drips", (_, response) => {
      response.write("first");
      finish = () => void response.end("last");
    });
    await there().annotate({ "proxy-buffering": "off" }, { pods: [drips] });
    const { request } = await import("node:http");
    const options = { port: there().settings.httpPort, headers: { host: "shop.example" } };
    const chunks: string[] = [];
    await new Promise<void>((resolve, reject) => {
      request({ host: "127.0.0.1", ...options }, (response) => {
        response.on("data", (chunk: Buffer) => {
          if (chunks.push(chunk.toString()) === 1) finish();
        });
        response.on("end", () => resolve());
      })
        .on("error", reject)
        .end();
    });
    expect(chunks).toEqual(["first", "last"]);
  });

  test("backend-protocol: HTTPS speaks TLS to the endpoint, by the name that is asked for", async () => {
    const { cert, key } = await selfSigned("internal.example");
    const server = createTlsServer({ cert, key }, (incoming, response) => {
      const { servername } = incoming.socket as unknown as { servername: string };
      response.end(`tls ${servername}`);
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const { port } = server.address() as { port: number };
    const secure = { name: "secure", port, seen: [], stop: async () => void server.close() };
    await there().annotate(
      { "backend-protocol": "HTTPS", "proxy-ssl-name": "internal.example" },
      { pods: [secure] },
    );
    expect((await there().ask("/")).body).toBe("tls internal.example");
    server.closeAllConnections();
    server.close();
  });

  test("default-backend answers while the service has no endpoint", async () => {
    const ingress = shop({ "default-backend": "api" });
    await there().serve([ingress], { web: [], api: [api] });
    expect((await there().ask("/")).body).toBe("api");
    await there().serve([ingress], { web: [web], api: [api] });
    expect((await there().ask("/")).body).toBe("web");
  });
});

describe("gRPC", () => {
  test("backend-protocol: GRPC carries streams both ways over HTTP/2, with trailers", async () => {
    const server = createHttp2Server();
    server.on("stream", (stream, headers) => {
      stream.respond(
        { ":status": 200, "content-type": "application/grpc", "x-path": String(headers[":path"]) },
        { waitForTrailers: true },
      );
      stream.on("wantTrailers", () => stream.sendTrailers({ "grpc-status": "0" }));
      stream.on("data", (chunk: Buffer) => stream.write(`echo ${chunk.toString()}`));
      stream.on("end", () => stream.end());
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const { port } = server.address() as { port: number };
    const greeter = { name: "greeter", port, seen: [], stop: async () => void server.close() };
    const plan = await there().annotate({ "backend-protocol": "GRPC" }, { pods: [greeter] });
    expect(plan.problems).toEqual([]);
    const client = connectHttp2(`https://127.0.0.1:${there().settings.httpsPort}`, {
      rejectUnauthorized: false,
    });
    const stream = client.request({
      ...{ ":method": "POST", ":path": "/greeter/Hello", ":authority": "shop.example" },
      ...{ "content-type": "application/grpc", te: "trailers" },
    });
    const received: string[] = [];
    let head: Record<string, unknown> = {};
    let trailers: Record<string, unknown> = {};
    stream.on("response", (headers) => {
      head = headers;
    });
    stream.on("trailers", (headers) => {
      trailers = headers;
    });
    stream.write("one");
    await new Promise<void>((resolve, reject) => {
      stream.on("error", reject);
      stream.on("end", () => resolve());
      stream.on("data", (chunk: Buffer) => {
        // The second message goes out when the first was answered: nothing is buffered.
        if (received.push(chunk.toString()) === 1) stream.end("two");
      });
    });
    client.close();
    server.close();
    expect(received.join("")).toBe("echo oneecho two");
    expect(head).toMatchObject({ ":status": 200, "x-path": "/greeter/Hello" });
    expect(trailers["grpc-status"]).toBe("0");
  });
});

describe("canary Ingresses", () => {
  const canary = (annotations: Record<string, string>): Ingress =>
    shop({ canary: "true", ...annotations }, "canary", "api");
  const serve = (annotations: Record<string, string>) =>
    there().serve([shop({}), canary(annotations)], { web: [web], api: [api] });
  const bodies = async (count: number, headers: Record<string, string> = {}) => {
    const answers = [];
    for (let i = 0; i < count; i++) answers.push((await there().ask("/", { headers })).body);
    return answers;
  };

  test("canary-weight is a share of the requests", async () => {
    await serve({ "canary-weight": "30" });
    const toCanary = (await bodies(300)).filter((body) => body === "api").length;
    expect(toCanary).toBeGreaterThan(50);
    expect(toCanary).toBeLessThan(140);
    await serve({ "canary-weight": "0" });
    expect(new Set(await bodies(20))).toEqual(new Set(["web"]));
  });

  test("a header decides before a cookie, a cookie before the weight", async () => {
    await serve({
      ...{ "canary-by-header": "X-Canary", "canary-by-cookie": "canary", "canary-weight": "0" },
    });
    expect(await bodies(1, { "x-canary": "always" })).toEqual(["api"]);
    expect(await bodies(1, { "x-canary": "never", cookie: "canary=always" })).toEqual(["web"]);
    expect(await bodies(1, { "x-canary": "other", cookie: "canary=always" })).toEqual(["api"]);
    expect(await bodies(1)).toEqual(["web"]);
    await serve({ "canary-by-header": "X-Canary", "canary-by-header-value": "new" });
    expect(await bodies(1, { "x-canary": "new" })).toEqual(["api"]);
    expect(await bodies(1, { "x-canary": "always" })).toEqual(["web"]);
    await serve({ "canary-by-header": "X-Canary", "canary-by-header-pattern": "^v[2-9]$" });
    expect(await bodies(1, { "x-canary": "v2" })).toEqual(["api"]);
    expect(await bodies(1, { "x-canary": "v1" })).toEqual(["web"]);
  });

  test("one without a main Ingress serves nothing, and says so", async () => {
    const plan = await there().serve([canary({ "canary-weight": "50" })], { api: [api] });
    expect(plan.problems.map(({ reason }) => reason)).toEqual(["CanaryAlone"]);
    expect((await there().ask("/")).status).toBe(404);
  });
});

describe("certificates", () => {
  const nameOf = (servername?: string): Promise<string> =>
    new Promise((resolve, reject) => {
      const options = { port: there().settings.httpsPort, rejectUnauthorized: false };
      const socket = connectTls({
        host: "127.0.0.1",
        ...options,
        ...(servername ? { servername } : {}),
      });
      socket.on("secureConnect", () => {
        resolve(String(socket.getPeerCertificate().subject["CN"]));
        socket.destroy();
      });
      socket.on("error", reject);
    });

  test("each name gets its own, by wildcard too, and a changed one without a reload", async () => {
    const secured = (host: string, secretName: string): Ingress =>
      ingressOf(secretName, {
        ...hostTo(host, [pathTo("web")]),
        tls: [{ hosts: [host], secretName }],
      });
    const secret = async (name: string, host: string) => {
      const { cert, key } = await selfSigned(host);
      return secretOf(name, { "tls.crt": cert, "tls.key": key });
    };
    const both = [secured("shop.example", "one"), secured("*.wild.example", "two")];
    const wild = await secret("two", "*.wild.example");
    await there().serve(both, { web: [web] }, [await secret("one", "shop.example"), wild]);
    expect(await nameOf("shop.example")).toBe("shop.example");
    expect(await nameOf("a.wild.example")).toBe("*.wild.example");
    expect(await nameOf("other.example")).toBe("Kaji Ingress Default Certificate");
    expect(await nameOf()).toBe("Kaji Ingress Default Certificate");
    await there().serve(both, { web: [web] }, [await secret("one", "renewed.example"), wild]);
    expect(await nameOf("shop.example")).toBe("renewed.example");
    const broken = secretOf("one", { "tls.crt": "not one", "tls.key": "neither" });
    const plan = await there().serve(both, { web: [web] }, [broken, wild]);
    expect(await nameOf("shop.example")).toBe("renewed.example");
    expect(plan.problems.map(({ reason }) => reason)).toEqual(["CertificateInvalid"]);
  });
});
