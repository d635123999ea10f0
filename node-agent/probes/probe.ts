import type { Container, IntOrString, Probe } from "#api/schema/types";
import { ConfigError } from "#node-agent/objects";

/** A way to ask a container how it is: one file here, one line in index.ts. */
export interface ProbeType {
  readonly name: string;
  matches(probe: Probe): boolean;
  /** Never throws for what the container does wrong: that is a failure with words. */
  check(probe: Probe, target: ProbeTarget): Promise<ProbeResult>;
}

export interface ProbeTarget {
  readonly ip: string;
  readonly container: Container;
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
  exec(command: readonly string[], timeoutMs: number): Promise<ExecOutcome>;
}

export interface ExecOutcome {
  readonly exitCode: number;
  readonly output: string;
  readonly isTimedOut: boolean;
}

export interface ProbeResult {
  readonly isSuccess: boolean;
  readonly output: string;
}

/** A number, or the name of one of the container's ports. */
export function portOf(container: Container, port: IntOrString): number {
  const number = typeof port === "number" ? port : Number(port);
  if (Number.isInteger(number) && number > 0 && number < 65536) return number;
  const named = container.ports?.find((each) => each.name === port);
  if (named) return named.containerPort;
  throw new ConfigError(`couldn't find port: "${String(port)}" in container ${container.name}`);
}

/** A socket error as Go's net package words it, which is what Kubernetes' users know. */
export function dialError(error: unknown, address: string): string {
  const { code, message } = error as NodeJS.ErrnoException;
  const words: Readonly<Record<string, string>> = {
    ECONNREFUSED: "connect: connection refused",
    EHOSTUNREACH: "connect: no route to host",
    ENETUNREACH: "connect: network is unreachable",
    ETIMEDOUT: "i/o timeout",
  };
  const known = words[code ?? ""];
  return known ? `dial tcp ${address}: ${known}` : message;
}
