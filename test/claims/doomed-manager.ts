import { join } from "node:path";
import { systemClock } from "#kit/clock";
import { locationsFor } from "#kit/locations";
import { silentLog } from "#kit/log";
import { createEmbeddedRuntime } from "#runtime/embedded";
import { createImageStore } from "#runtime/images/image-store";
import { containerConfig, eventually, sandboxConfig } from "#test/e2e/runtime-fixture";

/** Starts a container below the given root, says which, and waits to be killed. */
const [root = ""] = process.argv.slice(2);
const locations = locationsFor(root);
const images = createImageStore({
  root: join(locations.lib, "images"),
  log: silentLog,
  clock: systemClock,
});
const nativeDir = join(root, "native");
const runtime = createEmbeddedRuntime({ locations, images, log: silentLog, nativeDir });
await runtime.start();
const { id: sandboxId } = await runtime.runSandbox(sandboxConfig(join(root, "pod-logs"), 900));
const script = "echo alive > /note; exec sleep 600";
const id = await runtime.createContainer(sandboxId, containerConfig("survivor", script));
await runtime.startContainer(id);
await eventually("it runs", async () => (await runtime.containerStatus(id))?.pid !== undefined);
console.log(JSON.stringify({ pid: (await runtime.containerStatus(id))?.pid, id }));
setInterval(() => undefined, 60_000);
