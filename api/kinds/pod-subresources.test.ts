import { describe, expect, test } from "vitest";
import { podKind } from "#api/kinds/pod";
import type { Container, EphemeralContainer, Pod, PodSpec } from "#api/schema/types";

/** What pods/ephemeralcontainers, pods/resize and a gated pod's update may write, and what they refuse. */
const web: Container = {
  name: "web",
  image: "web:1",
  resources: { requests: { cpu: "100m", memory: "64Mi" } },
};
const sidecar: Container = { name: "proxy", image: "web:1", restartPolicy: "Always" };

function pod(spec: Partial<PodSpec> = {}): Pod {
  const made: Pod = {
    apiVersion: "v1",
    kind: "Pod",
    metadata: { name: "web", namespace: "default" },
    spec: structuredClone({ containers: [web], ...spec }),
  };
  podKind.setDefaults(made);
  return made;
}

type Part = "ephemeralcontainers" | "resize";

/** What the API would say to the write, after defaults, as the server goes about it. */
function write(
  part: Part,
  before: Pod,
  change: (draft: Pod) => void,
): { next: Pod; says: string[] } {
  const update = podKind.partialUpdates?.[part];
  if (!update) throw new Error(`pods have no ${part}`);
  const draft = structuredClone(before);
  change(draft);
  const next = structuredClone(update.take(draft, before));
  podKind.setDefaults(next);
  const found = [...podKind.validate(next), ...update.validate(next, before)];
  return { next, says: found.map(({ field, message }) => `${field}: ${message}`) };
}

const debug = (container: Partial<EphemeralContainer> = {}) => ({
  name: "debug",
  image: "busybox:1",
  ...container,
});
const FORBIDDEN = "Forbidden: cannot be set for an Ephemeral Container";
const at = "spec.ephemeralContainers[0]";

const guests: [title: string, containers: EphemeralContainer[], says: string[]][] = [
  ["a shell beside the rest", [debug()], []],
  ["with a target", [debug({ targetContainerName: "web" })], []],
  [
    "with a target that is not there",
    [debug({ targetContainerName: "db" })],
    [`${at}.targetContainerName: Not found: "db"`],
  ],
  ["under a name that is taken", [debug({ name: "web" })], [`${at}.name: Duplicate value: "web"`]],
  ["without an image", [{ name: "debug" }], [`${at}.image: Required value`]],
  ["with ports", [debug({ ports: [{ containerPort: 80 }] })], [`${at}.ports: ${FORBIDDEN}`]],
  [
    "with resources",
    [debug({ resources: { limits: { cpu: "1" } } })],
    [`${at}.resources: ${FORBIDDEN}`],
  ],
  ["with a hook", [debug({ lifecycle: {} })], []],
  [
    "with a probe",
    [debug({ livenessProbe: { exec: { command: ["true"] } } })],
    [`${at}.livenessProbe: ${FORBIDDEN}`],
  ],
  [
    "with a restart policy",
    [debug({ restartPolicy: "Always" })],
    [`${at}.restartPolicy: ${FORBIDDEN}`],
  ],
  [
    "with part of a volume",
    [debug({ volumeMounts: [{ name: "v", mountPath: "/v", subPath: "x" }] })],
    [`${at}.volumeMounts[0].subPath: ${FORBIDDEN}`],
  ],
];

describe("pods/ephemeralcontainers", () => {
  test.each(guests)("%s", (_, containers, says) => {
    const before = pod({ volumes: [{ name: "v", emptyDir: {} }] });
    const change = (draft: Pod) => void (draft.spec.ephemeralContainers = containers);
    expect(write("ephemeralcontainers", before, change).says).toEqual(says);
  });

  test("writes nothing else of what it is given", () => {
    const { next } = write("ephemeralcontainers", pod(), (draft) => {
      draft.spec.containers = [];
      draft.metadata.labels = { app: "other" };
      draft.spec.ephemeralContainers = [debug()];
    });
    expect(next.spec.containers).toHaveLength(1);
    expect(next.metadata.labels).toBeUndefined();
  });

  test("keeps what is there as it is", () => {
    const before = pod({ ephemeralContainers: [debug()] });
    const gone = write("ephemeralcontainers", before, (draft) => {
      delete draft.spec.ephemeralContainers;
    });
    const field = "spec.ephemeralContainers: Forbidden: existing ephemeral containers";
    expect(gone.says).toEqual([`${field} "debug" may not be removed\n`]);
    const other = write("ephemeralcontainers", before, (draft) => {
      draft.spec.ephemeralContainers = [debug({ image: "other:1" })];
    });
    expect(other.says).toEqual([`${field} "debug" may not be changed\n`]);
  });

  test("is the only way: neither a new pod nor an update brings any", () => {
    const made = pod({ ephemeralContainers: [debug()] });
    expect(podKind.validateCreate?.(made)).toMatchObject([{ field: "spec.ephemeralContainers" }]);
    expect(podKind.validateUpdate(made, pod())).toMatchObject([{ field: "spec" }]);
  });
});

