import { Client, credentials } from "@grpc/grpc-js";
import type { ProbeResult, ProbeType } from "#node-agent/probes/probe";

/** The gRPC health checking protocol (grpc.health.v1.Health/Check), its two messages coded by hand. */
const serving = 1;

export const grpcProbe: ProbeType = {
  name: "grpc",
  matches: (probe) => probe.grpc !== undefined,
  async check(probe, { ip, timeoutMs }) {
    const { port = 0, service = "" } = probe.grpc ?? {};
    const client = new Client(`${ip}:${port}`, credentials.createInsecure());
    try {
      return await new Promise<ProbeResult>((resolve) => {
        client.makeUnaryRequest(
          "/grpc.health.v1.Health/Check",
          encodeRequest,
          decodeStatus,
          service,
          { deadline: Date.now() + timeoutMs },
          (error, status) => resolve(toResult(error?.message, status)),
        );
      });
    } finally {
      client.close();
    }
  },
};

function toResult(error: string | undefined, status: number | undefined): ProbeResult {
  if (error !== undefined) return { isSuccess: false, output: `health rpc failed: ${error}` };
  const isSuccess = status === serving;
  const output = isSuccess ? "" : `service unhealthy (responded with "${statusName(status)}")`;
  return { isSuccess, output };
}

function statusName(status: number | undefined): string {
  return ["UNKNOWN", "SERVING", "NOT_SERVING", "SERVICE_UNKNOWN"][status ?? 0] ?? "UNKNOWN";
}

function encodeRequest(service: string): Buffer {
  const name = Buffer.from(service.slice(0, 100));
  return name.length === 0 ? name : Buffer.concat([Buffer.from([0x0a, name.length]), name]);
}

function decodeStatus(bytes: Buffer): number {
  return bytes[0] === 0x08 ? (bytes[1] ?? 0) : 0;
}
