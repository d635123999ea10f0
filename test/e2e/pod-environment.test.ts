import { describe, expect, test } from "vitest";
import { eventually, requireHost } from "#test/support/host";
import { PARITY_NEEDS, parityCluster, shellPod } from "#test/support/parity";

/** What a pod's spec makes of the world that its processes see. One pod per row; its output is what is expected. */
const at = parityCluster();
const WAIT_MS = 40_000;
const ONCE = { restartPolicy: "Never" };
const [plain] = shellPod("", "").spec.containers;
const from = (fieldPath: string) => ({ valueFrom: { fieldRef: { fieldPath } } });
const amount = (resource: string, divisor?: string) => ({
  valueFrom: { resourceFieldRef: { resource, ...(divisor ? { divisor } : {}) } },
});

interface Row {
  readonly name: string;
  readonly line: string;
  readonly container?: object;
  readonly spec?: object;
  readonly says: string | RegExp;
}

const rows: Row[] = [
  { name: "name", line: "hostname", says: "name\n" },
  {
    name: "subdomain",
    line: "hostname; hostname -f; tail -1 /etc/hosts | cut -f2,3",
    spec: { hostname: "web", subdomain: "site" },
    says: "web\nweb.site.default.svc.cluster.local\nweb.site.default.svc.cluster.local\tweb\n",
  },
  {
    name: "fqdn",
    line: "hostname",
    spec: { hostname: "web", subdomain: "site", setHostnameAsFQDN: true },
    says: "web.site.default.svc.cluster.local\n",
  },
  {
    name: "aliases",
    line: "tail -2 /etc/hosts",
    spec: { hostAliases: [{ ip: "10.1.2.3", hostnames: ["foo.local", "bar.local"] }] },
    says: "# Entries added by HostAliases.\n10.1.2.3\tfoo.local\tbar.local\n",
  },
  {
    name: "dns-none",
    line: "cat /etc/resolv.conf",
    spec: {
      dnsPolicy: "None",
      dnsConfig: {
        nameservers: ["192.0.2.1"],
        searches: ["a.example"],
        options: [{ name: "ndots", value: "2" }, { name: "edns0" }],
      },
    },
    says: "search a.example\nnameserver 192.0.2.1\noptions ndots:2 edns0\n",
  },
  {
    name: "dns-first",
    line: "cat /etc/resolv.conf",
    says: /^search default\.svc\.cluster\.local svc\.cluster\.local cluster\.local.*\nnameserver 10\.97\.0\.10\noptions ndots:5\n$/,
  },
  {
    name: "links",
    line: "echo $LINKED_SERVICE_PORT $KUBERNETES_SERVICE_PORT",
    says: "81 443\n",
  },
  {
    name: "no-links",
    line: "echo [$LINKED_SERVICE_PORT] $KUBERNETES_SERVICE_PORT",
    spec: { enableServiceLinks: false },
    says: "[] 443\n",
  },
  {
    name: "fields",
    line: 'echo "$A $B $C $D $E"',
    container: {
      env: [
        { name: "A", ...from("metadata.name") },
        { name: "B", ...from("metadata.namespace") },
        { name: "C", ...from("spec.nodeName") },
        { name: "D", ...from("spec.serviceAccountName") },
        { name: "E", ...from("metadata.labels['app']") },
      ],
    },
    says: "fields default node-1 default fields\n",
  },
  {
    name: "amounts",
    line: 'echo "$A $B $C $D"',
    container: {
      resources: {
        requests: { cpu: "150m", memory: "8Mi" },
        limits: { cpu: "1100m", memory: "32Mi" },
      },
      env: [
        { name: "A", ...amount("limits.cpu") },
        { name: "B", ...amount("limits.cpu", "1m") },
        { name: "C", ...amount("limits.memory", "1Mi") },
        { name: "D", ...amount("requests.memory") },
      ],
    },
    says: "2 1100 32 8388608\n",
  },
  {
    name: "identity",
    line: "id -u; id -g; id -G; stat -c %g /data; touch /data/x; stat -c %g /data/x",
    container: { volumeMounts: [{ name: "data", mountPath: "/data" }] },
    spec: {
      securityContext: {
        runAsUser: 1001,
        runAsGroup: 1002,
        fsGroup: 1003,
        supplementalGroups: [1004],
      },
      volumes: [{ name: "data", emptyDir: {} }],
    },
    says: "1001\n1002\n1002 1003 1004\n1003\n1003\n",
  },
  {
    name: "sysctl",
    line: "cat /proc/sys/net/ipv4/ip_unprivileged_port_start /proc/sys/kernel/shm_rmid_forced",
    spec: {
      securityContext: {
        sysctls: [
          { name: "net.ipv4.ip_unprivileged_port_start", value: "80" },
          { name: "kernel.shm_rmid_forced", value: "1" },
        ],
      },
    },
    says: "80\n1\n",
  },
  {
    name: "shared-pids",
    line: "ps | grep -v grep | grep -c 'sleep 4242'",
    spec: {
      shareProcessNamespace: true,
      terminationGracePeriodSeconds: 0,
      initContainers: [
        { ...plain, name: "other", restartPolicy: "Always", command: ["sleep", "4242"] },
      ],
    },
    says: "1\n",
  },
  {
    name: "own-pids",
    line: "ps | grep -v grep | grep -c 'sleep 4243'; true",
    spec: {
      terminationGracePeriodSeconds: 0,
      initContainers: [
        { ...plain, name: "other", restartPolicy: "Always", command: ["sleep", "4243"] },
      ],
    },
    says: "0\n",
  },
  {
    name: "host-spaces",
    line: "for n in pid ipc net; do readlink /proc/self/ns/$n; done",
    spec: { hostPID: true, hostIPC: true, hostNetwork: true },
    says: /^pid:\[\d+\]\nipc:\[\d+\]\nnet:\[\d+\]\n$/,
  },
  {
    name: "root-is-there",
    line: "touch /x 2>&1; echo $?",
    container: { securityContext: { readOnlyRootFilesystem: true } },
    says: /Read-only file system\n1\n$/,
  },
];

