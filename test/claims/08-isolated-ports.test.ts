import { expect } from "vitest";
import { claim } from "#test/claims/claim";
import { onNode } from "#test/claims/node";
import { eventually, whyNot } from "#test/e2e/runtime-fixture";

claim(
  8,
  "two containers serve port 80 at the same time, and neither sees the other's files or interfaces",
  (report) =>
    onNode(async (node) => {
      const serve = (name: string) =>
        node.run(`mkdir /www; echo ${name} > /www/index.html; echo ${name} > /only-${name}
          ip link set lo up; exec httpd -f -p 80 -h /www`);
      const ids = { red: await serve("red"), blue: await serve("blue") };
      for (const [name, id] of Object.entries(ids)) {
        await eventually(`${name} serves`, async () => {
          const { text } = await node.execute(id, "wget", "-qO-", "http://127.0.0.1/");
          return text === `${name}\n`;
        });
      }
      expect((await node.execute(ids.red, "ls", "/only-blue")).code).not.toBe(0);
      expect((await node.execute(ids.blue, "ls", "/only-red")).code).not.toBe(0);
      const namespaces = await Promise.all(
        Object.values(ids).map((id) => node.execute(id, "readlink", "/proc/self/ns/net")),
      );
      expect(namespaces[0]?.text).not.toBe(namespaces[1]?.text);
      const hostnames = await Promise.all(
        Object.values(ids).map(async (id) => (await node.execute(id, "hostname")).text.trim()),
      );
      expect(new Set(hostnames).size).toBe(2);
      report.figure("servers on port 80", "2");
      report.figure("host names", hostnames.join(", "));
    }),
  whyNot,
);
