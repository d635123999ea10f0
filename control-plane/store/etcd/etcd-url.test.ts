import { expect, test } from "vitest";
import { parseEtcdUrl } from "#control-plane/store/etcd/etcd-url";

test.each([
  ["etcd://a", { endpoints: ["a:2379"], prefix: "" }],
  ["etcd://a:1,b:2,[::1]:3/", { endpoints: ["a:1", "b:2", "[::1]:3"], prefix: "" }],
  ["etcd://a/kaji/two%20words/", { endpoints: ["a:2379"], prefix: "/kaji/two words" }],
  ["etcd://a?tls=true", { endpoints: ["a:2379"], prefix: "", tls: {} }],
  [
    "etcd://a/p?ca=/x/ca.pem&cert=c&key=k",
    { endpoints: ["a:2379"], prefix: "/p", tls: { ca: "/x/ca.pem", cert: "c", key: "k" } },
  ],
])("%s is understood", (url, address) => {
  expect(parseEtcdUrl(url)).toEqual(address);
});

test.each(["etcd://", "etcd://a,,b", "etcd://a:x", "etcd://me@a", "etcd://a?key=k", "etcd:a"])(
  "%s is refused with an example of what is right",
  (url) => {
    expect(() => parseEtcdUrl(url)).toThrow(/is not the URL of an etcd cluster: .*write etcd:\/\//);
  },
);
