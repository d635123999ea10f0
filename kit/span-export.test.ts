import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { expect, test } from "vitest";
import { createLog, silentLog } from "#kit/log";
import { otlpOf, startSpanExport } from "#kit/span-export";
import { type Span, SpanRing } from "#kit/trace";
import { eventually } from "#test/support/host";

const span: Span = {
  ...{ traceId: "4bf92f3577b34da6a3ce929d0e0e4736", spanId: "00f067aa0ba902b7", parentId: "" },
  ...{ component: "scheduler", name: "attempt", uid: "u-1", object: "pods default/web" },
  ...{ startMs: 1_700_000_000_000.25, endMs: 1_700_000_000_001, fields: { node: "n1", ok: true } },
};

test("a span in OTLP's JSON has ids in hexadecimal and times in nanoseconds as texts", () => {
  expect(otlpOf([span], "kaji-server")).toEqual({
    resourceSpans: [
      {
        resource: {
          attributes: [{ key: "service.name", value: { stringValue: "kaji-server" } }],
        },
        scopeSpans: [
          {
            scope: { name: "kaji" },
            spans: [
              {
                ...{ traceId: span.traceId, spanId: span.spanId, kind: 1 },
                name: "scheduler: attempt",
                startTimeUnixNano: "1700000000000250000",
                endTimeUnixNano: "1700000000001000000",
                attributes: [
                  { key: "node", value: { stringValue: "n1" } },
                  { key: "ok", value: { boolValue: true } },
                  { key: "k8s.object", value: { stringValue: "pods default/web" } },
                  { key: "k8s.object.uid", value: { stringValue: "u-1" } },
                ],
              },
            ],
          },
        ],
      },
    ],
  });
});

async function collector(first: number) {
  let status = first;
  const bodies: string[] = [];
  const server = createServer((incoming, response) => {
    let body = "";
    incoming.on("data", (chunk: Buffer) => {
      body += chunk.toString();
    });
    incoming.on("end", () => {
      bodies.push(body);
      response.writeHead(status).end();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1/traces`;
  const answer = (next: number): void => {
    status = next;
  };
  return { bodies, endpoint, answer, close: () => server.close() };
}

test("what is left is sent when it stops, without what has no trace", async () => {
  const { bodies, endpoint, close } = await collector(200);
  const ring = new SpanRing();
  const sending = startSpanExport({ ring, endpoint, service: "kaji-server", log: silentLog });
  ring.add(span);
  ring.add({ ...span, traceId: "", name: "of nobody" });
  await sending.stop();
  expect(bodies).toHaveLength(1);
  expect(bodies[0]).toContain("scheduler: attempt");
  expect(bodies[0]).not.toContain("of nobody");
  expect(sending.lost).toBe(0);
  close();
});

test("spans that a collector refuses are counted as lost, and nobody waits for them", async () => {
  const { endpoint, close } = await collector(503);
  const ring = new SpanRing();
  const sending = startSpanExport({ ring, endpoint, service: "kaji-server", log: silentLog });
  for (let i = 0; i < 5_000; i++) ring.add(span);
  await sending.stop();
  expect(sending.lost).toBe(5_000);
  close();
});

test("a collector that refuses is warned of once, and again when it refuses otherwise", async () => {
  const { bodies, endpoint, answer, close } = await collector(503);
  const said: string[] = [];
  const log = createLog({ level: "info", write: (line) => said.push(line) });
  const ring = new SpanRing();
  const sending = startSpanExport({ ring, endpoint, service: "kaji-server", log });
  for (const status of [503, 503, 429, 429, 200]) {
    const before = bodies.length;
    answer(status);
    ring.add(span);
    await eventually("the batch is sent", () => bodies.length > before);
  }
  await sending.stop();
  const told = said.map((line) => JSON.parse(line) as Record<string, unknown>);
  expect(told.map(({ level, error, lost }) => [level, error, lost])).toEqual([
    ["warn", "the collector answered 503", 1],
    ["warn", "the collector answered 429", 3],
    ["info", undefined, 4],
  ]);
  close();
});
