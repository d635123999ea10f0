import { X509Certificate } from "node:crypto";
import type { Lease, Node, Secret } from "#api/schema/types";
import { isDns1123Subdomain } from "#api/machinery/names";
import { errors, StatusError } from "#api/machinery/status-error";
import type { ApiResponse } from "#client/transport";
import {
  BOOTSTRAP_NAMESPACE,
  checkBootstrapToken,
  isSingleUse,
} from "#control-plane/apiserver/auth/bootstrap-tokens";
import type { RestContext } from "#control-plane/apiserver/rest/context";
import { commitDelete } from "#control-plane/apiserver/rest/commit";
import { judgeName, type Machine } from "#control-plane/apiserver/node-name";
import { textResponse } from "#control-plane/apiserver/serving/meta-routes";
import { failureResponse, jsonResponse } from "#control-plane/apiserver/serving/responses";
import type { Log } from "#kit/log";

/** POST /kaji/v1/join: a machine with a join token gets the certificate of a node. */
export const JOIN_PATH = "/kaji/v1/join";
/**
 * GET: the cluster's certificate authority, for whoever asks. A machine that joins fetches it before it can trust
 * the connection, and believes it only when its public key has the hash that came with the token.
 */
export const CA_PATH = "/kaji/v1/ca";

export function caResponse(caPem: string): ApiResponse {
  return textResponse(200, caPem, "application/x-pem-file");
}

export interface JoinOptions {
  readonly context: RestContext;
  readonly caPem: string;
  readonly gatewayPort: number;
  /** Signs the request's key for this node; throws when the request is not a valid CSR. */
  signCsr(nodeName: string, csrPem: string): Promise<string>;
  /** Whether the node's agent has a session; undefined: not known. */
  isConnected?(nodeName: string): boolean | undefined;
  readonly log: Log;
}

const SECRETS = { group: "", plural: "secrets" };
const NODES = { group: "", plural: "nodes" };
const LEASES = { group: "coordination.k8s.io", plural: "leases" };
const LEASE_NAMESPACE = "kube-node-lease";

export async function join(
  options: JoinOptions,
  token: string | undefined,
  body: unknown,
): Promise<ApiResponse> {
  try {
    return await joinNode(options, token, body);
  } catch (error) {
    if (!(error instanceof StatusError)) options.log.error("a node could not join", { error });
    return failureResponse(error);
  }
}

async function joinNode(
  options: JoinOptions,
  token: string | undefined,
  body: unknown,
): Promise<ApiResponse> {
  const { context, log } = options;
  if (!token) {
    throw errors.unauthorized(
      "joining needs a join token: send it as `Authorization: Bearer <token>`; `kaji token create` on the server makes one",
    );
  }
  await context.feed.fresh();
  const secret = acceptedSecret(context, token);
  const { nodeName, csrPem, machine } = requestOf(body);
  requireFreeName(options, nodeName, machine);
  const certificatePem = await options.signCsr(nodeName, csrPem).catch((cause: unknown) => {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw errors.badRequest(`csrPem is not a valid certificate signing request in PEM: ${why}`);
  });
  if (isSingleUse(secret)) await spend(context, secret);
  const { serialNumber } = new X509Certificate(certificatePem);
  log.info("a node got its certificate", { node: nodeName, serialNumber });
  const { caPem, gatewayPort } = options;
  return jsonResponse(200, { certificatePem, caPem, gatewayPort });
}

function requireFreeName(options: JoinOptions, nodeName: string, machine: Machine): void {
  const { feed, clock } = options.context;
  const verdict = judgeName({
    node: feed.cacheOf(NODES).get(undefined, nodeName)?.object as Node | undefined,
    lease: feed.cacheOf(LEASES).get(LEASE_NAMESPACE, nodeName)?.object as Lease | undefined,
    isConnected: options.isConnected?.(nodeName),
    machine,
    nowMs: clock.now(),
  });
  if (verdict.type === "free") return;
  const remedy = `join under another name (\`--node-name\`), or delete the Node object first (\`kubectl delete node ${nodeName}\`)`;
  if (verdict.type === "taken") {
    const message = `node ${nodeName} is already in the cluster and at work: ${remedy}`;
    throw new StatusError(409, "Conflict", message);
  }
  const { seconds } = verdict;
  throw new StatusError(
    409,
    "Conflict",
    `node ${nodeName} is already in the cluster and was heard of a moment ago: its name is free in ${seconds} s if its old agent has ended; otherwise ${remedy}`,
    { retryAfterSeconds: seconds },
  );
}

function acceptedSecret(context: RestContext, token: string): Secret {
  const secrets = context.feed.cacheOf(SECRETS);
  const checked = checkBootstrapToken(
    token,
    "kaji-join",
    context.clock.now(),
    (name) => secrets.get(BOOTSTRAP_NAMESPACE, name)?.object as Secret | undefined,
  );
  switch (checked.type) {
    case "valid":
      return checked.secret;
    case "malformed":
      throw errors.unauthorized(
        "the join token is malformed: it must look like abcdef.0123456789abcdef; copy it whole from `kaji token create`",
      );
    case "unknown":
      throw errors.unauthorized(
        "the join token is not known here (it may have been used up or deleted); make a new one with `kaji token create`",
      );
    case "expired":
      throw errors.unauthorized(
        "the join token has expired; make a new one with `kaji token create`",
      );
    case "unfit":
      throw errors.unauthorized(
        "the token is not meant for joining nodes; make one with `kaji token create`",
      );
  }
}

interface JoinRequest {
  readonly nodeName: string;
  readonly csrPem: string;
  readonly machine: Machine;
}

function requestOf(body: unknown): JoinRequest {
  const { nodeName, csrPem, machineId, bootId } = (body ?? {}) as Record<string, unknown>;
  if (typeof nodeName !== "string" || isDns1123Subdomain(nodeName).length > 0) {
    const shown = JSON.stringify(nodeName ?? "");
    throw errors.badRequest(
      `nodeName ${shown} is not a valid node name: use lower case letters, digits, "-" and "."`,
    );
  }
  if (typeof csrPem !== "string") {
    throw errors.badRequest("csrPem is missing: send a certificate signing request in PEM");
  }
  return { nodeName, csrPem, machine: { machineId: textOf(machineId), bootId: textOf(bootId) } };
}

function textOf(value: unknown): string | undefined {
  return typeof value === "string" ? value : undefined;
}

/** A single-use token is deleted before the certificate is handed out: two joins cannot share it. */
async function spend(context: RestContext, secret: Secret): Promise<void> {
  const cache = context.feed.cacheOf(SECRETS);
  const current = cache.get(BOOTSTRAP_NAMESPACE, secret.metadata.name);
  const isSpent = current && (await commitDelete(context, cache.kind, current)).succeeded;
  if (!isSpent) {
    throw errors.unauthorized(
      "the join token has just been used by another node; make a new one with `kaji token create`",
    );
  }
}
