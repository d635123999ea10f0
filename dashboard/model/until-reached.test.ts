import { describe, expect, test } from "vitest";
import { ApiRefusal } from "#dashboard/model/api-request";
import { untilReached } from "#dashboard/model/until-reached";

/** Fails as a browser's fetch does without a network, as often as said, and then answers. */
function server(failures: number) {
  let asked = 0;
  const ask = async (): Promise<string> => {
    if (asked++ < failures) throw new TypeError("Failed to fetch");
    return "yaml";
  };
  return { ask, asked: () => asked };
}

describe("until the server is reached", () => {
  test("a request that was broken off once is asked again, and nobody hears of it", async () => {
    const { ask, asked } = server(1);
    const said: string[] = [];
    const { signal } = new AbortController();
    expect(await untilReached(ask, { signal, onAway: (text) => said.push(text) })).toBe("yaml");
    expect([asked(), said]).toEqual([2, []]);
  });

  test("a server that stays away is told of, and asked until it is back", async () => {
    const { ask } = server(2);
    const said: string[] = [];
    const { signal } = new AbortController();
    expect(await untilReached(ask, { signal, onAway: (text) => said.push(text) })).toBe("yaml");
    expect(said).toEqual(["the API server cannot be reached; trying again"]);
  });

  test("a refusal stands", async () => {
    const refusal = new ApiRefusal(404, "NotFound", 'configmaps "none" not found');
    const ask = () => Promise.reject(refusal);
    const { signal } = new AbortController();
    await expect(untilReached(ask, { signal, onAway: () => {} })).rejects.toBe(refusal);
  });

  test("who has left is given nothing, whether the server answers or not", async () => {
    const left = new AbortController();
    const answered = untilReached(
      async () => {
        left.abort();
        return "yaml";
      },
      { signal: left.signal, onAway: () => expect.fail("nobody listens") },
    );
    expect(await answered).toBeUndefined();
    const { ask, asked } = server(Number.POSITIVE_INFINITY);
    const leaving = new AbortController();
    const onAway = (): void => leaving.abort();
    expect(await untilReached(ask, { signal: leaving.signal, onAway })).toBeUndefined();
    expect(asked()).toBe(2);
  });
});
