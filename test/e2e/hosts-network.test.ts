// lane: first (a dozen hosts)
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Pod } from "#api/schema/types";
import { eventually, findProgram } from "#test/support/host";
import { readHostState } from "#test/support/host-state";
import {
  type HostsLab,
  type LabHost,
  type LabProcess,
  openHosts,
  whyNoHosts,
} from "#test/support/hosts";
import { type HostsCluster, POD_CIDR, startHostsCluster } from "#test/support/hosts-cluster";
import {
  askFromHost,
  askFromPod,
  ipOf,
  namesIn,
  serveOnHost,
  whoPod,
  whoService,
} from "#test/support/hosts-pods";

/** One and two share a link, three is behind a router; "outside" is a machine that is no node. */
const missing = ["kubectl", "busybox", "gcc"].filter((name) => !findProgram(name));
const reason = whyNoHosts() ?? (missing.length > 0 ? `needs ${missing.join(", ")}` : undefined);
if (reason) console.warn(`hosts-network: skipped: ${reason}`);

const REPAIR_TIMEOUT_MS = 40_000;

describe.skipIf(reason)("the network of three hosts", () => {
  let lab: HostsLab;
  let cluster: HostsCluster;
  let hosts: LabHost[];
  let one: LabHost;
  let two: LabHost;
  let three: LabHost;
  let outside: LabHost;
  const agents = new Map<string, LabProcess>();
  const pods = new Map<string, Pod>();
  const podIp = (name: string): string => ipOf(pods.get(name) as Pod);
  const clusterIpOf = (name: string): Promise<string> =>
    cluster.mustKubectl("get", "service", name, "-o", "jsonpath={.spec.clusterIP}");

  beforeAll(async () => {
    lab = await openHosts();
    one = await lab.startHost("one");
    two = await lab.startHost("two");
    three = await lab.startHost("three", { subnet: 1 });
    outside = await lab.startHost("outside");
    hosts = [one, two, three];
    cluster = await startHostsCluster(lab, one);
    await Promise.all(
      hosts.map(async (host) => agents.set(host.name, await cluster.startAgent(host))),
    );
    await cluster.untilReady(...hosts);
    await cluster.importBusybox(...hosts);
    await cluster.apply(...hosts.map(({ name }) => whoPod(`who-${name}`, name)));
    for (const { name } of hosts) {
      pods.set(`who-${name}`, await cluster.untilPodReady(`who-${name}`));
    }
  }, 180_000);
  afterAll(async () => {
    await lab?.close();
    const left = JSON.stringify(readHostState());
    for (const host of hosts) expect(left).not.toContain(host.locations.instance);
    expect(left).not.toContain(lab.root);
  });

  /** Each pod asks each pod by its address, and is seen by its own. */
  async function expectFlat(): Promise<void> {
    for (const from of pods.keys()) {
      for (const to of pods.keys()) {
        const answer = await askFromPod(cluster, from, podIp(to));
        expect(answer, `${from} asks ${to}`).toBe(`${to} ${podIp(from)}`);
      }
    }
  }

  test("nodes on one link route directly, others go through the tunnel", async () => {
    const routes = await one.must(["ip", "route", "show", "proto", "75"]);
    expect(routes).toMatch(new RegExp(`via ${two.ip} dev eth0`));
    expect(routes).toMatch(/10\.244\.\d+\.0\/24 via 10\.244\.\d+\.1 dev \w+-vx onlink/);
    expect(await three.must(["ip", "route", "show", "proto", "75"])).not.toContain("eth0");
  });

  test("pods reach each other by their own addresses, and are seen by their own", async () => {
    await expectFlat();
  });

  test("a pod reaches a machine outside with its node's address", async () => {
    const server = serveOnHost(outside, 7_000);
    for (const host of hosts) {
      const answer = await eventually("the machine outside answers", () =>
        askFromPod(cluster, `who-${host.name}`, outside.ip, 7_000),
      );
      expect(answer).toBe(`outside ${host.ip}`);
    }
    await server.kill();
  });

  test("full-size packets pass, also through the tunnel", async () => {
    const size = 3_000_000;
    for (const [from, to] of [
      ["who-one", "who-two"],
      ["who-one", "who-three"],
      ["who-three", "who-two"],
    ] as const) {
      const fill = `dd if=/dev/zero of=/www/big bs=${size} count=1 2>/dev/null`;
      await cluster.mustKubectl("exec", to, "--", "sh", "-c", fill);
      const get = `printf 'GET /big HTTP/1.0\\r\\n\\r\\n' | nc -w 5 ${podIp(to)} 8080 | wc -c`;
      const got = await cluster.mustKubectl("exec", from, "--", "sh", "-c", get);
      expect(Number(got), `${from} gets from ${to}`).toBeGreaterThan(size);
    }
  });

  test("a Service is reached from every pod and every host, wherever its endpoints are", async () => {
    await cluster.apply(whoService("who", {}));
    const ip = await clusterIpOf("who");
    const all = ["who-one", "who-three", "who-two"];
    for (const from of all) {
      await eventually(`${from} hears all`, async () => {
        const answers = await Promise.all(
          Array.from({ length: 8 }, () => askFromPod(cluster, from, ip, 80)),
        );
        // Who reaches itself must see another address than its own.
        const others = answers.filter((answer) => answer && !answer.startsWith(from));
        for (const answer of others) expect(answer).toMatch(new RegExp(` ${podIp(from)}$`));
        return namesIn(answers).join() === all.join();
      });
    }
    for (const host of hosts) {
      await eventually(`${host.name} hears all`, async () => {
        const answers = await Promise.all(
          Array.from({ length: 8 }, () => askFromHost(host, ip, 80)),
        );
        return namesIn(answers).join() === all.join();
      });
    }
  });

  test("names are known on every host", async () => {
    const ip = await clusterIpOf("who");
    for (const from of pods.keys()) {
      const text = await cluster.mustKubectl(
        "exec",
        from,
        "--",
        "nslookup",
        "who.default.svc.cluster.local",
      );
      expect(text).toContain(ip);
    }
  });

  test("the API is reached from pods of every host", async () => {
    for (const from of pods.keys()) {
      const call = "nc -w 3 kubernetes.default 443 </dev/null";
      const { code, stderr } = await cluster.kubectl("exec", from, "--", "sh", "-c", call);
      expect(code, `${from}: ${stderr}`).toBe(0);
    }
  });

  test("session affinity brings a client back to its endpoint, also on another host", async () => {
    await cluster.apply(whoService("sticky", { sessionAffinity: "ClientIP" }));
    const ip = await clusterIpOf("sticky");
    for (const from of pods.keys()) {
      await eventually("the Service answers", () => askFromPod(cluster, from, ip, 80));
      const answers = [];
      for (let i = 0; i < 6; i++) answers.push(await askFromPod(cluster, from, ip, 80));
      expect(namesIn(answers), from).toHaveLength(1);
    }
  });

  test("a NodePort on any host leads to pods on any host", async () => {
    await cluster.apply(
      whoService("np", {
        type: "NodePort",
        ports: [{ port: 80, targetPort: 8080, nodePort: 30_080 }],
      }),
    );
    for (const host of hosts) {
      await eventually(`${host.name} serves all`, async () => {
        const answers = [];
        for (let i = 0; i < 10; i++) answers.push(await askFromHost(outside, host.ip, 30_080));
        return namesIn(answers).join() === "who-one,who-three,who-two";
      });
      expect(await askFromPod(cluster, "who-two", host.ip, 30_080)).toMatch(/^who-/);
    }
  });

  test("externalTrafficPolicy Local serves from the host's own pods and keeps the client", async () => {
    const ports = [{ port: 80, targetPort: 8080, nodePort: 30_081 }];
    const spec = { type: "NodePort", externalTrafficPolicy: "Local", ports };
    await cluster.apply(whoService("local", spec, { name: "who-three" }));
    await eventually("three serves", async () => {
      return (await askFromHost(outside, three.ip, 30_081)) === `who-three ${outside.ip}`;
    });
    expect(await askFromHost(outside, one.ip, 30_081)).toBeUndefined();
    expect(await askFromPod(cluster, "who-one", one.ip, 30_081)).toMatch(/^who-three /);
  });

  test("internalTrafficPolicy Local stays on the pod's own host", async () => {
    await cluster.apply(whoService("near", { internalTrafficPolicy: "Local" }));
    const ip = await clusterIpOf("near");
    for (const { name } of hosts) {
      await eventually("the Service answers", () => askFromPod(cluster, `who-${name}`, ip, 80));
      const answers = await Promise.all(
        Array.from({ length: 5 }, () => askFromPod(cluster, `who-${name}`, ip, 80)),
      );
      expect(namesIn(answers)).toEqual([`who-${name}`]);
    }
  });

  test("a hostPort and a pod in the host's network are reached on their host from everywhere", async () => {
    const ports = [{ containerPort: 8080, hostPort: 18_080 }];
    const env = [
      { name: "POD", value: "in-host" },
      { name: "PORT", value: "18081" },
    ];
    const probe = { tcpSocket: { port: 18_081 }, periodSeconds: 1 };
    await cluster.apply(
      whoPod("with-port", "three", {}, { ports }),
      whoPod("in-host", "two", { hostNetwork: true }, { env, readinessProbe: probe }),
    );
    await cluster.untilPodReady("with-port");
    expect(ipOf(await cluster.untilPodReady("in-host"))).toBe(two.ip);
    for (const from of ["who-one", "who-two", "who-three"]) {
      expect(await askFromPod(cluster, from, three.ip, 18_080), from).toMatch(/^with-port /);
      expect(await askFromPod(cluster, from, two.ip, 18_081), from).toMatch(/^in-host /);
    }
    expect(await askFromHost(outside, three.ip, 18_080)).toBe(`with-port ${outside.ip}`);
    expect(await askFromPod(cluster, "in-host", podIp("who-three"))).toMatch(/^who-three /);
    await cluster.mustKubectl("delete", "pod", "with-port", "in-host", "--wait=true");
  });

  test("a killed agent's pods keep their network, and the next agent changes nothing", async () => {
    const routes = await one.must(["ip", "route"]);
    for (const host of hosts) await agents.get(host.name)?.kill("SIGKILL");
    for (const host of hosts) {
      for (const name of pods.keys()) {
        expect(await askFromHost(host, podIp(name)), `${host.name} asks ${name}`).toMatch(name);
      }
    }
    for (const host of hosts) agents.set(host.name, await cluster.startAgent(host));
    await cluster.untilReady(...hosts);
    for (const name of pods.keys()) {
      await eventually(`the API reaches the agent of ${name} again`, async () => {
        const { code } = await cluster.kubectl("exec", name, "--", "true");
        return code === 0;
      });
    }
    await expectFlat();
    expect(await one.must(["ip", "route"])).toBe(routes);
  });

  test("a host that was cut off finds its routes as they were", async () => {
    await two.cutOff();
    expect(await askFromHost(one, podIp("who-two"))).toBeUndefined();
    await two.reconnect();
    await eventually("two answers again", () => askFromHost(one, podIp("who-two")));
    await eventually(
      "the API reaches two again",
      async () => {
        const { code } = await cluster.kubectl("exec", "who-two", "--", "true");
        return code === 0;
      },
      REPAIR_TIMEOUT_MS,
    );
    await expectFlat();
  });

  test("routes that went with an interface come back by themselves", async () => {
    await two.must([
      "sh",
      "-c",
      "ip link set eth0 down; ip link set eth0 up; ip route add default via 192.0.2.254",
    ]);
    expect(await two.must(["ip", "route", "show", "proto", "75"])).not.toContain("eth0");
    await eventually(
      "two reaches one again",
      () => askFromHost(two, podIp("who-one")),
      REPAIR_TIMEOUT_MS,
    );
  });

  test("a host that gets another address is found by the others, on its link and behind the router", async () => {
    const moved = "192.0.2.77";
    const change = `ip address del ${two.ip}/24 dev eth0; ip address add ${moved}/24 dev eth0`;
    await two.must(["sh", "-c", `${change}; ip route replace default via 192.0.2.254`]);
    await eventually(
      "the node tells its address",
      async () => (await cluster.mustKubectl("get", "node", "two", "-o", "wide")).includes(moved),
      REPAIR_TIMEOUT_MS,
    );
    for (const from of ["who-one", "who-three"]) {
      const ask = () => askFromPod(cluster, from, podIp("who-two"));
      await eventually(`${from} reaches two`, ask, REPAIR_TIMEOUT_MS);
    }
    await expectFlat();
  });

  test("a host that lost its power comes back with a network for its pods", async () => {
    await three.kill9();
    await three.boot();
    agents.set("three", await cluster.startAgent(three));
    const pod = await eventually(
      "who-three runs again",
      async () => {
        const text = await cluster.mustKubectl("get", "pod", "who-three", "-o", "json");
        const found = JSON.parse(text) as Pod;
        const isReady = found.status?.conditions?.some(
          ({ type, status }) => type === "Ready" && status === "True",
        );
        const restarts = found.status?.containerStatuses?.[0]?.restartCount ?? 0;
        return isReady && restarts > 0 && found;
      },
      REPAIR_TIMEOUT_MS,
    );
    pods.set("who-three", pod);
    await expectFlat();
  });

  test("a node that is deleted is routed to no more", async () => {
    await agents.get("three")?.kill("SIGTERM");
    const { podCIDR = "" } = JSON.parse(
      await cluster.mustKubectl("get", "node", "three", "-o", "jsonpath={.spec}"),
    ) as { podCIDR?: string };
    expect(await one.must(["ip", "route"])).toContain(podCIDR);
    await cluster.mustKubectl("delete", "node", "three");
    for (const host of [one, two]) {
      await eventually(`${host.name} has no route to three`, async () => {
        return !(await host.must(["ip", "route"])).includes(podCIDR);
      });
      expect(await host.must(["ip", "-br", "link"])).not.toContain("-vx");
    }
    expect(
      (await one.run(["busybox", "nc", "-w", "2", podIp("who-three"), "8080"])).stderr,
    ).toMatch(/unreachable|No route/);
  });

  test("kaji down leaves nothing on any host", async () => {
    await Promise.all([...agents.values()].map((agent) => agent.kill("SIGTERM")));
    for (const host of hosts) {
      const { code, stderr } = await host.kaji("down");
      expect(code, stderr).toBe(0);
      expect(await host.must(["ip", "route"])).not.toContain(POD_CIDR.slice(0, 6));
      expect((await host.must(["ls", "/sys/class/net"])).split(/\s+/).filter(Boolean)).toEqual([
        "eth0",
        "lo",
      ]);
      expect((await host.must(["nft", "list", "ruleset"])).trim()).toBe("");
      expect(await host.must(["cat", "/proc/self/mounts"])).not.toContain(host.rootDir);
      expect((await host.must(["cat", "/proc/sys/net/ipv4/ip_forward"])).trim()).toBe("0");
    }
  });
});
