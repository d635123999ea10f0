import { execFileSync } from "node:child_process";
import { copyFileSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { requireHost } from "#test/support/host";
import { BUSYBOX, PARITY_NEEDS, parityCluster, shellPod, succeeded } from "#test/support/parity";

/** What a file of an image may do is kept on the way to a pod: by import, and by a RUN of a build. */
const at = parityCluster({ podCidr: "10.219.0.0/16", serviceCidr: "10.69.0.0/16" });
const IMPORTED = "kaji.dev/capable:imported";
const BUILT = "kaji.dev/capable:built";

/** Says who it is and whether it may open a raw socket; with a file, gives that NET_RAW, SETPCAP and no more (setcap). */
const PROGRAM = `
#include <linux/capability.h>
#include <netinet/in.h>
#include <stdio.h>
#include <sys/socket.h>
#include <sys/xattr.h>
#include <unistd.h>
int main(int argc, char **argv) {
  struct vfs_cap_data given = {VFS_CAP_REVISION_2 | VFS_CAP_FLAGS_EFFECTIVE,
    {{1 << CAP_NET_RAW | 1 << CAP_SETUID, 0}}};
  if (argc > 1) return setxattr(argv[1], "security.capability", &given, sizeof given, 0);
  printf("user %d %s\\n", (int)geteuid(), socket(AF_INET, SOCK_RAW, IPPROTO_ICMP) < 0 ? "may not" : "may");
}`;

const script = "/tools/plain; /tools/capable";
const asUser = { securityContext: { runAsUser: 1234 } };

async function said(name: string, container: object, spec: object = {}): Promise<string> {
  const pod = shellPod(name, script, container, { restartPolicy: "Never", ...asUser, ...spec });
  await at.apply(pod);
  await at.podWith(name, "is over", ({ status }) => status?.phase === "Succeeded");
  return at.kubectl("logs", name);
}

describe("a program of an image that has capabilities of its own", () => {
  const needs = (context: Parameters<typeof requireHost>[0]): void =>
    requireHost(context, PARITY_NEEDS);

  beforeAll(async () => {
    if (!at.isPossible) return;
    const tools = join(at.scratch, "rootfs/tools");
    mkdirSync(tools);
    const plain = join(tools, "plain");
    writeFileSync(join(at.scratch, "plain.c"), PROGRAM);
    execFileSync("gcc", ["-static", "-o", plain, join(at.scratch, "plain.c")]);
    copyFileSync(plain, join(tools, "capable"));
    execFileSync(plain, [join(tools, "capable")]);
    const tar = join(at.scratch, "capable.tar");
    const attributes = ["--xattrs", "--xattrs-include=security.capability"];
    execFileSync("tar", [...attributes, "-C", join(at.scratch, "rootfs"), "-cf", tar, "."]);
    succeeded(await at.cluster.kaji("import", tar, IMPORTED));
    const folder = join(at.scratch, "build");
    mkdirSync(folder);
    copyFileSync(plain, join(folder, "plain"));
    const lines = [
      `FROM ${BUSYBOX}`,
      "COPY plain /tools/plain",
      "RUN cp /tools/plain /tools/capable && /tools/plain /tools/capable",
    ];
    writeFileSync(join(folder, "Dockerfile"), `${lines.join("\n")}\n`);
    succeeded(await at.cluster.kaji("build", "--tag", BUILT, folder));
  }, 120_000);

  test.for([IMPORTED, BUILT])("has them for who is not root: %s", async (image, context) => {
    needs(context);
    const name = image.endsWith("built") ? "built" : "imported";
    expect(await said(name, { image })).toBe("user 1234 may not\nuser 1234 may\n");
  });

  test("has them over what a pod with users of its own rules", async (context) => {
    needs(context);
    const text = await said("owned", { image: IMPORTED }, { hostUsers: false });
    expect(text).toBe("user 1234 may not\nuser 1234 may\n");
  });

  test("has none where no privileges may be gained, or where the pod gave them up", async (context) => {
    needs(context);
    const gained = { allowPrivilegeEscalation: false };
    const image = IMPORTED;
    expect(await said("frozen", { image, securityContext: gained })).toBe(
      "user 1234 may not\nuser 1234 may not\n",
    );
    // The kernel runs no program whose file asks for more than may be had.
    const dropped = { securityContext: { capabilities: { drop: ["ALL"] } } };
    // Of two streams nobody can say which was written first.
    const line = `{ ${script} || echo refused; } 2>&1`;
    await at.apply(
      shellPod("dropped", line, { image, ...dropped }, { restartPolicy: "Never", ...asUser }),
    );
    await at.podWith("dropped", "is over", ({ status }) => status?.phase === "Succeeded");
    expect(await at.kubectl("logs", "dropped")).toMatch(/^user 1234 may not\n.*refused\n$/s);
  });
});
