/** kubectl reads our OpenAPI documents: explain and validation, each release in its own form. */
import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { createServer, type Server } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { apiVersionOf } from "#api/machinery/define-kind";
import {
  type OpenApiKind,
  openApiV2,
  openApiV3Document,
  openApiV3Index,
} from "#api/schema/openapi";
import { encodeOpenApiV2, openApiV2Protobuf } from "#control-plane/apiserver/openapi-protobuf";

const kinds: readonly OpenApiKind[] = [
  kindOf("", "Pod", "pods", "io.k8s.api.core.v1.Pod"),
  kindOf("apps", "Deployment", "deployments", "io.k8s.api.apps.v1.Deployment"),
];

/** Whether a release judges unknown fields itself, or leaves them to a server that takes fieldValidation. */
const releases = [
  { kubectl: "kubectl", onUnknownField: /^pod\/a$/m },
  // A release before 1.27, which asks for the second version in protobuf.
  { kubectl: process.env.KUBECTL_OLD ?? "", onUnknownField: /unknown field "containerz"/ },
].filter(({ kubectl }) => kubectl !== "");

let server: Server;
let url = "";
let home = "";

beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), "kaji-openapi-"));
  server = createServer((request, response) => {
    const path = (request.url ?? "").split("?")[0] ?? "";
    const answer = answerTo(path, request.headers.accept ?? "");
    response.writeHead(answer ? 200 : 404, { "content-type": answer?.type ?? "text/plain" });
    response.end(answer?.body ?? "not here");
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  if (typeof address === "object" && address) url = `http://127.0.0.1:${String(address.port)}`;
});

afterAll(async () => {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
  await rm(home, { recursive: true, force: true });
});

describe.each(releases)("$kubectl", ({ kubectl, onUnknownField }) => {
  test("explains a field with its type and description", async (context) => {
    const result = await run(kubectl, [
      "explain",
      "deployment.spec.template.spec.containers.ports",
    ]);
    if (result === undefined) return context.skip(`${kubectl} is not installed`);
    expect(result.text).toContain("containerPort");
    expect(result.text).toMatch(/Number of port to expose on the pod's IP address/);
    expect(result.text).toMatch(/<integer>/);
  });

  test("explains a whole kind recursively", async (context) => {
    const result = await run(kubectl, ["explain", "pods", "--recursive"]);
    if (result === undefined) return context.skip(`${kubectl} is not installed`);
    expect(result.text).toContain("terminationGracePeriodSeconds");
    expect(result.text).toContain("KIND:");
  });

  test("judges unknown fields by the schema", async (context) => {
    const pod = {
      apiVersion: "v1",
      kind: "Pod",
      metadata: { name: "a" },
      spec: { containerz: [] },
    };
    const args = ["create", "--dry-run=client", "--validate=true", "-o=name", "-f=-"];
    const result = await run(kubectl, args, JSON.stringify(pod));
    if (result === undefined) return context.skip(`${kubectl} is not installed`);
    expect(result.text).toMatch(onUnknownField);
  });
});

test("the third version names each group version's document", () => {
  const index = openApiV3Index(kinds);
  expect(Object.keys(index.paths)).toEqual(["api/v1", "apis/apps/v1"]);
  expect(index.paths["api/v1"]?.serverRelativeURL).toMatch(
    /^\/openapi\/v3\/api\/v1\?hash=[0-9A-F]{8}$/,
  );
  expect(openApiV3Document("batch/v1", kinds)).toBeUndefined();
  const document = openApiV3Document("apps/v1", kinds);
  expect(JSON.stringify(document)).not.toContain("#/definitions/");
});

function kindOf(group: string, kind: string, plural: string, schema: string): OpenApiKind {
  return {
    group,
    version: "v1",
    kind,
    plural,
    schema,
    isNamespaced: true,
    subresources: ["status"],
  };
}

interface Answer {
  readonly type: string;
  readonly body: string | Uint8Array;
}

function answerTo(path: string, accept: string): Answer | undefined {
  const prefix = /^\/openapi\/v3\/(?:api|apis)\/(.+)$/.exec(path)?.[1];
  if (prefix) return json(openApiV3Document(prefix, kinds));
  if (path === "/openapi/v3") return json(openApiV3Index(kinds));
  if (path === "/openapi/v2") {
    const document = openApiV2(kinds);
    if (!accept.includes("protobuf")) return json(document);
    return { type: openApiV2Protobuf, body: encodeOpenApiV2(document) };
  }
  return json(discovery(path));
}

function json(body: object | undefined): Answer | undefined {
  return body && { type: "application/json", body: JSON.stringify(body) };
}

function discovery(path: string): object | undefined {
  if (path === "/api") return { kind: "APIVersions", versions: ["v1"] };
  const version = { groupVersion: "apps/v1", version: "v1" };
  const apps = { name: "apps", versions: [version], preferredVersion: version };
  if (path === "/apis") return { kind: "APIGroupList", apiVersion: "v1", groups: [apps] };
  const groupVersion = /^\/apis?\/(.+)$/.exec(path)?.[1];
  const members = kinds.filter((kind) => apiVersionOf(kind) === groupVersion);
  if (members.length === 0) return undefined;
  const resources = members.map(({ kind, plural }) => ({
    name: plural,
    singularName: kind.toLowerCase(),
    namespaced: true,
    kind,
    verbs: ["create", "get", "list", "patch"],
  }));
  return { kind: "APIResourceList", apiVersion: "v1", groupVersion, resources };
}

/** What it printed; undefined when it is not there. */
function run(
  command: string,
  args: readonly string[],
  input = "",
): Promise<{ text: string } | undefined> {
  if (command.includes("/") && !existsSync(command)) return Promise.resolve(undefined);
  return new Promise((resolve) => {
    const options = [`--server=${url}`, `--cache-dir=${join(home, "cache")}`];
    const env = { ...process.env, HOME: home, KUBECONFIG: join(home, "none") };
    const child = spawn(command, [...args, ...options], { env });
    let text = "";
    const collect = (chunk: string): void => {
      text += chunk;
    };
    child.stdout.setEncoding("utf8").on("data", collect);
    child.stderr.setEncoding("utf8").on("data", collect);
    child.on("error", () => resolve(undefined));
    child.on("close", () => resolve({ text }));
    child.stdin.end(input);
  });
}
