import { describe, expect, test } from "vitest";
import { errors, StatusError } from "#api/machinery/status-error";
import { withNextStep } from "#cli/next-step";
import { sentenceOf } from "#cli/sentence";

const said = (error: unknown): string => sentenceOf(withNextStep(error));

/** As client/rest.ts throws it. */
function requestFailed(cause: Error): Error {
  return Object.assign(new Error("GET / failed", { cause }), { name: "RequestError" });
}

function systemError(code: string, message: string): Error {
  return Object.assign(new Error(message), { code });
}

describe("what the API refuses comes with the next command", () => {
  test("an object that is not there", () => {
    const resource = { group: "apps", plural: "deployments" };
    expect(said(errors.notFound(resource, "web"))).toBe(
      'deployments.apps "web" not found: `kaji get deployments.apps -A` lists those there are',
    );
  });

  test("a path that is not there stays as it is", () => {
    expect(said(errors.noSuchPath())).toBe("the server could not find the requested resource");
  });

  test("rights that are missing, and somebody who is not known", () => {
    const message = 'User "bob" cannot list resource "pods"';
    const forbidden = errors.forbidden({ group: "", plural: "pods" }, "", message);
    expect(said(forbidden)).toMatch(/cannot list resource "pods": ask for a role/);
    expect(said(errors.unauthorized())).toMatch(/^Unauthorized: this cluster does not know who/);
  });

  test("what is forbidden for another reason than rights says that reason alone", () => {
    const quota = errors.forbidden({ group: "", plural: "pods" }, "web", "exceeded quota: small");
    expect(said(quota)).toBe('pods "web" is forbidden: exceeded quota: small');
  });

  test("a conflict needs no advice", () => {
    const conflict = new StatusError(409, "Conflict", "the object has been modified");
    expect(withNextStep(conflict)).toBe(conflict);
  });
});

describe("a server that does not answer", () => {
  test.each([
    [systemError("ECONNREFUSED", "connect ECONNREFUSED"), /start it with `kaji up`/],
    [systemError("ENOTFOUND", "getaddrinfo ENOTFOUND x"), /check the address in the kubeconfig/],
    [
      systemError("SELF_SIGNED_CERT_IN_CHAIN", "self-signed certificate in chain"),
      /is not the one that the kubeconfig is for .*--context/,
    ],
    [
      Object.assign(new Error("no connection", { cause: new Error("no connection after 10 s") }), {
        name: "NoConnectionError",
      }),
      /does not answer \(no connection after 10 s\): start it with `kaji up`/,
    ],
  ])("%s", (cause, sentence) => {
    expect(said(requestFailed(cause))).toMatch(sentence);
  });

  test("a file that is not there is no server that is not there", () => {
    const missing = systemError("ENOENT", "ENOENT: no such file");
    expect(withNextStep(missing)).toBe(missing);
  });
});
