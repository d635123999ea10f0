import { describe, expect, test } from "vitest";
import { StatusError } from "#api/machinery/status-error";
import { createClient } from "#client/api-client";
import { severIfLost } from "#ingress/lost-hosts";
import { silentLog } from "#kit/log";

const ADDRESS = "10.244.1.7:8080";
const pod = { namespace: "default", name: "web-1", uid: "uid-1", nodeName: "node-1" };

/** The addresses whose connections are ended when the node is as said; undefined: there is none. */
async function severed(ready: string | undefined, reference: typeof pod | object = pod) {
  const conditions = [{ type: "Ready", status: ready }];
  const node = { apiVersion: "v1", kind: "Node", metadata: { name: "node-1" } };
  const client = createClient(async () =>
    ready === undefined
      ? { type: "json", status: 404, value: new StatusError(404, "NotFound", "no node").status }
      : { type: "json", status: 200, value: { ...node, status: { conditions } } },
  );
  const ended: string[] = [];
  const endConnections = async (address: string): Promise<void> => void ended.push(address);
  await severIfLost({ client, log: silentLog, endConnections }, ADDRESS, { ...pod, ...reference });
  return ended;
}

describe("connections to a pod that leaves nginx", () => {
  test("are ended when its host is lost, or no node any more", async () => {
    expect(await severed("Unknown")).toEqual([ADDRESS]);
    expect(await severed(undefined)).toEqual([ADDRESS]);
  });

  test("end by themselves when its host lives, also when that is not ready", async () => {
    expect(await severed("True")).toEqual([]);
    expect(await severed("False")).toEqual([]);
  });
});