describe("a pod's processes see", () => {
  test("all of them are made", async (context) => {
    requireHost(context, PARITY_NEEDS);
    await at.apply({
      apiVersion: "v1",
      kind: "Service",
      metadata: { name: "linked" },
      spec: { selector: { app: "none" }, ports: [{ port: 81 }] },
    });
    await eventually(
      "the node knows the service",
      async () => (await at.kubectl("get", "service", "linked", "-o", "name")) !== "",
      WAIT_MS,
    );
    await at.apply(
      ...rows.map(({ name, line, container, spec }) =>
        shellPod(name, line, container, { ...ONCE, ...spec }),
      ),
    );
  });

  for (const { name, says } of rows) {
    test(`what "${name}" asks for`, async (context) => {
      requireHost(context, PARITY_NEEDS);
      await at.kubectl(
        "wait",
        "--for=jsonpath={.status.containerStatuses[0].state.terminated}",
        `pod/${name}`,
        "--timeout=60s",
      );
      const text = await at.kubectl("logs", name, "-c", "c");
      if (typeof says === "string") expect(text).toBe(says);
      else expect(text).toMatch(says);
    });
  }

  test("the host's namespaces, where a pod asks for them", async (context) => {
    requireHost(context, PARITY_NEEDS);
    const { readlinkSync } = await import("node:fs");
    const own = ["pid", "ipc", "net"].map((name) => readlinkSync(`/proc/self/ns/${name}`));
    expect((await at.kubectl("logs", "host-spaces")).trim().split("\n")).toEqual(own);
  });
});

const refused: [name: string, spec: object, says: RegExp][] = [
  [
    "unsafe-sysctl",
    { securityContext: { sysctls: [{ name: "kernel.msgmax", value: "65536" }] } },
    /^Pod was rejected: forbidden sysctl: "kernel\.msgmax" not allowlisted$/,
  ],
  [
    "sysctl-of-host",
    {
      hostNetwork: true,
      securityContext: { sysctls: [{ name: "net.ipv4.tcp_syncookies", value: "1" }] },
    },
    /sysctl "net\.ipv4\.tcp_syncookies" not allowed with host net enabled/,
  ],
];

describe("a pod that the node may not run", () => {
  for (const [name, spec, says] of refused) {
    test(`${name} fails and says why`, async (context) => {
      requireHost(context, PARITY_NEEDS);
      await at.apply(shellPod(name, "true", {}, { ...ONCE, ...spec }));
      await at.kubectl(
        "wait",
        "--for=jsonpath={.status.phase}=Failed",
        `pod/${name}`,
        "--timeout=60s",
      );
      const { status } = JSON.parse(await at.kubectl("get", "pod", name, "-o", "json"));
      expect(status).toMatchObject({ reason: "SysctlForbidden" });
      expect(status.message).toMatch(says);
      expect(await at.kubectl("get", "pod", name)).toMatch(/0\/1\s+SysctlForbidden/);
    });
  }
});
