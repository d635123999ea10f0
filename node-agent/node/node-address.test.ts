import { networkInterfaces } from "node:os";
import { describe, expect, test } from "vitest";
import { addressTowards, openHost } from "#node-agent/node/node-address";

describe("the address of a node", () => {
  test("is not loopback, even when the server is there", async () => {
    expect(await addressTowards(["127.0.0.1"])).toBeUndefined();
  });

  test("is one of this machine's when the server is this machine", async () => {
    const own = Object.values(networkInterfaces()).flat();
    const outer = own.find((each) => each?.family === "IPv4" && !each.internal)?.address;
    if (outer === undefined) return;
    expect(await addressTowards(["127.0.0.1", outer])).toBe(outer);
  });

  test("is not known for a server whose name nobody knows", async () => {
    expect(await addressTowards(["nowhere.invalid"])).toBeUndefined();
  });

  test("follows the machine, and stays while nobody can say", async () => {
    let found: string | undefined = "192.0.2.1";
    const { facts, refresh } = await openHost(async () => found);
    expect(facts.ip).toBe("192.0.2.1");
    found = undefined;
    await refresh();
    expect(facts.ip).toBe("192.0.2.1");
    found = "192.0.2.9";
    await refresh();
    expect(facts.ip).toBe("192.0.2.9");
  });
});
