import { join } from "node:path";
import type { ContainerConfig } from "#runtime/runtime";
import { runtimeContract } from "#test/contract/runtime.contract";
import {
  closeFixture,
  containerConfig,
  openFixture,
  sandboxConfig,
  whyNot,
} from "#test/e2e/runtime-fixture";
import type { Program } from "#test/support/memory-process";
import { createMemoryRuntime } from "#test/support/memory-runtime";

let serial = 0;

runtimeContract("the memory runtime", {
  skip: undefined,
  async open() {
    const runtime = createMemoryRuntime({ now: Date.now, program });
    runtime.images.add("busybox");
    return {
      runtime,
      image: "busybox",
      sandboxConfig: () => sandboxConfig("/nowhere", serial++),
      containerConfig: (script) => containerConfig(`c${serial++}`, script),
      close: () => runtime.close(),
    };
  },
});

const reason = whyNot();
if (reason !== undefined) console.warn(`the embedded runtime's contract is skipped: ${reason}`);

runtimeContract("the embedded runtime", {
  skip: reason,
  async open() {
    const fixture = await openFixture();
    return {
      runtime: fixture.runtime,
      image: "busybox",
      sandboxConfig: () => sandboxConfig(join(fixture.root, "logs"), serial++),
      containerConfig: (script) => containerConfig(`c${serial++}`, script),
      close: () => closeFixture(fixture),
    };
  },
});

/** The contract's scripts, as far as a process of the memory runtime can follow them. */
function program({ command }: ContainerConfig): Program {
  const script = command[2] ?? "";
  const exitsWith = exitCodeOf(script);
  return {
    ...(exitsWith === undefined ? {} : { exitsWith }),
    ignoresTerm: script.startsWith("trap"),
    exec: (words) => ({ exitCode: exitCodeOf(words[2] ?? "") ?? 0 }),
  };
}

function exitCodeOf(script: string): number | undefined {
  const match = /^exit (\d+)$/.exec(script);
  return match ? Number(match[1]) : undefined;
}
