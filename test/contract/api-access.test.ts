import { leaseKind } from "#api/kinds/lease";
import { nodeKind } from "#api/kinds/node";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { configMapKind } from "#api/kinds/config-map";
import { ingressKind } from "#api/kinds/ingress";
import { podKind } from "#api/kinds/pod";
import { secretKind } from "#api/kinds/secret";
import { serviceAccountKind } from "#api/kinds/service-account";
import type {
  AuthenticationV1TokenRequest as TokenRequest,
  Lease,
  Node,
  Secret,
} from "#api/schema/types";
import { join } from "#control-plane/apiserver/join";
import { createAuthority, generateKeyPem } from "#control-plane/pki/certificates";
import { signNodeCsr } from "#control-plane/pki/pki";
import { silentLog } from "#kit/log";
import { pod, refusalOf, startTestApi, type TestApi, valueOf } from "#test/contract/api-fixture";
import { createCsr } from "#test/contract/api-csr";

let api: TestApi;
beforeAll(async () => {
  api = await startTestApi();
});
afterAll(() => api.close());

describe("who may do what", () => {
  test("an anonymous request reaches health and version only", async () => {
    const anonymous = (path: string) =>
      api.apiServer.handle({ method: "GET", path, query: new URLSearchParams() });
    for (const path of ["/healthz", "/livez", "/readyz", "/version"]) {
      expect((await anonymous(path)).status).toBe(200);
    }
    for (const path of ["/api", "/apis", "/openapi/v2", "/metrics", "/api/v1/pods"]) {
      expect((await anonymous(path)).status).toBe(401);
    }
  });

  test("a user without rules is refused with Kubernetes' sentence", async () => {
    const jane = api.clientFor({ name: "jane", groups: ["system:authenticated"] });
    const refusal = await refusalOf(jane.list(podKind, { namespace: "default" }));
    expect(refusal).toMatchObject({
      code: 403,
      message:
        'pods is forbidden: User "jane" cannot list resource "pods" in API group "" in the namespace "default"',
    });
    const cluster = await refusalOf(jane.list(podKind));
    expect(cluster.message).toContain("at the cluster scope");
    const review = await jane.raw("POST", "/apis/authentication.k8s.io/v1/selfsubjectreviews", {});
    expect(review).toMatchObject({ status: { userInfo: { username: "jane" } } });
  });

  test("the ingress reads what it needs and writes statuses only", async () => {
    const ingress = api.clientFor({
      name: "system:kaji:ingress",
      groups: ["system:authenticated"],
    });
    await ingress.list(ingressKind);
    await ingress.list(secretKind);
    const refusal = await refusalOf(ingress.delete(podKind, { name: "x", namespace: "default" }));
    expect(refusal.code).toBe(403);
    const answer = await ingress.raw(
      "POST",
      "/apis/authorization.k8s.io/v1/selfsubjectaccessreviews",
      { spec: { resourceAttributes: { verb: "patch", resource: "pods", subresource: "status" } } },
    );
    expect(answer).toMatchObject({ status: { allowed: true } });
  });
});

describe("a service account's token", () => {
  const issue = (body: object) =>
    api.client.createSubresource<TokenRequest>(
      serviceAccountKind,
      { name: "default", namespace: "default", subresource: "token" },
      body,
    );

  test("says who the account is, and ends with the pod that it is bound to", async () => {
    const { metadata } = await api.client.create(podKind, pod("holder"));
    const boundObjectRef = { kind: "Pod", apiVersion: "v1", name: "holder", uid: metadata.uid };
    const { status } = await issue({ spec: { expirationSeconds: 600, boundObjectRef } });
    const token = status?.token ?? "";
    const { authenticator } = api.apiServer;
    expect(authenticator.fromToken(token)).toMatchObject({
      name: "system:serviceaccount:default:default",
      groups: expect.arrayContaining(["system:serviceaccounts:default"]),
    });
    expect(authenticator.fromToken(`${token.slice(0, -4)}AAAA`)).toBeUndefined();
    await api.client.delete(podKind, { name: "holder", namespace: "default" });
    await api.client.list(podKind);
    expect(authenticator.fromToken(token)).toBeUndefined();
  });

  test("may not be asked for less than ten minutes", async () => {
    const refusal = await refusalOf(issue({ spec: { expirationSeconds: 60 } }));
    expect(refusal.message).toContain("may not specify a duration less than 10 minutes");
  });

  test("for another audience does not open this server", async () => {
    const { status } = await issue({ spec: { audiences: ["elsewhere"] } });
    expect(api.apiServer.authenticator.fromToken(status?.token ?? "")).toBeUndefined();
  });
});

