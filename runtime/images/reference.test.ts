import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  familiarReference,
  formatReference,
  normaliseReference,
  parseReference,
} from "#runtime/images/reference";

const digest = `sha256:${"a".repeat(64)}`;

describe("image references", () => {
  test.each([
    ["nginx", "docker.io/library/nginx:latest"],
    ["nginx:1.25", "docker.io/library/nginx:1.25"],
    ["kaji/demo", "docker.io/kaji/demo:latest"],
    ["docker.io/nginx", "docker.io/library/nginx:latest"],
    ["index.docker.io/library/nginx", "docker.io/library/nginx:latest"],
    ["localhost/x", "localhost/x:latest"],
    ["localhost:5000/x", "localhost:5000/x:latest"],
    ["registry.k8s.io/pause:3.9", "registry.k8s.io/pause:3.9"],
    ["[::1]:5000/a/b:c", "[::1]:5000/a/b:c"],
    [`nginx@${digest}`, `docker.io/library/nginx@${digest}`],
    [`nginx:1@${digest}`, `docker.io/library/nginx@${digest}`],
  ])("%s is %s", (text, full) => {
    expect(normaliseReference(text)).toBe(full);
  });

  test.each([
    ["", "invalid reference format"],
    ["Nginx", "repository name (library/Nginx) must be lowercase"],
    ["nginx:", "invalid reference format"],
    ["nginx:a b", "invalid reference format"],
    ["a//b", "invalid reference format"],
    ["../../etc/passwd", "invalid reference format"],
    ["nginx@sha256:12", "invalid reference format"],
    [`a/${"b".repeat(300)}`, "must not be more than 255 characters"],
    ["a".repeat(64), "cannot specify 64-byte hexadecimal strings"],
  ])("refuses %j with the kubelet's sentence", (text, why) => {
    expect(() => parseReference(text)).toThrow(`couldn't parse image name "${text}"`);
    expect(() => parseReference(text)).toThrow(why);
  });

  test("the full spelling parses to itself, and the short one back to the full", () => {
    const part = fc.stringMatching(/^[a-z0-9]{1,8}$/);
    const name = fc.tuple(fc.array(part, { minLength: 1, maxLength: 3 }), fc.option(part));
    fc.assert(
      fc.property(name, ([path, tag]) => {
        const full = formatReference(parseReference(path.join("/") + (tag ? `:${tag}` : "")));
        expect(normaliseReference(full)).toBe(full);
        expect(normaliseReference(familiarReference(full))).toBe(full);
      }),
    );
  });
});
