import { expect, test } from "vitest";
import { fullImageName } from "#control-plane/nodes/image-names";
import { normaliseReference } from "#runtime/images/reference";

const digest = `sha256:${"a".repeat(64)}`;
const registries = ["", "docker.io/", "index.docker.io/", "localhost/", "h:5000/", "x.y/", "UP/"];
const paths = ["web", "team/web", "library/web", "a/b/c"];
const suffixes = ["", ":1", ":latest", `@${digest}`, `:1@${digest}`];

test("an image has the same whole name here as in a node's image store", () => {
  for (const registry of registries) {
    for (const path of paths) {
      for (const suffix of suffixes) {
        const image = `${registry}${path}${suffix}`;
        expect(fullImageName(image), image).toBe(normaliseReference(image));
      }
    }
  }
});