const resizes: [
  title: string,
  before: Partial<PodSpec>,
  change: (spec: PodSpec) => void,
  says: string[],
][] = [
  [
    "more cpu and memory",
    {},
    ({ containers }) => void (containers[0] = sized({ cpu: "2", memory: "1Gi" })),
    [],
  ],
  [
    "a limit where there was none",
    {},
    ({ containers }) =>
      void (containers[0] = { ...web, resources: { ...web.resources, limits: { cpu: "1" } } }),
    [],
  ],
  [
    "a request taken away",
    {},
    ({ containers }) => void (containers[0] = sized({ cpu: "2" })),
    ["spec.containers[0].resources.requests: Forbidden: resource requests cannot be removed"],
  ],
  [
    "limits that make it Guaranteed",
    {},
    ({ containers }) =>
      void (containers[0] = {
        ...web,
        resources: { requests: { cpu: "1", memory: "1Gi" }, limits: { cpu: "1", memory: "1Gi" } },
      }),
    ['spec: Invalid value: "Burstable": Pod QOS Class may not change as a result of resizing'],
  ],
  [
    "other resources",
    {},
    ({ containers }) =>
      void (containers[0] = sized({ cpu: "100m", memory: "64Mi", "ephemeral-storage": "1Gi" })),
    ["spec: Forbidden: only cpu and memory resources are mutable"],
  ],
  [
    "another resize policy",
    {},
    ({ containers }) =>
      void (containers[0] = {
        ...web,
        resizePolicy: [{ resourceName: "cpu", restartPolicy: "RestartContainer" }],
      }),
    ["spec: Forbidden: only cpu and memory resources are mutable"],
  ],
  [
    "one container more",
    {},
    ({ containers }) => void containers.push({ name: "more", image: "web:1" }),
    ["spec.containers: Forbidden: containers may not be added or removed on resize"],
  ],
  [
    "another order",
    { containers: [web, { name: "db", image: "db:1" }] },
    ({ containers }) => void containers.reverse(),
    [0, 1].map(
      (index) =>
        `spec.containers[${index}].name: Forbidden: containers may not be renamed or reordered on resize`,
    ),
  ],
  [
    "a sidecar",
    { initContainers: [sidecar] },
    (spec) => void (spec.initContainers = [{ ...sidecar, resources: { requests: { cpu: "1" } } }]),
    [],
  ],
  [
    "an init container that runs to its end",
    { initContainers: [{ name: "init", image: "web:1" }] },
    (spec) =>
      void (spec.initContainers = [
        { name: "init", image: "web:1", resources: { requests: { cpu: "1" } } },
      ]),
    ["spec: Forbidden: only cpu and memory resources are mutable"],
  ],
  [
    "a pod with resources of its own",
    { resources: { limits: { cpu: "2" } } },
    ({ containers }) => void (containers[0] = sized({ cpu: "2", memory: "64Mi" })),
    [": Forbidden: pods with pod-level resources cannot be resized"],
  ],
  ["another image", {}, ({ containers }) => void (containers[0] = { ...web, image: "web:2" }), []],
];

function sized(requests: Record<string, string>): Container {
  return { ...web, resources: { requests } };
}

