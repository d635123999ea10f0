import { expect, test } from "vitest";
import type { Pod } from "#api/schema/types";
import { createNodeRecord } from "#node-agent/observability/node-record";
import { observedRuntime } from "#node-agent/observability/observed-runtime";
import type { FramedChunk } from "#proto/framed-stream";
import { createMemoryRuntime } from "#test/support/memory-runtime";

function podOf(uid: string): Pod {
  const metadata = { name: `pod-${uid}`, namespace: "default", uid };
  return { apiVersion: "v1", kind: "Pod", metadata, spec: { containers: [] } };
}

async function told(record: ReturnType<typeof createNodeRecord>, path: string): Promise<string> {
  const sent: FramedChunk[] = [];
  await record.serve(path, { send: async (chunk) => void sent.push(chunk) });
  expect(sent.at(-1)?.type).toBe("status");
  return sent.map((one) => (one.type === "data" ? Buffer.from(one.bytes).toString() : "")).join("");
}

test("only the spans of the pods that are asked for are told, the newest first", async () => {
  const record = createNodeRecord();
  for (const uid of ["a", "b", "a"]) {
    await record.step("agent", `step of ${uid}`, podOf(uid), () => Promise.resolve());
  }
  const spans = JSON.parse(await told(record, "/spans?uid=a,c")) as { uid: string }[];
  expect(spans).toHaveLength(2);
  expect(spans[0]).toMatchObject({ uid: "a", object: "pods default/pod-a", traceId: "" });
  expect(JSON.parse(await told(record, "/spans"))).toEqual([]);
});

test("a step that fails is noted as failed, and its failure goes on", async () => {
  const record = createNodeRecord();
  const failing = record.step("runtime", "start main", podOf("a"), () =>
    Promise.reject(new Error("no such program")),
  );
  await expect(failing).rejects.toThrow("no such program");
  const [span] = JSON.parse(await told(record, "/spans?uid=a")) as { fields: object }[];
  expect(span?.fields).toEqual({ failed: true });
});

test("nothing else can be read of an agent", async () => {
  await expect(told(createNodeRecord(), "/etc/passwd")).rejects.toThrow("says nothing at");
});

test("what the runtime is asked is counted, and what it cannot do too", async () => {
  const record = createNodeRecord();
  const runtime = observedRuntime(createMemoryRuntime({ now: () => 0 }), record.metrics);
  await runtime.listSandboxes();
  await expect(runtime.startContainer("nobody")).rejects.toThrow();
  expect(await runtime.images.list()).toEqual(expect.any(Array));
  const text = await told(record, "/metrics");
  const type = (name: string): string => `{operation_type="${name}"} 1`;
  expect(text).toContain(`kubelet_runtime_operations_total${type("list_podsandbox")}`);
  expect(text).toContain(`kubelet_runtime_operations_errors_total${type("start_container")}`);
  expect(text).not.toContain(`kubelet_runtime_operations_errors_total${type("list_podsandbox")}`);
});

test("answers of the DNS are counted by their code, and an unknown one as another", async () => {
  const record = createNodeRecord();
  record.metrics.dnsAnswered("udp", 3, 0.001);
  record.metrics.dnsAnswered("tcp", 15, 0.001);
  record.metrics.dnsAnswered("udp", undefined, 0.001);
  const text = await told(record, "/metrics");
  expect(text).toContain('coredns_dns_responses_total{rcode="NXDOMAIN"} 1\n');
  expect(text).toContain('coredns_dns_responses_total{rcode="other"} 1\n');
  expect(text).toContain('coredns_dns_requests_total{proto="udp"} 2\n');
});
