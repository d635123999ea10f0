import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { loadKubeconfig } from "#client/kubeconfig";

const directory = mkdtempSync(join(tmpdir(), "kaji-kubeconfig-"));
afterAll(() => rmSync(directory, { recursive: true }));

const base64 = (text: string): string => Buffer.from(text).toString("base64");

const config = `
apiVersion: v1
kind: Config
current-context: admin
clusters:
  - name: one
    cluster:
      server: "https://127.0.0.1:6443"
      certificate-authority-data: ${base64("CA")}
      extensions:
        - name: kaji.dev/servers
          extension: { servers: ["https://10.0.0.2:6443", "https://127.0.0.1:6443"] }
  - name: two
    cluster: { server: "https://10.0.0.1:6443", insecure-skip-tls-verify: true }
contexts:
  - name: admin
    context: { cluster: one, user: admin, namespace: shop }
  - name: other
    context: { cluster: two, user: robot }
  - name: plugin
    context: { cluster: two, user: plugin }
users:
  - name: admin
    user: { client-certificate-data: ${base64("CERT")}, client-key: admin.key }
  - name: robot
    user: { tokenFile: token }
  - name: plugin
    user: { exec: { command: aws } }
`;

function write(name: string, text: string): string {
  const path = join(directory, name);
  writeFileSync(path, text);
  return path;
}

describe("a kubeconfig", () => {
  write("admin.key", "KEY");
  write("token", "secret\n");
  const path = write("config", config);

  test("gives the server and credentials of its current context", async () => {
    expect(await loadKubeconfig(path)).toEqual({
      servers: ["https://127.0.0.1:6443", "https://10.0.0.2:6443"],
      context: "admin",
      namespace: "shop",
      rest: { server: "https://127.0.0.1:6443", ca: "CA", cert: "CERT", key: "KEY" },
    });
  });

  test("gives those of another context, with a token from a file", async () => {
    expect(await loadKubeconfig(path, "other")).toEqual({
      servers: ["https://10.0.0.1:6443"],
      context: "other",
      namespace: "default",
      rest: { server: "https://10.0.0.1:6443", token: "secret", isInsecure: true },
    });
  });

  test.each([
    [() => loadKubeconfig(join(directory, "none")), "cannot read the kubeconfig"],
    [() => loadKubeconfig(path, "none"), 'has no context "none"'],
    [() => loadKubeconfig(path, "plugin"), 'asks for "exec" credentials'],
    [() => loadKubeconfig(write("empty", "")), "is empty or not a mapping"],
    [() => loadKubeconfig(write("broken", "a: [")), "is not valid YAML"],
    [() => loadKubeconfig(write("bare", "kind: Config")), "sets no current-context"],
  ])("says in one sentence what is wrong (%#)", async (load, message) => {
    await expect(load()).rejects.toThrow(message);
  });
});
