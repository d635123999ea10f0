import { describe, expect, test } from "vitest";
import { maxPendingEvents, Outbox } from "#node-agent/session/outbox";
import type { AgentMessage } from "#proto/agent";

const pod = (uid: string) => ({ namespace: "ns", name: uid, uid });
const report = (uid: string, text: string): AgentMessage => ({
  message: "pod",
  pod: { uid, statusJson: Buffer.from(text) },
});
const gone = (uid: string): AgentMessage => ({ message: "podGone", podGone: { uid } });

function drain(outbox: Outbox): AgentMessage[] {
  const taken: AgentMessage[] = [];
  for (let next = outbox.take(); next; next = outbox.take()) taken.push(next);
  return taken;
}

describe("the outbox", () => {
  test("says the newest of each pod once", () => {
    const outbox = new Outbox();
    outbox.setPod(pod("a"), report("a", "1"));
    outbox.setPod(pod("a"), report("a", "2"));
    expect(drain(outbox)).toEqual([report("a", "2")]);
    expect(outbox.isEmpty).toBe(true);
  });

  test("says everything that is still true again on a new connection, and nothing that has passed", () => {
    const outbox = new Outbox();
    outbox.setPod(pod("a"), report("a", "1"));
    outbox.setGone(pod("a"), gone("a"));
    drain(outbox);
    outbox.setPassing("heartbeat", { message: "heartbeat", heartbeat: {} });
    outbox.resendAll();
    expect(drain(outbox)).toEqual([report("a", "1"), gone("a")]);
  });

  test("forgets a pod that is no longer desired", () => {
    const outbox = new Outbox();
    outbox.setPod(pod("a"), report("a", "1"));
    outbox.setPod(pod("b"), report("b", "1"));
    outbox.retainPods((uid) => uid === "b");
    outbox.resendAll();
    expect(drain(outbox)).toEqual([report("b", "1")]);
  });

  test("keeps the newest events while nobody takes them", () => {
    const outbox = new Outbox();
    for (let index = 0; index < maxPendingEvents + 10; index++) {
      outbox.addEvent({ message: "event", event: { eventJson: Buffer.from(String(index)) } });
    }
    const kept = drain(outbox);
    expect(kept.length).toBe(maxPendingEvents);
    expect(kept[0]).toEqual({ message: "event", event: { eventJson: Buffer.from("10") } });
  });
});
