import { expect, test } from "vitest";
import { missesFirstMessages } from "#control-plane/apiserver/streams/serve-exec";

const V5 = "v5.channel.k8s.io";

test.each([
  ["kubectl before the mend", V5, { "user-agent": "kubectl/v1.32.4 (linux/amd64)" }, true],
  ["kubectl with the mend", V5, { "user-agent": "kubectl/v1.34.0 (linux/amd64)" }, false],
  ["another program with client-go", V5, { "user-agent": "shell/v0.0.0" }, true],
  ["a client that does not say what it is", V5, {}, true],
  ["a browser", V5, { "user-agent": "Mozilla/5.0", origin: "https://kaji" }, false],
  ["our own command line", V5, { "user-agent": "kaji/0.1.0" }, false],
  ["an older protocol", "v4.channel.k8s.io", { "user-agent": "python" }, false],
])("%s: whether it misses what comes at once", (_, protocol, headers, expected) => {
  expect(missesFirstMessages(protocol, headers)).toBe(expected);
});
