import { describe, expect, test } from "vitest";
import type { HistoryAnswer } from "#api/history/answer";
import type { Ingress, Pod, Service } from "#api/schema/types";
import { foundHosts, ingressMap, type MapInput } from "#dashboard/model/ingress-map";

const ingress = (name: string, host: string, ...paths: [path: string, service: string][]) =>
  ({
    ...{ apiVersion: "networking.k8s.io/v1", kind: "Ingress" },
    metadata: { name, namespace: "default" },
    spec: {
      rules: [
        {
          host,
          http: {
            paths: paths.map(([path, service]) => {
              const backend = { service: { name: service, port: { number: 80 } } };
              return { path, pathType: "Prefix", backend };
            }),
          },
        },
      ],
    },
  }) satisfies Ingress;

const service = (name: string): Service => ({
  ...{ apiVersion: "v1", kind: "Service", metadata: { name, namespace: "default" } },
  spec: { selector: { app: name } },
});

const pod = (name: string, app: string): Pod => ({
  ...{ apiVersion: "v1", kind: "Pod" },
  metadata: { name, namespace: "default", labels: { app } },
  spec: { containers: [] },
  status: { phase: "Running", conditions: [{ type: "Ready", status: "True" }] },
});

type Route = [host: string, path: string, service: string, ...values: number[]];

/** Requests, 4xx and 5xx per second, p50 and p99. */
const requests = (...routes: Route[]): HistoryAnswer => ({
  ...{ start: 0, stepSeconds: 10, slots: 1, left: 0 },
  series: routes.map(([host, path, name, ...values]) => {
    const fields = ["requests", "clientErrors", "serverErrors", "p50", "p99"];
    return {
      labels: { host, path, namespace: "default", service: name, ingress: "shop" },
      values: Object.fromEntries(fields.map((field, i) => [field, [values[i] ?? null]])),
    };
  }),
});

const input = (given: Partial<MapInput>): MapInput => ({
  ...{ ingresses: [], services: [service("web")], pods: [pod("web-1", "web")] },
  ...{ requests: undefined, podUse: undefined },
  ...given,
});

const only = (given: Partial<MapInput>) => ingressMap(input(given))[0]?.paths[0];

describe("the ingress map", () => {
  test("leads from host and path to the Service and the pods that answer", () => {
    const ingresses = [ingress("shop", "shop.example", ["/", "web"])];
    expect(
      only({ ingresses, requests: requests(["shop.example", "/", "web", 5, 0, 0, 3, 9]) }),
    ).toMatchObject({
      ...{ path: "/", service: "web", ingress: "shop", requests: 5, p50: 3, p99: 9 },
      ...{ tone: "good", pods: [{ name: "web-1", state: "ready" }] },
    });
  });

  test.each<[string, number[], string]>([
    ["fails", [10, 0, 0.2, 3, 9], "bad"],
    ["is slow", [10, 0, 0, 900, 1_200], "warn"],
    ["refuses often", [10, 3, 0, 3, 9], "warn"],
    ["answers", [10, 1, 0.05, 3, 9], "good"],
    ["is not asked", [0, 0, 0], "idle"],
  ])("has a colour for what %s", (_, values, tone) => {
    const ingresses = [ingress("shop", "shop.example", ["/", "web"])];
    const measured = requests(["shop.example", "/", "web", ...values]);
    expect(only({ ingresses, requests: measured })?.tone).toBe(tone);
  });

  test("tells what nobody could answer from what nobody asks", () => {
    const ingresses = [ingress("shop", "shop.example", ["/pay", "nobody"])];
    expect(only({ ingresses })?.tone).toBe("lost");
  });

  test("counts what had no endpoint to the Service that should have answered, once", () => {
    const ingresses = [
      ingress("shop", "shop.example", ["/pay", "nobody"]),
      ingress("canary", "shop.example", ["/pay", "web"]),
    ];
    const measured = requests(["shop.example", "/pay", "", 4, 0, 4, 1, 2]);
    const [host] = ingressMap(input({ ingresses, requests: measured }));
    expect(host?.requests).toBe(4);
    expect(host?.paths.map(({ service: name, tone }) => [name, tone])).toEqual([
      ["nobody", "bad"],
      ["web", "idle"],
    ]);
  });

  test("finds hosts and Services, however they are written", () => {
    const ingresses = [ingress("shop", "shop.example", ["/", "web"])];
    const hosts = ingressMap(input({ ingresses }));
    expect(["Shop", " WEB ", ""].map((text) => foundHosts(hosts, text).length)).toEqual([1, 1, 1]);
    expect(foundHosts(hosts, "cart")).toEqual([]);
  });

  test("shows hosts of tenants, which no Ingress names, and the busiest first", () => {
    const ingresses = [ingress("shop", "shop.example", ["/", "web"])];
    const measured = requests(["anna.example", "/", "web", 3], ["shop.example", "/", "web", 1]);
    const hosts = ingressMap(input({ ingresses, requests: measured })).map(({ host }) => host);
    expect(hosts).toEqual(["anna.example", "shop.example"]);
  });
});
