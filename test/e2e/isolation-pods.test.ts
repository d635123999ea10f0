import { readFileSync } from "node:fs";
import { connect } from "node:http2";
import { createServer, type Server } from "node:net";
import { join } from "node:path";
import { afterAll, describe, expect, test, type TestContext } from "vitest";
import { parse } from "yaml";
import { eventually, requireHost } from "#test/support/host";
import { PARITY_NEEDS, shellPod } from "#test/support/parity";
import { MALLORY, tenantsLab, VICTIM } from "#test/e2e/isolation-tenants";

/** What a tenant's pods try against another's pods, against the node, and against everybody's patience. */
const lab = tenantsLab("10.243.0.0/16", "10.93.0.0/16");

const attack =
  (run: () => Promise<void>) =>
  async (context: TestContext): Promise<void> => {
    requireHost(context, PARITY_NEEDS);
    await run();
  };

/** What a web server says to a pod of the tenant; "" for silence and refusals. */
async function page(tenant: string, address: string, port = 8080, pod = "web"): Promise<string> {
  const ask = `printf 'GET / HTTP/1.0\\r\\n\\r\\n' | nc -w 5 ${address} ${port} | tail -n 1`;
  return (await lab.inPod(tenant, pod, ask)).stdout.trim();
}

/** Of the cluster's DNS, as a pod asks it. */
async function addressOf(tenant: string, name: string): Promise<string> {
  const { stdout } = await lab.inPod(tenant, "web", `nslookup ${name} | tail -n 3`);
  return /Address(?: 1)?: ([\d.]+)/.exec(stdout)?.[1] ?? "";
}

async function isOpen(tenant: string, address: string, port: number): Promise<boolean> {
  const line = `nc -w 5 ${address} ${port} </dev/null >/dev/null 2>&1 && echo open || true`;
  return (await lab.inPod(tenant, "web", line)).stdout.trim() === "open";
}

async function field(tenant: string, what: string, path: string): Promise<string> {
  const { stdout } = await lab.as(tenant, "get", ...what.split(" "), "-o", `jsonpath={${path}}`);
  return stdout;
}

const victimAnswers = async (): Promise<void> => {
  expect(await page(VICTIM, "127.0.0.1")).toBe(VICTIM);
  expect(await field(VICTIM, "pod web", ".status.containerStatuses[0].restartCount")).toBe("0");
};

describe("on the network", () => {
  test(
    "a tenant's pods reach each other, by address and by name",
    attack(async () => {
      const own = await field(MALLORY, "pod web", ".status.podIP");
      expect(await page(MALLORY, own)).toBe(MALLORY);
      await lab.applyAs(MALLORY, shellPod("client", "sleep 3600"));
      await lab.as(MALLORY, "wait", "pod/client", "--for=condition=Ready", "--timeout=60s");
      expect(await page(MALLORY, own, 8080, "client")).toBe(MALLORY);
      const service = await addressOf(MALLORY, "web.tenant-mallory.svc.cluster.local");
      expect(await page(MALLORY, service, 80, "client")).toBe(MALLORY);
    }),
  );

  test(
    "another's pods and Services are silent, though their names can be asked for",
    attack(async () => {
      const pod = await field(VICTIM, "pod web", ".status.podIP");
      const service = await field(VICTIM, "service web", ".spec.clusterIP");
      expect(await page(VICTIM, pod)).toBe(VICTIM);
      expect(await page(VICTIM, service, 80)).toBe(VICTIM);
      expect(await page(MALLORY, pod)).toBe("");
      expect(await page(MALLORY, service, 80)).toBe("");
      expect(await addressOf(MALLORY, "web.tenant-victim.svc.cluster.local")).toBe(service);
    }),
  );

  test(
    "neither the node's own ports nor the API are open to a tenant's pod",
    attack(async () => {
      const { port } = (await listen()).address() as { port: number };
      await lab.at.apply({ ...shellPod("free", "sleep 3600") });
      await lab.at.kubectl("wait", "pod/free", "--for=condition=Ready", "--timeout=60s");
      const range = await lab.at.kubectl("get", "node", "-o", "jsonpath={.items[0].spec.podCIDR}");
      const gateway = range.replace(/\.0\/24$/, ".1");
      const ask = `nc -w 5 ${gateway} ${port} </dev/null && echo open`;
      // Whoever no policy is for reaches it: it is the policy that closes it.
      expect(await lab.at.kubectl("exec", "free", "--", "sh", "-c", ask)).toContain("open");
      expect(await isOpen(MALLORY, gateway, port)).toBe(false);
      const service = await addressOf(MALLORY, "kubernetes.default.svc.cluster.local");
      expect(service).toMatch(/^10\.93\./);
      expect(await isOpen(MALLORY, service, 443)).toBe(false);
      const api = Number(new URL(apiOf(MALLORY).server).port);
      expect(await isOpen(MALLORY, gateway, api)).toBe(false);
      await lab.at.kubectl("delete", "pod", "free", "--wait=false");
    }),
  );

  test(
    "the node itself, and with it the ingress there, reaches a tenant's pod",
    attack(async () => {
      const pod = await field(VICTIM, "pod web", ".status.podIP");
      const answer = await fetch(`http://${pod}:8080/`);
      expect((await answer.text()).trim()).toBe(VICTIM);
    }),
  );

  test(
    "a pod cannot give itself another's address",
    attack(async () => {
      const pod = await field(VICTIM, "pod web", ".status.podIP");
      const { stdout, stderr } = await lab.inPod(
        MALLORY,
        "web",
        `ip address add ${pod}/32 dev eth0`,
      );
      expect(stdout + stderr).toContain("Operation not permitted");
    }),
  );
});

