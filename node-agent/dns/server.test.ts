import { createSocket, type Socket } from "node:dgram";
import { once } from "node:events";
import { createConnection } from "node:net";
import { type Answer, decode, encode, streamDecode, streamEncode } from "dns-packet";
import { afterEach, describe, expect, test } from "vitest";
import { systemClock } from "#kit/clock";
import { silentLog } from "#kit/log";
import type { Resolver } from "#node-agent/dns/resolver";
import { type DnsServer, startDnsServer } from "#node-agent/dns/server";
import { createUpstream } from "#node-agent/dns/upstream";

const address = "127.0.0.1";
const open: { close(): unknown }[] = [];
afterEach(async () => {
  for (const resource of open.splice(0)) await resource.close();
});

const question = { name: "a.example", type: "A" as const };
const query = encode({ type: "query", id: 7, flags: 256, questions: [question] });

async function serve(resolver: Resolver): Promise<DnsServer> {
  const server = await startDnsServer({ address, port: 0, resolver, log: silentLog });
  open.push(server);
  return server;
}

const echo: Resolver = {
  answer: async (message) => encode({ ...decode(message), type: "response" }),
};

describe("the DNS server", () => {
  test("answers datagrams", async () => {
    const { port } = await serve(echo);
    const client = createSocket("udp4");
    open.push(client);
    client.send(query, port, address);
    const [answer] = (await once(client, "message")) as [Buffer];
    expect(decode(answer)).toMatchObject({ id: 7, flag_qr: true });
  });

  test("answers one question after the other on a TCP connection, in pieces of any size", async () => {
    const { port } = await serve(echo);
    const socket = createConnection({ host: address, port });
    const stream = Buffer.concat([
      streamEncode({ type: "query", id: 1, questions: [question] }),
      streamEncode({ type: "query", id: 2, questions: [question] }),
    ]);
    for (const byte of stream) socket.write(Buffer.from([byte]));
    let received = Buffer.alloc(0);
    while (received.length < stream.length) {
      const [chunk] = (await once(socket, "data")) as [Buffer];
      received = Buffer.concat([received, chunk]);
    }
    expect(streamDecode(received.subarray(0, stream.length / 2)).id).toBe(1);
    expect(streamDecode(received.subarray(stream.length / 2)).id).toBe(2);
    socket.destroy();
  });

  test("says which address is taken", async () => {
    const { port } = await serve(echo);
    const again = startDnsServer({ address, port, resolver: echo, log: silentLog });
    await expect(again).rejects.toThrow(`cannot serve DNS on 127.0.0.1 port ${port}`);
  });
});

describe("names outside the cluster", () => {
  const answers: Answer[] = [{ ...question, ttl: 60, data: "198.51.100.9" }];
  let asked = 0;

  async function nameserver(isSilent = false): Promise<number> {
    asked = 0;
    const socket: Socket = createSocket("udp4");
    open.push(socket);
    socket.on("message", (message, from) => {
      asked++;
      const { id, questions = [] } = decode(message);
      // Someone who guesses: a wrong id must not be believed.
      const forged = encode({
        type: "response",
        id: ((id ?? 0) + 1) % 65_536,
        questions,
        answers: [],
      });
      socket.send(forged, from.port, from.address);
      const answer = encode({ type: "response", id, questions, answers });
      if (!isSilent) socket.send(answer, from.port, from.address);
    });
    socket.bind(0, address);
    await once(socket, "listening");
    return socket.address().port;
  }

  const nameservers = (): string[] => [address];

  test("are asked once for as long as the answer lives", async () => {
    const upstream = createUpstream({ clock: systemClock, nameservers, port: await nameserver() });
    const first = await upstream.ask(query, "udp");
    const other = Buffer.from(query);
    other.writeUInt16BE(99, 0);
    const second = await upstream.ask(other, "udp");
    expect([first, second].map((answer) => answer && decode(answer).id)).toEqual([7, 99]);
    expect(decode(second as Buffer).answers).toMatchObject([{ data: "198.51.100.9" }]);
    expect(asked).toBe(1);
  });

  test("have no answer when the nameserver is silent, refuses, or is not configured", async () => {
    const options = { clock: systemClock, nameservers, timeoutMs: 20 };
    const silent = createUpstream({ ...options, port: await nameserver(true) });
    expect(await silent.ask(query, "udp")).toBeUndefined();
    expect(await createUpstream({ ...options, port: 1 }).ask(query, "udp")).toBeUndefined();
    expect(await createUpstream({ ...options, port: 1 }).ask(query, "tcp")).toBeUndefined();
    const none = createUpstream({ ...options, nameservers: () => [] });
    expect(await none.ask(query, "udp")).toBeUndefined();
  });

  test("that cannot be connected to are passed over for the next", async () => {
    // Without leave to broadcast, the kernel refuses to connect to this address on every host.
    const nameservers = () => ["255.255.255.255", address];
    const upstream = createUpstream({ clock: systemClock, nameservers, port: await nameserver() });
    expect(await upstream.ask(query, "udp")).toBeDefined();
  });

  test("are refused at once beyond the limit in flight", async () => {
    const port = await nameserver();
    const upstream = createUpstream({ clock: systemClock, nameservers, port, maxInFlight: 1 });
    const [first, second] = await Promise.all([
      upstream.ask(query, "udp"),
      upstream.ask(query, "udp"),
    ]);
    expect(first).toBeDefined();
    expect(second).toBeUndefined();
  });
});
