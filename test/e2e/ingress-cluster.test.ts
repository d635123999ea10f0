import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { request } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeEach, expect, test } from "vitest";
import { packageRoot } from "#kit/package-root";
import { busyboxTar, createCluster, type TestCluster } from "#test/support/cluster";
import { eventually, freePorts, requireHost } from "#test/support/host";

/** The ingress of a whole cluster, with the manifests of docs/ingress.md. */
const MANIFESTS = join(packageRoot(), "manifests/ingress");
const PUBLISHED = "203.0.113.7";
let cluster: TestCluster | undefined;
let scratch: string | undefined;
let metricsPort = 0;

beforeEach(async (context) => {
  requireHost(context, { root: true, programs: ["nginx", "nft", "ip", "busybox", "kubectl"] });
  if (cluster) return;
  [metricsPort = 0] = await freePorts(1);
  cluster = await createCluster({
    ...{ podCidr: "10.236.0.0/16", serviceCidr: "10.86.0.0/16" },
    flags: [
      ...["--ingress-name", "edge-1", "--publish-address", PUBLISHED],
      ...["--access-log", "json", "--ingress-metrics-port", String(metricsPort)],
    ],
  });
  scratch = mkdtempSync(join(tmpdir(), "kaji-ingress-cluster-"));
  done(await cluster.up());
  done(await cluster.kaji("import", await busyboxTar(scratch), "kaji.dev/shop:v1"));
});

afterAll(async () => {
  await cluster?.dispose();
  if (scratch) rmSync(scratch, { recursive: true, force: true });
});

const there = (): TestCluster => cluster as TestCluster;

function done({ code, stdout, stderr }: { code: number; stdout: string; stderr: string }): string {
  expect({ code, stderr: code === 0 ? "" : stderr }).toEqual({ code: 0, stderr: "" });
  return stdout;
}

function ask(path: string, headers: Record<string, string> = {}) {
  return new Promise<{ status: number; body: string; cookie: string | undefined }>(
    (resolve, reject) => {
      const options = { agent: false, headers: { host: "shop.localhost", ...headers } };
      request(new URL(path, there().url), options, (response) => {
        let body = "";
        response.on("data", (chunk: Buffer) => {
          body += chunk.toString();
        });
        response.on("end", () => {
          const cookie = response.headers["set-cookie"]?.[0]?.split(";")[0];
          resolve({ status: response.statusCode ?? 0, body: body.trim(), cookie });
        });
      })
        .on("error", reject)
        .end();
    },
  );
}

const status = async (path: string, headers?: Record<string, string>): Promise<number> =>
  (await ask(path, headers)).status;

test("the manifests of the guide do what it says", async () => {
  done(await there().kubectl("apply", "-f", MANIFESTS));
  await eventually("the shop answers", async () => (await status("/")) === 200, 60_000);
  const first = await ask("/");
  expect(first.cookie).toMatch(/^INGRESSCOOKIE=/);
  for (let i = 0; i < 5; i++) {
    expect((await ask("/", { cookie: first.cookie ?? "" })).body).toBe(first.body);
  }
  // Nobody is let in while the Secret is not there; then who has the password.
  await eventually("nobody is let in", async () => (await status("/admin/report")) === 503);
  const events = await eventually("the missing Secret is said", async () => {
    const text = done(await there().kubectl("describe", "ingress", "shop-admin"));
    return text.includes("secret default/shop-admins is not there") && text;
  });
  expect(events).toContain("nobody is let in");
  const users = "auth=anna:$apr1$12345678$0lqb/6VUFP8JY/s/jTrIk0";
  done(
    await there().kubectl("create", "secret", "generic", "shop-admins", `--from-literal=${users}`),
  );
  await eventually("a password is asked for", async () => (await status("/admin/report")) === 401);
  const as = (password: string) => ({
    authorization: `Basic ${Buffer.from(`anna:${password}`).toString("base64")}`,
  });
  expect(await status("/admin/report", as("secret"))).toBe(200);
  expect(await status("/admin/report", as("wrong"))).toBe(401);
  // A changed Secret holds at once.
  const changed = { stringData: { auth: "anna:{PLAIN}other" } };
  done(await there().kubectl("patch", "secret", "shop-admins", "-p", JSON.stringify(changed)));
  await eventually(
    "the new password is right",
    async () => (await status("/admin/report", as("other"))) === 200,
  );
  expect(await status("/admin/report", as("secret"))).toBe(401);
});

test("an Ingress shows where it is reached, its class, and what is wrong with its annotations", async () => {
  const address = "{.status.loadBalancer.ingress[*].ip}";
  const shown = await eventually("it has an address", async () => {
    const { stdout } = await there().kubectl("get", "ingress", "shop", "-o", `jsonpath=${address}`);
    return stdout !== "" && stdout;
  });
  expect(shown).toBe(PUBLISHED);
  const lease = ["get", "lease", "-n", "kube-system", "kaji-ingress-edge-1"];
  expect(done(await there().kubectl(...lease, "-o", "jsonpath={.spec.holderIdentity}"))).toBe(
    "edge-1",
  );
  const snippet = "nginx.ingress.kubernetes.io/configuration-snippet=return 200;";
  done(await there().kubectl("annotate", "ingress", "shop", snippet));
  await eventually("the snippet is refused", async () => (await status("/")) === 503);
  await eventually("an event says why", async () =>
    done(await there().kubectl("describe", "ingress", "shop")).includes(
      "configuration-snippet is refused",
    ),
  );
  done(await there().kubectl("annotate", "ingress", "shop", `${snippet.split("=")[0]}-`));
  await eventually("it is served again", async () => (await status("/")) === 200);
});

test("requests are logged and counted with their pods", async () => {
  await ask("/", { "x-request-id": "counted" });
  const file = join(there().locations.log, "ingress-access.log");
  const line = await eventually("it is logged", () =>
    readFileSync(file, "utf8")
      .split("\n")
      .find((one) => one.includes('"counted"')),
  );
  expect(JSON.parse(line)).toMatchObject({
    pod: expect.stringMatching(/^default\/shop-/) as string,
    ...{ backend: "default/shop:http", ingress: "default/shop", status: 200 },
  });
  const counted =
    /requests\{host="shop.localhost",path="\/",namespace="default",service="shop",ingress="shop",pod="default\/shop-[^"]+",status="200"\} \d+/;
  await eventually("it is counted", async () =>
    counted.test(await (await fetch(`http://127.0.0.1:${metricsPort}/metrics`)).text()),
  );
});
