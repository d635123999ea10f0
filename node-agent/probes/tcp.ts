import { connect } from "node:net";
import { dialError, portOf, type ProbeResult, type ProbeType } from "#node-agent/probes/probe";

export const tcpProbe: ProbeType = {
  name: "tcpSocket",
  matches: (probe) => probe.tcpSocket !== undefined,
  check(probe, { ip, container, timeoutMs, signal }) {
    const { host = ip, port = 0 } = probe.tcpSocket ?? {};
    return dial(host, portOf(container, port), timeoutMs, signal);
  },
};

function dial(
  host: string,
  port: number,
  timeoutMs: number,
  signal: AbortSignal,
): Promise<ProbeResult> {
  const address = `${host}:${port}`;
  return new Promise((resolve) => {
    // Not connect's own `signal`: Node 20 keeps its listener, and so the socket, for as long as the signal lives.
    const socket = connect({ host, port });
    const abort = (): void => settle({ isSuccess: false, output: "the probe was given up" });
    signal.addEventListener("abort", abort, { once: true });
    const settle = (result: ProbeResult): void => {
      signal.removeEventListener("abort", abort);
      socket.destroy();
      resolve(result);
    };
    socket.setTimeout(timeoutMs, () =>
      settle({ isSuccess: false, output: `dial tcp ${address}: i/o timeout` }),
    );
    socket.once("connect", () => settle({ isSuccess: true, output: "" }));
    socket.once("error", (error) =>
      settle({ isSuccess: false, output: dialError(error, address) }),
    );
  });
}
