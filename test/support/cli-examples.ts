import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { BUSYBOX } from "#test/support/parity";

/** The files that the examples of the commands name. */
export const exampleFiles = { write, release };

const COUNT = "trap 'exit 0' TERM; i=0; while true; do echo line $i; i=$((i+1)); sleep 0.5; done";
const pod = (name: string): object => ({
  containers: [
    { name, image: BUSYBOX, imagePullPolicy: "IfNotPresent", command: ["sh", "-c", COUNT] },
  ],
  terminationGracePeriodSeconds: 1,
});

function write(folder: string): void {
  const put = (name: string, ...objects: object[]): void =>
    writeFileSync(
      join(folder, name),
      objects.map((object) => JSON.stringify(object)).join("\n---\n"),
    );
  for (const name of ["manifests", "shop", "web"]) mkdirSync(join(folder, name));
  put("web.yaml", deployment("web"), single("web-1"), service("web"), ingress("shop"));
  put("manifests/settings.yaml", settings("settings", "1"));
  release(folder, "1");
  writeFileSync(join(folder, "tenants.csv"), "one,small,one.example.com\ntwo,small,\n");
  writeFileSync(join(folder, "Dockerfile"), 'FROM example.org/base:latest\nCMD ["sh"]\n');
  const lines = ["FROM example.org/base:latest", "ARG VERSION", "ENV VERSION=$VERSION"];
  writeFileSync(join(folder, "web/Dockerfile.release"), `${lines.join("\n")}\n`);
}

/** The folder shop/, whose release has one value that changes. */
function release(folder: string, value: string): void {
  const text = JSON.stringify(settings("shop", value));
  writeFileSync(join(folder, "shop/settings.yaml"), text);
}

function settings(name: string, value: string): object {
  return { apiVersion: "v1", kind: "ConfigMap", metadata: { name }, data: { value } };
}

function deployment(name: string): object {
  const labels = { app: name };
  const template = { metadata: { labels }, spec: pod("main") };
  return {
    ...{ apiVersion: "apps/v1", kind: "Deployment", metadata: { name } },
    spec: { replicas: 1, selector: { matchLabels: labels }, template },
  };
}

function single(name: string): object {
  return { apiVersion: "v1", kind: "Pod", metadata: { name }, spec: pod("main") };
}

function service(name: string): object {
  const spec = { selector: { app: name }, ports: [{ port: 80 }] };
  return { apiVersion: "v1", kind: "Service", metadata: { name }, spec };
}

function ingress(name: string): object {
  const backend = { service: { name: "web", port: { number: 80 } } };
  const paths = [{ path: "/", pathType: "Prefix", backend }];
  const spec = { rules: [{ host: "shop.example.com", http: { paths } }] };
  return { apiVersion: "networking.k8s.io/v1", kind: "Ingress", metadata: { name }, spec };
}
