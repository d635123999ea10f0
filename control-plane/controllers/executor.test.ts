import { afterEach, beforeEach, expect, test } from "vitest";
import { configMapKind } from "#api/kinds/config-map";
import { eventKind } from "#api/kinds/event";
import { StatusError } from "#api/machinery/status-error";
import type { Action } from "#control-plane/controllers/controller";
import { Executor } from "#control-plane/controllers/executor";
import { seededRng } from "#kit/rng";
import { type Cluster, createCluster } from "#test/simulation/cluster";

let cluster: Cluster;

beforeEach(async () => {
  cluster = await createCluster(seededRng(1));
});

afterEach(() => cluster.close());

function executor(): Executor {
  const { client, clock } = cluster;
  return new Executor("test", { client, clock, rng: seededRng(2) });
}

function create(name: string): Action {
  const metadata = { name, namespace: "default" };
  return {
    type: "create",
    kind: configMapKind,
    object: { apiVersion: "v1", kind: "ConfigMap", metadata },
  };
}

async function names(): Promise<string[]> {
  const { items } = await cluster.client.list(configMapKind, { namespace: "default" });
  return items.map(({ metadata }) => metadata.name).filter((name) => !name.startsWith("kube-"));
}

test("a refusal stops the plan, and every write that was made is known", async () => {
  const plan = [create("a"), create("b"), create("Not-A-Name"), create("c"), create("d")];
  const running = executor();
  await expect(running.run(plan)).rejects.toThrow(StatusError);
  // Creates go one, two, four at a time: the one beside the refused one was made too.
  expect(await names()).toEqual(["a", "b"]);
  expect(running.written.map(({ key }) => key)).toEqual(["default/a", "default/b"]);
});

test("what to do about a refusal is done, and the refusal still told", async () => {
  const refused = { ...create("Not-A-Name"), onFailure: () => create("said") } as Action;
  await expect(executor().run([refused])).rejects.toThrow(StatusError);
  expect(await names()).toEqual(["said"]);
});

test("a patch tells what it did, or why not and what is so instead", async () => {
  await executor().run([create("a")]);
  const about = await cluster.client.get(configMapKind, "a", "default");
  const template = { about, type: "Normal", reason: "Done", message: "done" } as const;
  const failure = { reason: "NotDone", message: "not done: %ERROR%" };
  const patch = (body: object): Action => ({
    type: "patch",
    kind: configMapKind,
    target: { namespace: "default", name: "a", uid: undefined },
    body,
    event: { ...template, failure },
    onFailure: () => [create("instead")],
  });
  const remembered: unknown[] = [];
  const { client, clock } = cluster;
  const rng = seededRng(2);
  const remember = (memory: unknown): void => void remembered.push(memory);
  const remembering = (): Executor => new Executor("test", { client, clock, rng, remember });
  await remembering().run([patch({ data: { x: "y" } }), { type: "remember", memory: 1 }]);
  const refused = [patch({ data: { x: 5 } }), { type: "remember", memory: 2 } as const];
  await expect(remembering().run(refused)).rejects.toThrow(StatusError);
  const { items } = await client.list(eventKind, { namespace: "default" });
  expect(items.map(({ reason }) => reason).sort()).toEqual(["Done", "NotDone"]);
  expect(await names()).toEqual(["a", "instead"]);
  expect(remembered).toEqual([1]);
});

test("a deletion for the lack of another object asks the API server whether it is lacking", async () => {
  await executor().run([create("owner"), create("owned")]);
  const owner = await cluster.client.get(configMapKind, "owner", "default");
  const deletion = (uid: string | undefined): Action => ({
    type: "delete",
    kind: configMapKind,
    target: { namespace: "default", name: "owned", uid: undefined },
    onlyIfAbsent: [{ kind: configMapKind, namespace: "default", name: "owner", uid }],
  });
  await executor().run([deletion(owner.metadata.uid), deletion(undefined)]);
  expect(await names()).toEqual(["owned", "owner"]);
  await executor().run([deletion("another-uid")]);
  expect(await names()).toEqual(["owner"]);
});
