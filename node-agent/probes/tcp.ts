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
    const socket = connect({ host, port, signal });
    const settle = (result: ProbeResult): void => {
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
