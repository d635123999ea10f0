import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { TestContext } from "vitest";
import { createNginxAdmin, type NginxAdmin } from "#ingress/nginx/admin";
import type { NginxSettings } from "#ingress/nginx/config";
import { ensureNginx, MODULES_DIR, stopNginx } from "#ingress/nginx/process";
import { encodeBackend, type Endpoint } from "#ingress/plan/backends";
import { Publisher } from "#ingress/publisher";
import { silentLog } from "#kit/log";
import { packageRoot } from "#kit/package-root";
import { freePorts, requireHost } from "#test/support/host";

/** A real nginx with Kaji's Lua, without a cluster: the host shop.example goes to default/web:80. */
export interface NginxRig {
  readonly settings: NginxSettings;
  readonly admin: NginxAdmin;
  readonly port: number;
  /** Serves this entry of the backend from now on. */
  publish(options: string, ...addresses: string[]): Promise<void>;
  /** The same with endpoints that have versions and shares. */
  serve(endpoints: readonly Endpoint[], options?: string): Promise<void>;
  dispose(): Promise<void>;
}

export const RIG_BACKEND = "default/web:80";

export async function startNginxRig(context: TestContext): Promise<NginxRig> {
  const files = [`${MODULES_DIR}/ngx_http_lua_module.so`];
  requireHost(context, { root: true, programs: ["nginx"], files });
  const folder = mkdtempSync(join(tmpdir(), "kaji-nginx-"));
  const [httpPort = 0, httpsPort = 0] = await freePorts(2);
  const settings: NginxSettings = {
    ...{ runDir: join(folder, "run"), logDir: join(folder, "log") },
    ...{ stateFile: join(folder, "lib/state"), address: "127.0.0.1", httpPort, httpsPort },
    ...{ workers: 2, modulesDir: MODULES_DIR, luaDir: join(packageRoot(), "ingress/lua") },
  };
  await ensureNginx(settings, silentLog);
  const admin = createNginxAdmin(join(settings.runDir, "admin.sock"));
  const publisher = new Publisher(admin, settings.stateFile, silentLog);
  const serve = (endpoints: readonly Endpoint[], options = ""): Promise<void> =>
    publisher.publish({
      routes: new Map([["shop.example", `plain\nprefix\t/\t${RIG_BACKEND}`]]),
      backends: new Map([[RIG_BACKEND, encodeBackend(endpoints, options)]]),
      certificates: new Map(),
    });
  return {
    ...{ settings, admin, port: httpPort, serve },
    async publish(options, ...addresses) {
      const endpoints = addresses.map((one) => {
        const { hostname, port } = new URL(`http://${one}`);
        return { address: hostname, port: Number(port), pod: undefined };
      });
      await serve(endpoints, options);
    },
    async dispose() {
      await publisher.flush();
      await stopNginx(settings);
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
