import { type Answer, type DecodedPacket, decode, encode, type Question } from "dns-packet";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { seededRng } from "#kit/rng";
import { createResolver } from "#node-agent/dns/resolver";
import { createZone } from "#node-agent/dns/zone";
import type { ServiceWithEndpoints } from "#node-agent/session/types";

const clusterDomain = "cluster.local";

function headless(count: number): ServiceWithEndpoints {
  const metadata = { name: "many", namespace: "shop" };
  return {
    service: { apiVersion: "v1", kind: "Service", metadata, spec: { clusterIP: "None" } },
    endpointSlices: [
      {
        apiVersion: "discovery.k8s.io/v1",
        kind: "EndpointSlice",
        metadata,
        addressType: "IPv4",
        endpoints: Array.from({ length: count }, (_, i) => ({ addresses: [`10.244.1.${i}`] })),
      },
    ],
  };
}

function alias(name: string, externalName: string): [string, ServiceWithEndpoints] {
  const metadata = { name, namespace: "shop" };
  const spec = { type: "ExternalName", externalName };
  const service = { apiVersion: "v1", kind: "Service", metadata, spec };
  return [`shop/${name}`, { service, endpointSlices: [] }];
}

const services = new Map([
  ["shop/many", headless(100)],
  ["shop/one", headless(1)],
  alias("out", "api.example.com"),
  alias("in", "many.shop.svc.cluster.local"),
  alias("loop", "loop.shop.svc.cluster.local"),
]);
const ranges = { clusterPodCidr: "10.244.0.0/16", serviceCidr: "10.96.0.0/16" };
const zone = createZone({ clusterDomain, ...ranges }, { services, changed: [] });

/** A nameserver outside that knows one name and is silent about all others. */
const upstream = {
  async ask(query: Buffer): Promise<Buffer | undefined> {
    const { id, questions } = decode(query);
    const name = questions?.[0]?.name ?? "";
    if (name !== "api.example.com") return undefined;
    const answers: Answer[] = [{ name, type: "A", ttl: 60, data: "198.51.100.9" }];
    return encode({ type: "response", id, questions: questions ?? [], answers });
  },
};
const resolver = createResolver({
  zone: () => ({ zone, clusterDomain }),
  upstream,
  rng: seededRng(1),
});

interface Asking {
  readonly type?: Question["type"];
  readonly transport?: "udp" | "tcp";
  readonly ednsBytes?: number;
}

async function ask(name: string, asking: Asking = {}): Promise<DecodedPacket> {
  const { type = "A", transport = "udp", ednsBytes } = asking;
  const opt: Answer = {
    type: "OPT",
    name: ".",
    udpPayloadSize: ednsBytes ?? 0,
    extendedRcode: 0,
    ednsVersion: 0,
    flags: 0,
    flag_do: false,
    options: [],
  };
  const additionals = ednsBytes === undefined ? [] : [opt];
  const query = encode({
    type: "query",
    id: 7,
    flags: 256,
    questions: [{ name, type }],
    additionals,
  });
  const answer = await resolver.answer(query, transport);
  expect(answer).toBeDefined();
  return decode(answer as Buffer);
}

function codeOf(packet: DecodedPacket): number {
  return (packet.flags ?? 0) & 15;
}

describe("the resolver", () => {
  test("answers a name of the cluster with authority, spelled as it was asked", async () => {
    const packet = await ask("ONE.shop.svc.Cluster.local");
    expect(packet).toMatchObject({ id: 7, flag_aa: true, flag_ra: true, flag_rd: true });
    expect(packet.answers).toMatchObject([{ name: "ONE.shop.svc.Cluster.local", ttl: 5 }]);
  });

  test("a name that is not there is NXDOMAIN, one without this type NODATA, both with the SOA", async () => {
    const missing = await ask("nothing.shop.svc.cluster.local");
    const otherType = await ask("one.shop.svc.cluster.local", { type: "AAAA" });
    expect([codeOf(missing), codeOf(otherType)]).toEqual([3, 0]);
    for (const packet of [missing, otherType]) {
      expect(packet.answers).toEqual([]);
      expect(packet.authorities).toMatchObject([{ type: "SOA", name: clusterDomain, ttl: 5 }]);
    }
  });

  test("an answer that does not fit is cut off by UDP and whole by TCP", async () => {
    const name = "many.shop.svc.cluster.local";
    const cut = await ask(name);
    expect([cut.flag_tc, cut.answers?.length]).toEqual([true, 0]);
    expect((await ask(name, { ednsBytes: 65_000 })).flag_tc).toBe(true);
    const whole = await ask(name, { transport: "tcp" });
    expect([whole.flag_tc, whole.answers?.length]).toEqual([false, 100]);
  });

  test("EDNS is answered with EDNS", async () => {
    const packet = await ask("one.shop.svc.cluster.local", { ednsBytes: 4096 });
    expect(packet.additionals).toMatchObject([{ type: "OPT", udpPayloadSize: 1232 }]);
  });

  test("an ExternalName is followed, outside and inside, and a circle of them ends", async () => {
    expect((await ask("out.shop.svc.cluster.local")).answers).toMatchObject([
      { type: "CNAME", data: "api.example.com" },
      { type: "A", name: "api.example.com", data: "198.51.100.9" },
    ]);
    const inside = await ask("in.shop.svc.cluster.local", { transport: "tcp" });
    expect(inside.answers).toHaveLength(101);
    expect((await ask("loop.shop.svc.cluster.local")).answers?.length).toBeLessThan(12);
  });

  test("when no nameserver answers it is SERVFAIL", async () => {
    expect(codeOf(await ask("silent.example.com"))).toBe(2);
  });

  test("other operations are not implemented, and a message without a question is malformed", async () => {
    const notify = encode({ type: "query", id: 9, questions: [{ name: "a", type: "A" }] });
    notify.writeUInt8(4 << 3, 2);
    expect((await resolver.answer(notify, "udp"))?.readUInt8(3)).toBe(4);
    const empty = encode({ type: "query", id: 9, questions: [] });
    expect((await resolver.answer(empty, "udp"))?.readUInt8(3)).toBe(1);
  });

  test("no bytes make it fail", async () => {
    const query = encode({
      type: "query",
      id: 7,
      questions: [{ name: "one.shop.svc.cluster.local", type: "A" }],
    });
    const damaged = fc
      .array(fc.tuple(fc.nat(query.length - 1), fc.nat(255)), { maxLength: 8 })
      .map((changes) => {
        const copy = Buffer.from(query);
        for (const [at, byte] of changes) copy[at] = byte;
        return copy;
      });
    const strangeName = fc.uint8Array({ minLength: 30, maxLength: 30 }).map((bytes) => {
      const copy = Buffer.from(query);
      copy.set(bytes.subarray(0, 3), 13);
      copy.set(bytes.subarray(4, 8), 17);
      return copy;
    });
    const noise = fc.uint8Array({ maxLength: 600 }).map((bytes) => Buffer.from(bytes));
    await fc.assert(
      fc.asyncProperty(fc.oneof(damaged, strangeName, noise), async (bytes) => {
        const answer = await resolver.answer(bytes, "udp");
        if (answer) expect(answer.readUInt16BE(0)).toBe(bytes.readUInt16BE(0));
      }),
      { numRuns: 3000 },
    );
  });
});