describe("joining", () => {
  const encode = (text: string) => Buffer.from(text).toString("base64");

  async function addToken(id: string, fields: Record<string, string>): Promise<string> {
    const data: Record<string, string> = {
      "token-id": encode(id),
      "token-secret": encode("0123456789abcdef"),
    };
    for (const [key, value] of Object.entries(fields)) data[key] = encode(value);
    const secret: Secret = {
      apiVersion: "v1",
      kind: "Secret",
      metadata: { name: `bootstrap-token-${id}`, namespace: "kube-system" },
      type: "bootstrap.kubernetes.io/token",
      data,
    };
    await api.client.create(secretKind, secret);
    return `${id}.0123456789abcdef`;
  }

  async function tryJoin(token: string | undefined, body?: unknown) {
    const authority = await createAuthority("test-ca", Date.now());
    return join(
      {
        context: api.apiServer.context,
        caPem: authority.certificatePem,
        gatewayPort: 6444,
        signCsr: (node, csr) => signNodeCsr(authority, node, csr, Date.now()),
        // The one server of the cluster, and no agent has a session with it.
        isConnected: () => false,
        log: silentLog,
      },
      token,
      body ?? { nodeName: "node-1", csrPem: await createCsr("whoever") },
    );
  }

  test("gives a certificate that says which node it is, and spends a single-use token", async () => {
    const token = await addToken("aaaaaa", {
      "usage-kaji-join": "true",
      "kaji-single-use": "true",
    });
    const answer = valueOf(await tryJoin(token));
    expect(answer).toMatchObject({ gatewayPort: 6444 });
    const { X509Certificate } = await import("node:crypto");
    const certificate = new X509Certificate(String(answer.certificatePem));
    expect(certificate.subject).toBe("O=system:nodes\nCN=system:node:node-1");
    expect((await tryJoin(token)).status).toBe(401);
  });

  test("as a node that is ready is refused, as one whose lease is old is not", async () => {
    const token = await addToken("eeeeee", { "usage-kaji-join": "true" });
    const name = "node-taken";
    const ready = { type: "Ready", status: "True" };
    const node: Node = { apiVersion: "v1", kind: "Node", metadata: { name }, spec: {} };
    await api.client.create(nodeKind, node);
    const lease: Lease = {
      apiVersion: "coordination.k8s.io/v1",
      kind: "Lease",
      metadata: { name, namespace: "kube-node-lease" },
      spec: { holderIdentity: name, renewTime: renewedAt(0) },
    };
    const written = await api.client.create(leaseKind, lease);
    const body = { nodeName: name, csrPem: await createCsr("whoever") };
    expect((await tryJoin(token, body)).status).toBe(200);
    const path = `/api/v1/nodes/${name}/status`;
    const contentType = "application/merge-patch+json";
    await api.send({
      method: "PATCH",
      path,
      contentType,
      body: { status: { conditions: [ready] } },
    });
    const refusal = await tryJoin(token, body);
    expect(refusal.status).toBe(409);
    expect(valueOf(refusal).message).toContain("delete the Node object first");
    const { retryAfterSeconds } = valueOf(refusal).details as { retryAfterSeconds: number };
    expect(retryAfterSeconds).toBeGreaterThan(30);
    expect(retryAfterSeconds).toBeLessThanOrEqual(40);
    const old = { ...written, spec: { ...lease.spec, renewTime: renewedAt(41_000) } };
    await api.client.update(leaseKind, old);
    expect((await tryJoin(token, body)).status).toBe(200);
  });

  function renewedAt(agoMs: number): string {
    return new Date(Date.now() - agoMs).toISOString().replace("Z", "000Z");
  }

  test("says in one sentence why it is refused", async () => {
    const past = new Date(0).toISOString();
    const expired = await addToken("bbbbbb", { "usage-kaji-join": "true", expiration: past });
    const unfit = await addToken("cccccc", { "usage-bootstrap-authentication": "true" });
    const good = await addToken("dddddd", { "usage-kaji-join": "true" });
    const why = async (token: string | undefined, body?: unknown) =>
      String(valueOf(await tryJoin(token, body)).message);
    expect(await why(undefined)).toContain("joining needs a join token");
    expect(await why("nonsense")).toContain("is malformed");
    expect(await why("zzzzzz.0123456789abcdef")).toContain("is not known here");
    expect(await why(expired)).toContain("has expired");
    expect(await why(unfit)).toContain("not meant for joining nodes");
    expect(await why(good, { nodeName: "Bad_Name", csrPem: "x" })).toContain(
      "not a valid node name",
    );
    expect(await why(good, { nodeName: "n", csrPem: await generateKeyPem() })).toContain(
      "not a valid certificate signing request",
    );
  });
});

describe("bodies", () => {
  test("over the limit are refused with 413, malformed ones with 400", async () => {
    const post = (text: string) =>
      api.send({
        method: "POST",
        path: "/api/v1/namespaces/default/configmaps",
        contentType: "application/json",
        body: Buffer.from(text),
      });
    expect((await post("{".repeat(4 * 1024 * 1024))).status).toBe(413);
    expect((await post('{"metadata":')).status).toBe(400);
    expect((await post("[]")).status).toBe(400);
    expect((await post('{"kind":"Secret","apiVersion":"v1"}')).status).toBe(400);
  });

  test("may be YAML", async () => {
    const response = await api.send({
      method: "POST",
      path: "/api/v1/namespaces/default/configmaps",
      contentType: "application/yaml",
      body: Buffer.from("metadata:\n  name: from-yaml\ndata:\n  a: b\n"),
    });
    expect(response.status).toBe(201);
    const stored = await api.client.get(configMapKind, "from-yaml", "default");
    expect(stored.data).toEqual({ a: "b" });
  });
});
