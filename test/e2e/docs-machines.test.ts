// lane: first (four clusters, one after the other)
import { runPages } from "#test/support/docs-page";
import { startHostsEtcd } from "#test/support/hosts-etcd";

const REACHED = ["--bind-address", "192.0.2.1"];

/** What who runs the machines reads. */
runPages({
  "docs/add-a-machine.md": {
    machines: ["node-1", "node-2"],
    cluster: "none",
    hasBusybox: true,
    words: {
      "ID.SECRET": (printed) => /--token (\S+)/.exec(printed)?.[1],
      "sha256:HEX": (printed) => /--ca-cert-hash (\S+)/.exec(printed)?.[1],
    },
  },
  "docs/nodes.md": { machines: ["node-1", "node-2"], cluster: REACHED, hasJoined: true },
  "docs/servers.md": {
    machines: ["node-1", "node-2", "node-3"],
    cluster: "none",
    words: { "--server-token-file token": (_, lib) => `--server-token-file ${lib}/server-token` },
    async prepare(machines) {
      await startHostsEtcd([...machines.values()].map(({ host }) => host));
      return {};
    },
  },
  "docs/cluster-state.md": {
    words: { abcdef: (printed) => /--token ([a-z0-9]{6})\./.exec(printed)?.[1] },
  },
});
