import { errors, type StatusError } from "#api/machinery/status-error";
import { page, type Page, quoted, table } from "#scripts/reference/markdown";
import type { RuntimeErrorCode } from "#runtime/runtime";

/** What the API refuses with, and what helps: an entry for each maker of the catalogue. */
const pods = { group: "", plural: "pods" };
const samples: Readonly<Record<keyof typeof errors, readonly [StatusError, string]>> = {
  badRequest: [
    errors.badRequest("..."),
    "Mend what the message names: a parameter or the form of the body.",
  ],
  unauthorized: [
    errors.unauthorized(),
    "The token has expired or the certificate is of another cluster: use a current kubeconfig (`kaji up` writes one).",
  ],
  forbidden: [
    errors.forbidden(pods, "web", "..."),
    "Ask for a role: `kubectl auth can-i --list` shows what you may. By admission: do what the message asks for.",
  ],
  forbiddenPath: [
    errors.forbiddenPath("jane", "get", "/metrics"),
    "A ClusterRole with `nonResourceURLs` of that path gives the right.",
  ],
  notFound: [
    errors.notFound(pods, "web"),
    "Look at the name and the namespace: `kubectl get KIND -A`.",
  ],
  noSuchPath: [
    errors.noSuchPath(),
    "No such kind or version: `kubectl api-resources`, [kinds](kinds.md).",
  ],
  methodNotAllowed: [
    errors.methodNotAllowed(),
    "The resource cannot do that: [kinds](kinds.md) names its subresources.",
  ],
  notAcceptable: [
    errors.notAcceptable("application/json"),
    "Ask for one of the types that the message names.",
  ],
  alreadyExists: [
    errors.alreadyExists(pods, "web"),
    "Apply instead of create, or take another name.",
  ],
  conflict: [errors.conflict(pods, "web", "..."), "Do what the message says, and try again."],
  modified: [errors.modified(pods, "web"), "Read it again and repeat the change, or apply it."],
  expired: [errors.expired("..."), "List again and watch from there: clients do so by themselves."],
  tooLarge: [errors.tooLarge("..."), "Make the object smaller: it has a limit of 3 MiB."],
  unsupportedMediaType: [
    errors.unsupportedMediaType("application/json"),
    "Send one of the types that the message names.",
  ],
  invalid: [
    errors.invalid({ group: "", kind: "Pod" }, "web", [
      { reason: "FieldValueRequired", field: "spec.containers", message: "Required value" },
    ]),
    "Mend the fields that it names; `kubectl explain` says what they take.",
  ],
  tooManyRequests: [
    errors.tooManyRequests("...", 1),
    "Wait as long as Retry-After says; `apiserver_flowcontrol_rejected_requests_total` says who is held up and why.",
  ],
  internal: [
    errors.internal("..."),
    "A fault of Kaji: the server's log has the same auditId as the answer's Audit-ID header.",
  ],
  unavailable: [
    errors.unavailable("..."),
    "What it needs is not connected or still starting: wait, then `kaji doctor`.",
  ],
  timeout: [
    errors.timeout("..."),
    "The store or a node was slow: look at `etcd_request_duration_seconds`.",
  ],
};

/** What the runtime fails with; the agent puts it on the pod. */
const runtimeCodes: Readonly<Record<RuntimeErrorCode, string>> = {
  NotFound: "The container, sandbox or image is gone; the agent makes it anew.",
  InvalidImageName: "Write the image as NAME[:TAG][@DIGEST], in lower case.",
  ErrImagePull:
    "The registry has no such image or wants credentials: check name, tag and imagePullSecrets.",
  ErrImageNeverPull:
    "The policy is Never and the image is not on the node: `kaji import` or `kaji build` it there.",
  RegistryUnavailable:
    "The registry does not answer: check its address from the node; the pull is tried again.",
  ImageArchitectureMismatch: "The image is for another processor: build it for this one.",
  CreateContainerConfigError:
    "A ConfigMap, Secret or key that the container names is not there: make it.",
  CreateContainerError: "The container could not be made: the message says at which operation.",
  RunContainerError:
    "The program could not be started: check command, working directory and file modes.",
  InvalidArgument: "The pod asks for what no container can have: the message names it.",
  Unavailable: "The launcher or a supervisor does not answer: `kaji doctor`, and the agent's log.",
};

export const errorsPage: Page = {
  path: "docs/reference/errors.md",
  render: () =>
    page(
      "Errors",
      "Generated from the catalogue `api/machinery/status-error.ts` and the runtime's codes by `npm run docs`. What events and conditions say: [reasons](reasons.md).",
      "## What the API answers",
      table(
        ["Code", "Reason", "Says, for example", "What helps"],
        Object.values(samples).map(([error, advice]) => [
          String(error.code),
          quoted(error.reason),
          error.message,
          advice,
        ]),
      ),
      "## What the runtime fails with",
      "In the status of the container that waits, and in an event of its pod.",
      table(
        ["Code", "What helps"],
        Object.entries(runtimeCodes).map(([name, advice]) => [quoted(name), advice]),
      ),
    ),
};
