/**
 * Runs the quick file's most frequent command, and keeps what V8 has compiled for it. Usage: train-quick.ts FILE, which
 * reads FILE.cjs and writes FILE.cache.
 */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http2";
import { createRequire } from "node:module";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { Script } from "node:vm";

const [, , name = ""] = process.argv;
const filename = resolve(`${name}.cjs`);
const scratch = mkdtempSync(join(tmpdir(), "kaji-train-"));
process.once("exit", () => rmSync(scratch, { recursive: true }));
const server = createServer((_, response) => {
  response.setHeader("content-type", "application/json");
  const columnDefinitions = [{ name: "Name", priority: 0 }];
  const rows = [{ cells: ["web-1"], object: { metadata: { name: "web-1" } } }];
  response.end(JSON.stringify({ kind: "Table", columnDefinitions, rows }));
});
server.listen(0, "127.0.0.1", () => {
  const { port } = server.address() as AddressInfo;
  const kubeconfig = join(scratch, "kubeconfig");
  writeFileSync(kubeconfig, kubeconfigOf(`http://127.0.0.1:${port}`));
  process.argv = [process.execPath, filename, "get", "pods", "--kubeconfig", kubeconfig];
  const script = new Script(readFileSync(filename, "latin1"), { filename });
  const run = script.runInThisContext() as (...given: unknown[]) => void;
  run(createRequire(filename), filename, dirname(filename));
  const { write } = process.stdout;
  process.stdout.write = (...given: unknown[]) => {
    writeFileSync(`${name}.cache`, script.createCachedData());
    Reflect.apply(write, process.stdout, given);
    process.exit(0);
  };
});

/** In the form that `kaji up` writes. */
function kubeconfigOf(server: string): string {
  return `apiVersion: v1
kind: Config
clusters:
  - name: kaji
    cluster:
      server: ${server}
users:
  - name: admin
    user:
      token: none
contexts:
  - name: kaji
    context:
      cluster: kaji
      user: admin
current-context: kaji
`;
}
