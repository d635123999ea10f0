import { mkdtempSync, rmSync } from "node:fs";
import { createServer, type IncomingHttpHeaders, request, type Server } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { TestContext } from "vitest";
import type { Ingress, Secret } from "#api/schema/types";
import { createNginxAdmin, type NginxAdmin } from "#ingress/nginx/admin";
import type { NginxSettings } from "#ingress/nginx/config";
import { ensureNginx, MODULES_DIR, stopNginx } from "#ingress/nginx/process";
import { entriesOf } from "#ingress/plan/entries";
import { type IngressPlan, planIngress } from "#ingress/plan/plan";
import { Publisher } from "#ingress/publisher";
import { silentLog } from "#kit/log";
import { packageRoot } from "#kit/package-root";
import { freePorts, requireHost } from "#test/support/host";
import {
  annotated,
  clusterView,
  hostTo,
  ingressOf,
  pathTo,
  readyEndpoint,
  serviceOf,
  sliceOf,
} from "#test/support/ingress-objects";

/** A real nginx that serves a plan of real objects, without a cluster; the pods behind it are of this process. */
export interface IngressSite {
  readonly settings: NginxSettings;
  readonly admin: NginxAdmin;
  /** Serves these Ingresses and nothing else; Services `web` and `api` lead to what `pods` says. */
  serve(
    ingresses: readonly Ingress[],
    pods: Pods,
    secrets?: readonly Secret[],
  ): Promise<IngressPlan>;
  /** One Ingress of shop.example to `web`, with annotations by their short names. */
  annotate(
    annotations: Readonly<Record<string, string>>,
    options?: AnnotateOptions,
  ): Promise<IngressPlan>;
  ask(path: string, options?: AskOptions): Promise<Answer>;
  dispose(): Promise<void>;
}

export type Pods = Readonly<Record<string, readonly TestPod[]>>;

export interface AnnotateOptions {
  readonly pods?: readonly TestPod[];
  readonly path?: string;
  readonly secrets?: readonly Secret[];
}

export interface AskOptions {
  readonly host?: string;
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string | string[]>>;
  /** Sent with its length, or in chunks without one. */
  readonly body?: Buffer | string;
  readonly isChunked?: boolean;
  readonly from?: string;
}

export interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

export interface TestPod {
  readonly name: string;
  readonly port: number;
  /** What it was asked. */
  readonly seen: readonly Seen[];
  stop(): Promise<void>;
}

export interface Seen {
  readonly method: string;
  readonly url: string;
  readonly headers: IncomingHttpHeaders;
  readonly bytes: number;
}

export async function startIngressSite(
  context: TestContext,
  more: Partial<NginxSettings> = {},
): Promise<IngressSite> {
  const files = [`${MODULES_DIR}/ngx_http_lua_module.so`];
  requireHost(context, { root: true, programs: ["nginx"], files });
  const folder = mkdtempSync(join(tmpdir(), "kaji-site-"));
  const [httpPort = 0, httpsPort = 0] = await freePorts(2);
  const settings: NginxSettings = {
    ...{ runDir: join(folder, "run"), logDir: join(folder, "log") },
    ...{ stateFile: join(folder, "lib/state"), address: "127.0.0.1", httpPort, httpsPort },
    ...{ workers: 2, modulesDir: MODULES_DIR, luaDir: join(packageRoot(), "ingress/lua") },
    ...more,
  };
  await ensureNginx(settings, silentLog);
  const admin = createNginxAdmin(join(settings.runDir, "admin.sock"));
  const publisher = new Publisher(admin, settings.stateFile, silentLog);
  let former: IngressPlan["certificates"] = new Map();
  const serve: IngressSite["serve"] = async (ingresses, pods, secrets = []) => {
    const plan = planIngress(
      clusterView({
        ...{ ingresses, secrets, services: Object.keys(pods).map(serviceOf) },
        slices: Object.entries(pods).flatMap(([service, list]) =>
          list.map(({ port, name }) => sliceOf(service, port, [readyEndpoint("127.0.0.1", name)])),
        ),
      }),
      former,
    );
    former = plan.certificates;
    await publisher.publish(entriesOf(plan));
    return plan;
  };
  return {
    ...{ settings, admin, serve },
    annotate: (annotations, { pods = [], path = "/", secrets = [] } = {}) => {
      const spec = hostTo("shop.example", [pathTo("web", path, "ImplementationSpecific")]);
      return serve([ingressOf("shop", spec, annotated(annotations))], { web: pods }, secrets);
    },
    ask: (path, options) => ask(httpPort, path, options),
    async dispose() {
      await publisher.flush();
      await stopNginx(settings);
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

function ask(port: number, path: string, options: AskOptions = {}): Promise<Answer> {
  const { host = "shop.example", method = "GET", headers = {}, body, isChunked, from } = options;
  const length = isChunked
    ? { "transfer-encoding": "chunked" }
    : { ...(body === undefined ? {} : { "content-length": Buffer.byteLength(body) }) };
  const target = {
    ...{ host: "127.0.0.1", port, path, method, agent: false },
    ...(from ? { localAddress: from } : {}),
    headers: { host, ...length, ...headers },
  };
  return new Promise((resolve, reject) => {
    const outgoing = request(target, (response) => {
      let text = "";
      response.on("data", (chunk: Buffer) => {
        text += chunk.toString();
      });
      response.on("error", reject);
      response.on("end", () =>
        resolve({ status: response.statusCode ?? 0, headers: response.headers, body: text.trim() }),
      );
    });
    outgoing.on("error", reject);
    outgoing.end(body);
  });
}

/** Answers its name, or what `answer` does. */
export async function startTestPod(
  name: string,
  answer: (seen: Seen, response: import("node:http").ServerResponse) => void = (_, response) =>
    void response.end(name),
): Promise<TestPod> {
  const seen: Seen[] = [];
  const server: Server = createServer((incoming, response) => {
    let bytes = 0;
    incoming.on("data", (chunk: Buffer) => {
      bytes += chunk.length;
    });
    incoming.on("end", () => {
      const { method = "", url = "", headers } = incoming;
      const one = { method, url, headers, bytes };
      seen.push(one);
      answer(one, response);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    name,
    seen,
    port: (server.address() as { port: number }).port,
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
