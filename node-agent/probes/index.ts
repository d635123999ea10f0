import { execProbe } from "#node-agent/probes/exec";
import { grpcProbe } from "#node-agent/probes/grpc";
import { httpProbe } from "#node-agent/probes/http";
import type { ProbeType } from "#node-agent/probes/probe";
import { tcpProbe } from "#node-agent/probes/tcp";

export const probeTypes: readonly ProbeType[] = [execProbe, httpProbe, tcpProbe, grpcProbe];
