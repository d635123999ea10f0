import { errors } from "#api/machinery/status-error";
import { parseLabelSelector } from "#api/machinery/labels";
import type { Authenticator } from "#control-plane/apiserver/auth/authenticate";
import type { Authorizer } from "#control-plane/apiserver/auth/authorize";
import {
  type Asked,
  localSubjectAccessReview,
  selfSubjectAccessReview,
  selfSubjectReview,
  selfSubjectRulesReview,
  subjectAccessReview,
  tokenReview,
} from "#control-plane/apiserver/auth/reviews";
import type { ServiceAccountTokens } from "#control-plane/apiserver/auth/service-account-tokens";
import type { NodeStreams } from "#control-plane/apiserver/node-streams";
import { decodeBody } from "#control-plane/apiserver/serving/body";
import type { VirtualResource } from "#control-plane/apiserver/serving/groups";
import { jsonResponse } from "#control-plane/apiserver/serving/responses";

export function reviewResources(
  authorizer: Authorizer,
  authenticator: Authenticator,
  tokens: ServiceAccountTokens,
): VirtualResource[] {
  const authorization = "authorization.k8s.io";
  const authentication = "authentication.k8s.io";
  const rows: [group: string, kind: string, answer: (asked: Asked) => object][] = [
    [authorization, "SelfSubjectAccessReview", selfSubjectAccessReview],
    [authorization, "SelfSubjectRulesReview", selfSubjectRulesReview],
    [authorization, "SubjectAccessReview", subjectAccessReview],
    [authorization, "LocalSubjectAccessReview", localSubjectAccessReview],
    [authentication, "SelfSubjectReview", selfSubjectReview],
    [authentication, "TokenReview", ({ body }) => tokenReview(authenticator, tokens, body)],
  ];
  return rows.map(([group, kind, answer]) => review(authorizer, group, kind, answer));
}

function review(
  authorizer: Authorizer,
  group: string,
  kind: string,
  answer: (asked: Asked) => object,
): VirtualResource {
  const singular = kind.toLowerCase();
  return {
    group,
    version: "v1",
    kind,
    plural: `${singular}s`,
    singular,
    isNamespaced: kind.startsWith("Local"),
    verbs: ["create"],
    async serve({ verb, user, request, namespace }) {
      if (verb !== "create") throw errors.methodNotAllowed();
      const body = decodeBody(request)?.value;
      if (typeof body !== "object" || body === null) {
        throw errors.badRequest("the request has no body");
      }
      const typed = { kind, apiVersion: `${group}/v1`, metadata: {}, ...body };
      await authorizer.fresh();
      return jsonResponse(201, answer({ authorizer, user, body: typed, namespace }));
    },
  };
}

/**
 * There are no custom resources. kubectl asks for them when a manifest has a kind that it does not find, and says
 * "no matches for kind" only once it has this answer.
 */
export const noCustomResources: VirtualResource = {
  group: "apiextensions.k8s.io",
  version: "v1",
  kind: "CustomResourceDefinition",
  plural: "customresourcedefinitions",
  singular: "customresourcedefinition",
  isNamespaced: false,
  verbs: ["list"],
  isUnlisted: true,
  serve({ verb }) {
    if (verb !== "list") throw errors.noSuchPath();
    const apiVersion = "apiextensions.k8s.io/v1";
    const kind = "CustomResourceDefinitionList";
    return jsonResponse(200, { kind, apiVersion, metadata: {}, items: [] });
  },
};

interface Metrics {
  readonly metadata: {
    readonly name: string;
    readonly namespace?: string;
    readonly labels?: Readonly<Record<string, string>>;
  };
}

/** metrics.k8s.io: what `kubectl top` reads, straight from what the nodes last sent. */
export function metricsResources(nodeStreams: NodeStreams): VirtualResource[] {
  const first = (newest: Newest) => async () => {
    await nodeStreams.refreshMetrics?.();
    const items = newest();
    if (items.length > 0) return items;
    await nodeStreams.metricsArrival?.();
    return newest();
  };
  return [
    metricsResource(
      "NodeMetrics",
      "nodes",
      false,
      first(() => nodeStreams.nodeMetrics()),
    ),
    metricsResource(
      "PodMetrics",
      "pods",
      true,
      first(() => nodeStreams.podMetrics()),
    ),
  ];
}

type Newest = () => readonly unknown[];

function metricsResource(
  kind: string,
  plural: string,
  isNamespaced: boolean,
  newest: () => Promise<readonly unknown[]>,
): VirtualResource {
  const group = "metrics.k8s.io";
  const apiVersion = `${group}/v1beta1`;
  return {
    group,
    version: "v1beta1",
    kind,
    plural,
    singular: "",
    isNamespaced,
    verbs: ["get", "list"],
    async serve({ verb, namespace, name, request }) {
      const labelText = request.query.get("labelSelector");
      const labels = labelText ? parseLabelSelector(labelText) : undefined;
      const items = (await newest())
        .filter(isMetrics)
        .filter(({ metadata }) => !namespace || metadata.namespace === namespace)
        .filter(({ metadata }) => name === "" || metadata.name === name)
        .filter(({ metadata }) => labels === undefined || labels.matches(metadata.labels))
        .map((item) => ({ kind, apiVersion, ...item }));
      if (verb === "list") {
        return jsonResponse(200, { kind: `${kind}List`, apiVersion, metadata: {}, items });
      }
      if (verb !== "get") throw errors.methodNotAllowed();
      if (!items[0]) throw errors.notFound({ group, plural }, name);
      return jsonResponse(200, items[0]);
    },
  };
}

/** What is nothing of the kind is left out: one bad entry must not cost the others. */
function isMetrics(value: unknown): value is Metrics {
  if (typeof value !== "object" || value === null || !("metadata" in value)) return false;
  return typeof value.metadata === "object" && value.metadata !== null;
}
