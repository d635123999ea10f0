import { execFileSync } from "node:child_process";
import { chmodSync } from "node:fs";
import { expect } from "vitest";
import { capabilityNames } from "#runtime/plan/capabilities";
import { claim } from "#test/claims/claim";
import { compile, needsCompiler } from "#test/claims/compile";
import { type HostSecrets, hostSecrets } from "#test/claims/host-secrets";
import { onNode, withSecurity } from "#test/claims/node";
import { whyNot } from "#test/e2e/runtime-fixture";

const ATTACKS_AT_LEAST = 80;
const script = "grep -E '^(CapEff|CapBnd|NoNewPrivs|Seccomp):' /proc/self/status";

/** What succeeds outside: that the same program is refused inside then says something. */
const reachable = ["host_file", "signal_host", "see_host", "host_loopback", "host_abstract_socket"];

/** What a privileged container may do, by its own configuration. */
const mighty = [
  "mount_tmpfs",
  "mount_bind",
  "open_tree_clone",
  "unshare_mount",
  "write_core_pattern",
];
const all = withSecurity({
  isPrivileged: true,
  allowPrivilegeEscalation: true,
  seccomp: "unconfined",
  masksProc: false,
});

function onHost(program: string, { env }: HostSecrets): string[] {
  const variables = Object.fromEntries(env.map(({ name, value }) => [name, value]));
  return execFileSync(program, reachable, { env: variables, encoding: "utf8" }).trim().split("\n");
}

claim(
  28,
  "a hostile program inside a container, even as root, does not reach the host's files, processes, devices, network or kernel settings",
  (report) =>
    onNode(async (node) => {
      const secrets = await hostSecrets(node.root);
      try {
        const program = compile("attacks", node.root);
        chmodSync(program.hostPath, 0o4755); // set-uid root: that must not help either
        const mounts = [program];
        expect(onHost(program.hostPath, secrets)).toEqual(
          reachable.map((name) => `${name}: SUCCEEDED`),
        );
        const attack = { mounts, env: secrets.env };
        for (const user of ["0", "1234"]) {
          const { text } = await node.output("/attacks", {
            ...attack,
            ...withSecurity({ runAsUser: user }),
          });
          const lines = text.trim().split("\n");
          expect(lines.filter((line) => !line.includes(": refused ("))).toEqual([]);
          expect(lines.length).toBeGreaterThanOrEqual(ATTACKS_AT_LEAST);
          const beside = await node.run("sleep 600", attack);
          const leak = await node.execute(beside, "/attacks", "leaked_descriptor", "host_file");
          expect(leak.text.match(/: refused/g)).toHaveLength(2);
          report.figure(`attacks as user ${user}`, `${lines.length} tried, 0 succeeded`);
        }
        const privileged = await node.output(`/attacks ${mighty.join(" ")}`, { ...attack, ...all });
        expect(privileged.text.trim().split("\n")).toEqual(
          mighty.map((name) => `${name}: SUCCEEDED`),
        );
      } finally {
        await secrets.close();
      }
    }),
  whyNot,
  needsCompiler,
);

claim(
  28,
  "a process has only the default capabilities, or none when it is not root, a filter and no way to new rights",
  (report) =>
    onNode(async (node) => {
      const root = await node.output(script);
      const user = await node.output(script, withSecurity({ runAsUser: "1234" }));
      const locked = "CapBnd: 00000000a[08]0425fb\nNoNewPrivs: 1\nSeccomp: 2\n$";
      expect(root.text.replaceAll("\t", " ")).toMatch(
        new RegExp(`^CapEff: 00000000a[08]0425fb\n${locked}`),
      );
      expect(user.text.replaceAll("\t", " ")).toMatch(new RegExp(`^CapEff: 0+\n${locked}`));
      const mask = BigInt(`0x${/CapBnd:\s*(\w+)/.exec(root.text)?.[1] ?? 0}`);
      const count = mask.toString(2).replaceAll("0", "").length;
      report.figure("capabilities of root inside", `${count} of ${capabilityNames.length}`);
    }),
  whyNot,
);

/** What a privileged container has of its own (mounts, namespaces, keys), and what the kernel lets any user do. */
const ownBusiness = [
  ...["mount_proc", "mount_tmpfs", "mount_cgroup", "mount_cgroup2", "mount_bind", "new_mount_api"],
  ...["unshare_user", "unshare_mount", "key_session", "key_add", "key_request"],
  ...["io_uring", "no_randomisation", "i386_calls", "vsock"],
];

claim(
  28,
  "with users of its own even a privileged container reaches nothing of the host, and its root is nobody there",
  (report) =>
    onNode(async (node) => {
      const secrets = await hostSecrets(node.root);
      try {
        const program = compile("attacks", node.root);
        const sandboxId = await node.sandbox({ users: { firstId: 1 << 30, count: 65_536 } });
        const id = await node.run("sleep 600", {
          sandboxId,
          mounts: [program],
          env: secrets.env,
          ...all,
        });
        const { text } = await node.execute(id, "/attacks");
        const lines = text.trim().split("\n");
        const succeeded = lines.flatMap((line) => /^(\w+): SUCCEEDED$/.exec(line)?.[1] ?? []);
        // What it opened itself looks like a leak to it: asked again, alone.
        const isOwn = (name: string) => [...ownBusiness, "leaked_descriptor"].includes(name);
        expect(succeeded.filter((name) => !isOwn(name))).toEqual([]);
        const leak = await node.execute(id, "/attacks", "leaked_descriptor");
        expect(leak.text).toContain("leaked_descriptor: refused (");
        expect(lines.length).toBeGreaterThanOrEqual(ATTACKS_AT_LEAST);
        report.figure(
          "attacks on the host",
          `${lines.length - succeeded.length} tried, 0 succeeded`,
        );
      } finally {
        await secrets.close();
      }
    }),
  whyNot,
  needsCompiler,
);