describe("a noisy neighbour", () => {
  test(
    "gets no more of the processor than its limit, and is throttled",
    attack(async () => {
      // Little enough to be had on a host that is busy with others.
      const resources = { limits: { cpu: "20m" } };
      await lab.applyAs(MALLORY, shellPod("busy", "while :; do :; done", { resources }));
      await lab.as(MALLORY, "wait", "pod/busy", "--for=condition=Ready", "--timeout=60s");
      const script = "cat /sys/fs/cgroup/cpu/cpu.stat 2>/dev/null || cat /sys/fs/cgroup/cpu.stat";
      await eventually("it was throttled", async () => {
        const { stdout } = await lab.inPod(MALLORY, "busy", script);
        return Number(/nr_throttled (\d+)/.exec(stdout)?.[1]) > 5;
      });
      await lab.as(MALLORY, "delete", "pod", "busy", "--wait=false");
      await victimAnswers();
    }),
  );

  test(
    "that takes more memory than its limit is killed, alone",
    attack(async () => {
      await lab.applyAs(
        MALLORY,
        shellPod("greedy", "tail /dev/zero", {}, { restartPolicy: "Never" }),
      );
      await eventually(
        "it is killed for its memory",
        async () => {
          const path = ".status.containerStatuses[0].state.terminated.reason";
          return (await field(MALLORY, "pod greedy", path)) === "OOMKilled";
        },
        30_000,
      );
      await lab.as(MALLORY, "delete", "pod", "greedy", "--wait=false");
      await victimAnswers();
    }),
  );

  test(
    "that forks without end stays within its own limits",
    attack(async () => {
      const bomb = "for i in $(seq 3000); do sleep 20 & done; echo all; sleep 20";
      await lab.applyAs(MALLORY, shellPod("bomb", bomb, {}, { restartPolicy: "Never" }));
      await eventually(
        "it is ended by what it was given",
        async () => (await field(MALLORY, "pod bomb", ".status.phase")) === "Failed",
        90_000,
      );
      await lab.as(MALLORY, "delete", "pod", "bomb", "--wait=false");
      await victimAnswers();
    }),
  );

  test(
    "that fills the disk is evicted, alone",
    attack(async () => {
      const fill = "dd if=/dev/zero of=/tmp/full bs=1M count=100; sleep 3600";
      await lab.applyAs(MALLORY, shellPod("hoarder", fill, {}, { restartPolicy: "Never" }));
      await eventually(
        "it is evicted",
        async () => (await field(MALLORY, "pod hoarder", ".status.reason")) === "Evicted",
        60_000,
      );
      await lab.as(MALLORY, "delete", "pod", "hoarder", "--wait=false");
      await victimAnswers();
    }),
  );

  test(
    "that floods the API is told to wait, and others are served meanwhile",
    attack(async () => {
      const flood = askMany(MALLORY, 400);
      const victims = await askMany(VICTIM, 5);
      const answers = await flood;
      expect(victims.map(({ status }) => status)).toEqual(Array(5).fill(200));
      const refused = answers.filter(({ status }) => status === 429);
      expect(refused.length).toBeGreaterThan(0);
      expect(refused[0]).toEqual({ status: 429, retryAfter: "1" });
      expect(answers.every(({ status }) => status === 200 || status === 429)).toBe(true);
    }),
  );
});

const listeners: Server[] = [];
afterAll(() => {
  for (const one of listeners) one.close();
});

/** A port on every address of the node. */
async function listen(): Promise<Server> {
  const server = createServer((socket) => socket.end("here\n"));
  await new Promise<void>((resolve) => server.listen(0, "0.0.0.0", resolve));
  listeners.push(server);
  return server;
}

interface Api {
  readonly server: string;
  readonly ca: Buffer;
  readonly token: string;
}

function apiOf(tenant: string): Api {
  const config = parse(readFileSync(join(lab.at.scratch, tenant, "kubeconfig"), "utf8")) as {
    readonly clusters: { readonly cluster: Record<string, string> }[];
    readonly users: { readonly user: { readonly token: string } }[];
  };
  const { server = "", "certificate-authority-data": ca = "" } = config.clusters[0]?.cluster ?? {};
  return { server, ca: Buffer.from(ca, "base64"), token: config.users[0]?.user.token ?? "" };
}

/** As many requests at once, all on one connection. */
async function askMany(
  tenant: string,
  count: number,
): Promise<{ status: number; retryAfter: string | undefined }[]> {
  const { server, ca, token } = apiOf(tenant);
  const session = connect(server, { ca });
  const ask = (): Promise<{ status: number; retryAfter: string | undefined }> =>
    new Promise((resolve, reject) => {
      const path = `/api/v1/namespaces/tenant-${tenant}/pods`;
      const request = session.request({ ":path": path, authorization: `Bearer ${token}` });
      request.on("response", (headers) => {
        const retryAfter = headers["retry-after"];
        request.resume();
        request.on("end", () => resolve({ status: Number(headers[":status"]), retryAfter }));
      });
      request.on("error", reject);
    });
  try {
    return await Promise.all(Array.from({ length: count }, ask));
  } finally {
    session.close();
  }
}
