import { describe, expect, test } from "vitest";
import { eventually, requireHost } from "#test/support/host";
import { PARITY_NEEDS, parityCluster, shellPod } from "#test/support/parity";

/** ConfigMaps, Secrets and the pod's own metadata as files, while they change. */
const at = parityCluster();
const WAIT_MS = 40_000;
const STAY = "trap 'exit 0' TERM; while true; do sleep 0.1; done";

function run(name: string, line: string): Promise<string> {
  return at.kubectl("exec", name, "--", "sh", "-c", line);
}

async function reads(name: string, line: string, text: string): Promise<void> {
  await eventually(`${line} gives ${text}`, async () => (await run(name, line)) === text, WAIT_MS);
}

const base64 = (text: string | Uint8Array) => Buffer.from(text).toString("base64");
const settings = (level: string, more: object = {}) => ({
  apiVersion: "v1",
  kind: "ConfigMap",
  metadata: { name: "settings" },
  data: { level, other: "o" },
  binaryData: { raw: base64(Uint8Array.of(0, 255, 10)) },
  ...more,
});
const password = (text: string) => ({
  apiVersion: "v1",
  kind: "Secret",
  metadata: { name: "password" },
  stringData: { word: text },
});
const frozen = (level: string) => ({
  ...settings(level, { immutable: true }),
  metadata: { name: "frozen" },
});

const volumes = [
  { name: "whole", configMap: { name: "settings" } },
  {
    name: "some",
    configMap: {
      name: "settings",
      defaultMode: 0o440,
      items: [
        { key: "level", path: "deep/level", mode: 0o400 },
        { key: "other", path: "flat" },
      ],
    },
  },
  { name: "secret", secret: { secretName: "password", defaultMode: 0o400 } },
  { name: "maybe", configMap: { name: "later", optional: true } },
  { name: "frozen", configMap: { name: "frozen" } },
  {
    name: "all",
    projected: {
      sources: [
        { configMap: { name: "settings", items: [{ key: "level", path: "level" }] } },
        { secret: { name: "password", items: [{ key: "word", path: "word" }] } },
        {
          downwardAPI: {
            items: [
              { path: "labels", fieldRef: { fieldPath: "metadata.labels" } },
              {
                path: "cpu",
                resourceFieldRef: { containerName: "c", resource: "limits.cpu", divisor: "1m" },
              },
            ],
          },
        },
      ],
    },
  },
];

describe("files that come from objects", () => {
  test("have the bytes, paths and modes that were asked for", async (context) => {
    requireHost(context, PARITY_NEEDS);
    await at.apply(
      settings("one"),
      password("sesame"),
      frozen("stays"),
      shellPod(
        "reader",
        STAY,
        {
          resources: { requests: { cpu: "50m" }, limits: { cpu: "100m" } },
          env: [
            { name: "LEVEL", valueFrom: { configMapKeyRef: { name: "settings", key: "level" } } },
          ],
          volumeMounts: [
            ...volumes.map(({ name }) => ({ name, mountPath: `/${name}` })),
            { name: "whole", mountPath: "/single", subPath: "level" },
          ],
        },
        { volumes },
      ),
    );
    await at.kubectl("wait", "--for=condition=Ready", "pod/reader", "--timeout=60s");
    expect(await run("reader", "cat /whole/level; ls /whole; od -An -tx1 /whole/raw")).toBe(
      "onelevel\nother\nraw\n 00 ff 0a\n",
    );
    expect(
      await run("reader", "ls /some; stat -Lc %a /some/deep/level /some/flat /secret/word"),
    ).toBe("deep\nflat\n400\n440\n400\n");
    expect(
      await run("reader", "cat /all/level /all/word /all/labels /all/cpu; ls /maybe | wc -l"),
    ).toBe('onesesameapp="reader"1000\n');
  });

  test("change in the running pod, all but subPath and the environment", async (context) => {
    requireHost(context, PARITY_NEEDS);
    await at.apply(settings("two"), password("open"));
    await reads("reader", "cat /whole/level", "two");
    await reads("reader", "cat /some/deep/level", "two");
    await reads("reader", "cat /secret/word", "open");
    await reads("reader", "cat /all/level /all/word", "twoopen");
    expect(await run("reader", "cat /single; echo $LEVEL")).toBe("oneone\n");
    await at.kubectl("label", "pod", "reader", "tier=front");
    await reads("reader", "cat /all/labels", 'app="reader"\ntier="front"');
    const resources = { requests: { cpu: "50m" }, limits: { cpu: "200m" } };
    const patch = JSON.stringify({ spec: { containers: [{ name: "c", resources }] } });
    await at.kubectl("patch", "pod", "reader", "--subresource=resize", "-p", patch);
    await reads("reader", "cat /all/cpu", "200");
  });

  test("an optional object may come and go", async (context) => {
    requireHost(context, PARITY_NEEDS);
    await at.apply({ ...settings("late"), metadata: { name: "later" } });
    await reads("reader", "cat /maybe/level", "late");
    await at.kubectl("delete", "configmap", "later");
    await reads("reader", "ls /maybe | wc -l", "0\n");
  });

  test("what is immutable cannot be changed, nor made mutable again", async (context) => {
    requireHost(context, PARITY_NEEDS);
    const patch = (body: object) =>
      at.refused("patch", "configmap", "frozen", "-p", JSON.stringify(body));
    const sentence = "field is immutable when `immutable` is set";
    expect(await patch({ data: { level: "moves" } })).toContain(`data: Forbidden: ${sentence}`);
    expect(await patch({ immutable: false })).toContain(`immutable: Forbidden: ${sentence}`);
    expect(await run("reader", "cat /frozen/level")).toBe("stays");
  });

  test("a required key that is missing holds the pod back and says which", async (context) => {
    requireHost(context, PARITY_NEEDS);
    const items = [{ key: "absent", path: "x" }];
    await at.apply(
      shellPod(
        "keyless",
        STAY,
        {},
        {
          volumes: [{ name: "v", configMap: { name: "settings", items } }],
        },
      ),
    );
    await eventually(
      "an event names the key",
      async () =>
        (await at.kubectl("events", "--for", "pod/keyless")).includes(
          "configmap references non-existent config key: absent",
        ),
      WAIT_MS,
    );
    await at.apply(settings("three", { data: { level: "three", absent: "found" } }));
    await at.kubectl("wait", "--for=condition=Ready", "pod/keyless", "--timeout=60s");
  });
});
