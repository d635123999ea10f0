import { expect } from "vitest";
import { claim } from "#test/claims/claim";
import { onNode } from "#test/claims/node";
import { eventually, whyNot } from "#test/e2e/runtime-fixture";

const dockerfile = `FROM busybox
COPY libgreet.sh /usr/lib/libgreet.sh
COPY app /usr/bin/app
CMD ["sh", "/usr/bin/app"]
`;
const app = `. /usr/lib/libgreet.sh
mkdir -p /var/www && greet > /var/www/index.html
ip link set lo up
exec httpd -f -p 8080 -h /var/www
`;

claim(
  9,
  "version 1 and 2 of an application, with clashing libraries at the same path and the same port, run on one machine",
  (report) =>
    onNode(async (node) => {
      for (const version of ["1", "2"]) {
        const library = `greet() { echo "library ${version}"; }\n`;
        await node.build(`app:${version}`, dockerfile, { "libgreet.sh": library, app });
      }
      const ids = await Promise.all(
        ["1", "2"].map((version) => node.run("", { image: `app:${version}`, command: [] })),
      );
      for (const [index, id] of ids.entries()) {
        const get = () => node.execute(id, "wget", "-qO-", "http://127.0.0.1:8080/");
        await eventually("the right library answers", async () => {
          return (await get()).text === `library ${index + 1}\n`;
        });
      }
      expect(new Set(ids).size).toBe(2);
      report.figure("versions at the same path and port", "2");
    }),
  whyNot,
);
