import { describe, expect, test } from "vitest";
import {
  hostnameOf,
  hostsFile,
  parseResolvConf,
  resolvConf,
} from "#node-agent/container/host-files";
import { testPod } from "#test/support/pods";

const host = parseResolvConf(
  "# a comment\nnameserver 192.0.2.53\nsearch example.org\noptions rotate\n",
);
const cluster = { clusterDomain: "cluster.local", dnsIp: "10.96.0.10" };

describe("resolv.conf", () => {
  test("ClusterFirst asks the cluster and searches as Kubernetes does", () => {
    expect(resolvConf(testPod(), host, cluster)).toBe(
      "search default.svc.cluster.local svc.cluster.local cluster.local example.org\n" +
        "nameserver 10.96.0.10\noptions ndots:5\n",
    );
  });

  test("Default, and ClusterFirst in the host's network, ask whom the host asks", () => {
    const words = "search example.org\nnameserver 192.0.2.53\noptions rotate\n";
    expect(resolvConf(testPod({ dnsPolicy: "Default" }), host, cluster)).toBe(words);
    expect(resolvConf(testPod({ hostNetwork: true }), host, cluster)).toBe(words);
  });

  test("ClusterFirstWithHostNet asks the cluster from the host's network", () => {
    const pod = testPod({ hostNetwork: true, dnsPolicy: "ClusterFirstWithHostNet" });
    expect(resolvConf(pod, host, cluster)).toContain("nameserver 10.96.0.10");
  });

  test("dnsConfig adds, and its options win", () => {
    const dnsConfig = {
      nameservers: ["192.0.2.9"],
      searches: ["corp"],
      options: [{ name: "ndots", value: "2" }, { name: "edns0" }],
    };
    expect(resolvConf(testPod({ dnsPolicy: "None", dnsConfig }), host, cluster)).toBe(
      "search corp\nnameserver 192.0.2.9\noptions ndots:2 edns0\n",
    );
    const first = resolvConf(testPod({ dnsConfig }), host, cluster);
    expect(first).toContain("nameserver 10.96.0.10\nnameserver 192.0.2.9");
    expect(first).toContain("options ndots:2 edns0");
  });
});

describe("hosts", () => {
  test("names the pod, with its subdomain and aliases", () => {
    const pod = testPod({
      hostname: "web",
      subdomain: "site",
      hostAliases: [{ ip: "10.1.1.1", hostnames: ["db", "db.local"] }],
    });
    const text = hostsFile(pod, "10.244.0.7", "cluster.local");
    expect(text).toContain("10.244.0.7\tweb.site.default.svc.cluster.local\tweb\n");
    expect(text).toContain("10.1.1.1\tdb\tdb.local\n");
    expect(text).toMatch(/^# Kubernetes-managed hosts file\.\n127\.0\.0\.1\tlocalhost\n/);
  });

  test("a name that is too long for a hostname is cut", () => {
    const name = `${"a".repeat(62)}-b`;
    expect(hostnameOf(testPod({}, { name }))).toBe("a".repeat(62));
  });
});