describe("pods/resize", () => {
  test.each(resizes)("%s", (_, before, change, says) => {
    expect(write("resize", pod(before), ({ spec }) => change(spec)).says).toEqual(says);
  });

  test("takes the resources alone", () => {
    const { next } = write("resize", pod(), ({ spec }) => {
      spec.containers[0] = { ...sized({ cpu: "2", memory: "64Mi" }), image: "web:2" };
    });
    expect(next.spec.containers[0]).toMatchObject({
      image: "web:1",
      resources: { requests: { cpu: "2" } },
    });
  });

  const policies: [policy: string, restartPolicy: string, says: string[]][] = [
    ["cpu NotRequired", "Always", []],
    ["memory RestartContainer", "OnFailure", []],
    [
      "memory RestartContainer",
      "Never",
      [
        "Invalid value: \"RestartContainer\": must be 'NotRequired' when `restartPolicy` is 'Never'",
      ],
    ],
    [
      "disk NotRequired",
      "Always",
      ['Unsupported value: "disk": supported values: "cpu", "memory"'],
    ],
    [
      "cpu Never",
      "Always",
      ['Unsupported value: "Never": supported values: "NotRequired", "RestartContainer"'],
    ],
  ];
  test.each(policies)(
    "resizePolicy %s in a pod that restarts %s",
    (policy, restartPolicy, says) => {
      const [resourceName = "", ofContainer = ""] = policy.split(" ");
      const resizePolicy = [{ resourceName, restartPolicy: ofContainer }];
      const found = podKind.validate(
        pod({ restartPolicy, containers: [{ ...web, resizePolicy }] }),
      );
      expect(found.map(({ message }) => message)).toEqual(says);
    },
  );
});

const term = (...keys: string[]) => ({
  matchExpressions: keys.map((key) => ({ key, operator: "Exists" })),
});
const requires = (...terms: object[]) => ({
  nodeAffinity: { requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms: terms } },
});
const gate = { schedulingGates: [{ name: "example.com/wait" }] };
const ONLY = "only additions are allowed (no mutations or deletions)";

const placements: [
  title: string,
  before: Partial<PodSpec>,
  next: Partial<PodSpec>,
  says: RegExp[],
][] = [
  ["a gate goes", gate, {}, []],
  ["a gate comes", {}, gate, [/found new scheduling gate 'example.com\/wait'/]],
  ["a selector grows", gate, { ...gate, nodeSelector: { disk: "ssd" } }, []],
  [
    "a selector changes",
    { ...gate, nodeSelector: { disk: "ssd" } },
    { ...gate, nodeSelector: { disk: "hdd" } },
    [RegExp(ONLY.replaceAll(/[()]/g, "."))],
  ],
  [
    "without a gate nothing grows",
    {},
    { nodeSelector: { disk: "ssd" } },
    [/changed: spec.nodeSelector/],
  ],
  ["affinity comes", gate, { ...gate, affinity: requires(term("a")) }, []],
  [
    "affinity gets stricter",
    { ...gate, affinity: requires(term("a")) },
    { ...gate, affinity: requires(term("a", "b")) },
    [],
  ],
  [
    "affinity gets another way out",
    { ...gate, affinity: requires(term("a")) },
    { ...gate, affinity: requires(term("a"), term("b")) },
    [/no additions\/deletions to non-empty NodeSelectorTerms list are allowed/],
  ],
  [
    "affinity loses a demand",
    { ...gate, affinity: requires(term("a", "b")) },
    { ...gate, affinity: requires(term("a")) },
    [RegExp(ONLY.replaceAll(/[()]/g, "."))],
  ],
  [
    "spreading is not placement",
    gate,
    { ...gate, affinity: { podAffinity: {} }, priorityClassName: "high" },
    [/changed: spec.priorityClassName/],
  ],
];

describe("a pod that is held back", () => {
  test.each(placements)("%s", (_, before, next, says) => {
    const found = podKind.validateUpdate(pod(next), pod(before));
    expect(found).toHaveLength(says.length);
    for (const [index, text] of says.entries()) expect(found[index]?.message).toMatch(text);
  });

  test("says so from the start", () => {
    expect(pod(gate).status?.conditions).toEqual([
      {
        type: "PodScheduled",
        status: "False",
        reason: "SchedulingGated",
        message: "Scheduling is blocked due to non-empty scheduling gates",
      },
    ]);
    expect(pod().status?.conditions).toBeUndefined();
  });
});

test("fields that Kubernetes 1.34 serves only behind a gate are dropped", () => {
  const { spec } = pod({
    hostnameOverride: "other",
    containers: [
      {
        ...web,
        restartPolicyRules: [{ action: "Restart" }],
        lifecycle: { stopSignal: "SIGUSR1" },
        env: [
          {
            name: "A",
            valueFrom: { fileKeyRef: { volumeName: "v", path: "p", key: "k" } },
          },
        ],
      },
    ],
  });
  expect(spec.hostnameOverride).toBeUndefined();
  expect(spec.containers[0]).not.toHaveProperty("restartPolicyRules");
  expect(spec.containers[0]).not.toHaveProperty("lifecycle");
  expect(spec.containers[0]?.env?.[0]?.valueFrom).toEqual({});
});
