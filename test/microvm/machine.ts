import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { type GuestProgram, writeInitramfs } from "#test/microvm/initramfs";
import type { Kernel } from "#test/microvm/kernel";

const MEMORY_MIB = 1024;
const PROCESSORS = 2;

/** Without tsc_early_khz a kernel on this machine type waits for a timer that is not there. */
const KERNEL_OPTIONS = "console=ttyS0 quiet tsc_early_khz=2000000 reboot=t panic=-1 rdinit=/init";

/**
 * Boots a machine in QEMU by software emulation, so that it works where virtual machines may not be made, and
 * runs the program in it. The lines of its console, when it has gone; a machine that is still there after
 * limitMs is killed, and the last line says so.
 */
export async function runInMicrovm(
  kernel: Kernel,
  program: GuestProgram,
  limitMs: number,
): Promise<readonly string[]> {
  const directory = mkdtempSync(join(tmpdir(), "kaji-microvm-"));
  try {
    const initramfs = join(directory, "initramfs");
    await writeInitramfs(initramfs, kernel, program);
    return await boot(["-kernel", kernel.image, "-initrd", initramfs], limitMs);
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

async function boot(files: readonly string[], limitMs: number): Promise<readonly string[]> {
  const lines: string[] = [];
  const machine = spawn(
    // Whatever happens to us, the machine does not outlive us.
    "setpriv",
    [
      ...["--pdeathsig", "KILL", "qemu-system-x86_64"],
      ...["-M", "microvm", "-accel", "tcg", "-cpu", "max"],
      ...["-m", String(MEMORY_MIB), "-smp", String(PROCESSORS)],
      ...["-nodefaults", "-no-user-config", "-no-reboot", "-display", "none", "-serial", "stdio"],
      ...files,
      ...["-append", KERNEL_OPTIONS],
    ],
    { stdio: ["ignore", "pipe", "pipe"] },
  );
  const limit = setTimeout(() => {
    lines.push(`microvm: killed, it was not done within ${limitMs / 1000} s`);
    machine.kill("SIGKILL");
  }, limitMs);
  try {
    for (const stream of [machine.stdout, machine.stderr]) {
      createInterface({ input: stream }).on("line", (line) => lines.push(line.trimEnd()));
    }
    await once(machine, "close");
    return lines;
  } finally {
    clearTimeout(limit);
  }
}
