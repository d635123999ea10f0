import { describe, expect, test } from "vitest";
import { errors } from "#api/machinery/status-error";
import { createClient } from "#client/api-client";
import type { ApiRequest, ApiResponse } from "#client/transport";
import { FakeApi, noteKind } from "#test/support/fake-api";

/** A client whose transport remembers what it was asked and always gives the same answer. */
function recording(response: ApiResponse, options?: Parameters<typeof createClient>[1]) {
  const requests: ApiRequest[] = [];
  const client = createClient(async (request) => {
    requests.push(request);
    return response;
  }, options);
  const last = (): ApiRequest => requests.at(-1) as ApiRequest;
  return { client, last };
}

const ok: ApiResponse = { type: "json", status: 200, value: { kind: "Note" } };
const target = { name: "x", namespace: "a" };

describe("a client", () => {
  test.each([
    ["json", "application/json-patch+json"],
    ["merge", "application/merge-patch+json"],
    ["strategic", "application/strategic-merge-patch+json"],
    ["apply", "application/apply-patch+yaml"],
  ] as const)("sends a %s patch as %s", async (type, contentType) => {
    const { client, last } = recording(ok);
    const patch = { type, body: {}, fieldManager: "test", force: true };
    await client.patch(noteKind, { ...target, subresource: "status" }, patch);
    expect(last()).toMatchObject({
      method: "PATCH",
      path: "/apis/test.kaji.dev/v1/namespaces/a/notes/x/status",
      contentType,
    });
    expect(last().query.toString()).toBe("fieldManager=test&force=true");
  });

  test("asks as the user it was made for", async () => {
    const user = { name: "system:kaji", groups: ["system:masters"] };
    const { client, last } = recording(ok, { user });
    await client.delete(noteKind, target, { gracePeriodSeconds: 0 });
    expect(last()).toMatchObject({ method: "DELETE", user, body: { gracePeriodSeconds: 0 } });
  });

  test("fills in the type that items of a list lack", async () => {
    const items = [{ metadata: { name: "x" } }];
    const { client } = recording({ type: "json", status: 200, value: { metadata: {}, items } });
    const [item] = (await client.list(noteKind)).items;
    expect(item).toMatchObject({ apiVersion: "test.kaji.dev/v1", kind: "Note" });
  });

  test("splits the query off a raw path", async () => {
    const { client, last } = recording({
      type: "bytes",
      status: 200,
      contentType: "text/plain",
      bytes: Buffer.from("ok"),
    });
    expect(await client.raw("GET", "/readyz?verbose=true")).toBe("ok");
    expect(last().path).toBe("/readyz");
    expect(last().query.get("verbose")).toBe("true");
  });

  test("an ERROR event ends a watch with its StatusError", async () => {
    const api = new FakeApi();
    const { signal } = new AbortController();
    const watch = createClient(api.transport).watch(noteKind, { signal, resourceVersion: "1" });
    const next = watch[Symbol.asyncIterator]().next();
    api.sendError(errors.expired("too old"));
    await expect(next).rejects.toMatchObject({ code: 410, reason: "Expired" });
  });

  test("refuses to ask for a namespaced object without a namespace", async () => {
    const { client } = recording(ok);
    await expect(client.get(noteKind, "x")).rejects.toThrow("needs a namespace");
  });
});
