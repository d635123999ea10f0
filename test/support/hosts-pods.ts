import { join } from "node:path";
import type { Pod } from "#api/schema/types";
import type { Finished } from "#test/support/cluster";
import { BUSYBOX, type HostsCluster } from "#test/support/hosts-cluster";
import type { LabHost, LabProcess } from "#test/support/hosts";

/** Pods that say who they are and who asked, and everything that may ask them. */

/** Answers GET /cgi-bin/who with "$POD CLIENT_ADDRESS" on $PORT. */
const serve = (folder: string): string => `
mkdir -p ${folder}/cgi-bin
printf '#!/bin/sh\\necho; echo "$POD $REMOTE_ADDR"\\n' >${folder}/cgi-bin/who
chmod +x ${folder}/cgi-bin/who
`;

export function whoPod(name: string, nodeName: string, spec: object = {}, container: object = {}) {
  return {
    apiVersion: "v1",
    kind: "Pod",
    metadata: { name, labels: { app: "who", name } },
    spec: {
      nodeName,
      terminationGracePeriodSeconds: 0,
      ...spec,
      containers: [whoContainer(container)],
    },
  };
}

export function whoContainer(more: object = {}, port = 8080) {
  return {
    name: "who",
    image: BUSYBOX,
    imagePullPolicy: "IfNotPresent",
    command: ["sh", "-c", `${serve("/www")}exec httpd -f -p "$PORT" -h /www`],
    env: [
      { name: "POD", valueFrom: { fieldRef: { fieldPath: "metadata.name" } } },
      { name: "PORT", value: `${port}` },
    ],
    readinessProbe: { tcpSocket: { port }, periodSeconds: 1 },
    ...more,
  };
}

export function whoService(name: string, spec: object, selector: object = { app: "who" }) {
  return {
    apiVersion: "v1",
    kind: "Service",
    metadata: { name },
    spec: { selector, ports: [{ port: 80, targetPort: 8080 }], ...spec },
  };
}

/** The same as a program of a host, in one of its network namespaces where there are some. */
export function serveOnHost(host: LabHost, port: number, namespace?: string): LabProcess {
  const name = namespace ?? host.name;
  const folder = join(host.rootDir, "www", name);
  const script = `POD=${name} PORT=${port}; export POD PORT; ${serve(folder)}`;
  const program = ["sh", "-c", `${script}exec busybox httpd -f -p ${port} -h ${folder}`];
  return host.spawn([...within(namespace), ...program]);
}

function within(namespace: string | undefined): string[] {
  return namespace ? ["nsenter", `--net=/run/netns/${namespace}`] : [];
}

const ASK = `printf 'GET /cgi-bin/who HTTP/1.0\\r\\n\\r\\n' | nc -w 5 "$0" "$1" | tail -n 1`;

/** What a pod hears from an address, "POD CLIENT"; undefined when nobody answers. */
export async function askFromPod(
  cluster: HostsCluster,
  pod: string,
  address: string,
  port = 8080,
): Promise<string | undefined> {
  const call = ["exec", pod, "--", "sh", "-c", ASK, address, `${port}`];
  return lastLine(await cluster.kubectl(...call));
}

/** The same from a host, in its own network. */
export async function askFromHost(
  host: LabHost,
  address: string,
  port = 8080,
  namespace?: string,
): Promise<string | undefined> {
  const script = ASK.replace("nc -w", "busybox nc -w");
  const program = ["sh", "-c", script, address, `${port}`];
  return lastLine(await host.run([...within(namespace), ...program]));
}

/** A server for both families names an IPv4 client as IPv6. */
function lastLine({ stdout }: Finished): string | undefined {
  const line = stdout.trim().split("\n").at(-1) ?? "";
  return line.replace(/\[::ffff:([\d.]+)\]/, "$1") || undefined;
}

export function ipOf(pod: Pod): string {
  return pod.status?.podIP ?? "";
}

/** Who has answered, of some answers; "nobody" for silence. */
export function namesIn(answers: readonly (string | undefined)[]): string[] {
  return [...new Set(answers.map((answer) => answer?.split(" ")[0] ?? "nobody"))].sort();
}
