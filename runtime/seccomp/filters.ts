import { readFileSync } from "node:fs";
import { arch } from "node:process";
import { type CapabilityName, capabilityMask } from "#runtime/plan/capabilities";
import {
  type Architecture,
  AUDIT_ARCH_AARCH64,
  AUDIT_ARCH_X86_64,
  compileProfile,
} from "#runtime/seccomp/compile";
import { parseProfile } from "#runtime/seccomp/local-profile";
import { defaultProfile } from "#runtime/seccomp/profile";
import { RuntimeError, type SecurityContext } from "#runtime/runtime";

/** Compiled filters, at most this many: one for each set of capabilities in use. */
const CACHE_LIMIT = 64;

/**
 * Gives each container its filter. The default profile is compiled once for each capability set and kept;
 * a profile of the host is read and compiled at each start, so that an edited file takes effect.
 */
export class SeccompFilters {
  private readonly compiled = new Map<string, Uint8Array>();
  private readonly architecture: Architecture;

  /** callTable: "name number" lines, as the native build writes them. */
  constructor(callTable: string) {
    this.architecture = {
      auditArch: arch === "arm64" ? AUDIT_ARCH_AARCH64 : AUDIT_ARCH_X86_64,
      callNumbers: parseCallTable(callTable),
    };
  }

  filterFor(
    security: SecurityContext,
    capabilities: ReadonlySet<CapabilityName>,
  ): Uint8Array | undefined {
    if (security.isPrivileged || security.seccomp === "unconfined") return undefined;
    if (security.seccomp !== "runtime-default") {
      return this.fromFile(security.seccomp.path, capabilities);
    }
    const key = capabilityMask(capabilities).toString();
    const kept = this.compiled.get(key);
    if (kept !== undefined) return kept;
    const filter = compileProfile(defaultProfile(capabilities), this.architecture);
    if (this.compiled.size >= CACHE_LIMIT) this.compiled.clear();
    this.compiled.set(key, filter);
    return filter;
  }

  private fromFile(path: string, capabilities: ReadonlySet<CapabilityName>): Uint8Array {
    try {
      return compileProfile(
        parseProfile(readFileSync(path, "utf8"), capabilities),
        this.architecture,
      );
    } catch (cause) {
      throw new RuntimeError("CreateContainerError", `cannot load seccomp profile "${path}"`, {
        cause,
      });
    }
  }
}

function parseCallTable(text: string): ReadonlyMap<string, number> {
  const numbers = new Map<string, number>();
  for (const line of text.split("\n")) {
    const [name, number] = line.split(" ");
    if (name && number && name !== "syscalls") numbers.set(name, Number(number));
  }
  return numbers;
}
