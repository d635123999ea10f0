import { createSecureServer, type Http2ServerRequest, type Http2ServerResponse } from "node:http2";
import type { IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import type { Duplex } from "node:stream";
import { errors, StatusError } from "#api/machinery/status-error";
import type { Pod } from "#api/schema/types";
import type { NodeStreams } from "#control-plane/apiserver/node-streams";
import { createStreamRoutes } from "#control-plane/apiserver/streams/routes";
import { createLog } from "#kit/log";
import { createTestPki } from "#test/contract/node-protocol-pki";

const user = { name: "test", groups: ["system:masters"] };

export const testPod: Pod = {
  apiVersion: "v1",
  kind: "Pod",
  metadata: { name: "web", namespace: "default", uid: "u1" },
  spec: { nodeName: "n1", containers: [{ name: "app", image: "app" }] },
  status: {
    phase: "Running",
    containerStatuses: [
      {
        name: "app",
        image: "app",
        imageID: "",
        ready: true,
        restartCount: 0,
        state: { running: { startedAt: "2026-01-01T00:00:00Z" } },
      },
    ],
  },
};

const pods = new Map<string, Pod>([
  ["web", testPod],
  [
    "two",
    {
      ...testPod,
      metadata: { name: "two", namespace: "default", uid: "u2" },
      spec: {
        nodeName: "n1",
        containers: [
          { name: "a", image: "a" },
          { name: "b", image: "b" },
        ],
      },
      status: {
        phase: "Pending",
        containerStatuses: [
          {
            name: "a",
            image: "a",
            imageID: "",
            ready: false,
            restartCount: 0,
            state: { waiting: { reason: "ContainerCreating" } },
          },
        ],
      },
    },
  ],
]);

export interface StreamsServer {
  readonly url: string;
  close(): Promise<void>;
}

/** As much of an API server as kubectl needs for the streaming subresources. */
export async function startStreamsServer(nodeStreams: NodeStreams): Promise<StreamsServer> {
  const pki = await createTestPki();
  const tls = await pki.issue("CN=apiserver");
  const routes = createStreamRoutes({
    nodeStreams,
    getPod: async (_namespace, name) => findPod(name),
    authorize: () => undefined,
    log: createLog({ level: "error" }),
  });
  const server = createSecureServer({ ...tls, allowHTTP1: true });
  server.on("upgrade", (req: IncomingMessage, socket: Duplex, head: Buffer) => {
    void routes.handleUpgrade(req, socket, head, user);
  });
  server.on("request", (req, res) => {
    answer(req, res).catch((error: unknown) => res.stream?.destroy(error as Error));
  });
  async function answer(req: Http2ServerRequest, res: Http2ServerResponse): Promise<void> {
    const url = new URL(req.url, "https://kaji");
    if (!url.pathname.endsWith("/log")) return answerDiscovery(res, url.pathname);
    const response = await routes.logs({
      method: "GET",
      path: url.pathname,
      query: url.searchParams,
    });
    if (response.type === "json") return json(res, response.status, response.value);
    res.writeHead(200, { "content-type": "text/plain" });
    if (response.type === "stream") for await (const chunk of response.chunks) res.write(chunk);
    res.end();
  }
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `https://127.0.0.1:${port}`,
    async close() {
      routes.close();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

function findPod(name: string): Pod {
  const pod = pods.get(name);
  if (!pod) throw errors.notFound({ group: "", plural: "pods" }, name);
  return pod;
}

function json(res: Http2ServerResponse, status: number, value: unknown): void {
  res.writeHead(status, { "content-type": "application/json" });
  res.end(JSON.stringify(value));
}

function answerDiscovery(res: Http2ServerResponse, path: string): void {
  try {
    json(res, 200, discovery(path));
  } catch (error) {
    if (!(error instanceof StatusError)) throw error;
    json(res, error.code, error.status);
  }
}

function discovery(path: string): unknown {
  const podPath = /^\/api\/v1\/namespaces\/default\/pods\/(\w+)$/.exec(path);
  if (podPath?.[1]) return findPod(podPath[1]);
  if (path === "/api") return { kind: "APIVersions", versions: ["v1"] };
  if (path === "/apis") return { kind: "APIGroupList", apiVersion: "v1", groups: [] };
  const verbs = ["get", "list"];
  const resources = [{ name: "pods", singularName: "pod", namespaced: true, kind: "Pod", verbs }];
  return { kind: "APIResourceList", apiVersion: "v1", groupVersion: "v1", resources };
}
