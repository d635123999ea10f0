import type { ServerUnaryCall } from "@grpc/grpc-js";
import { SERVERS_GROUP } from "#control-plane/pki/pki";

const prefix = "system:node:";

type Caller = Pick<ServerUnaryCall<never, never>, "getAuthContext">;

/**
 * The node that a call's client certificate names; undefined when it names none. TLS has verified the
 * certificate against our CA before: this reads its subject.
 */
export function nodeNameOf(call: Caller): string | undefined {
  const subject = call.getAuthContext().sslPeerCertificate?.subject;
  const names = listOf(subject?.CN);
  const groups = listOf(subject?.O);
  const [name] = names;
  if (names.length !== 1 || !name?.startsWith(prefix) || !groups.includes("system:nodes")) {
    return undefined;
  }
  return name.slice(prefix.length) || undefined;
}

/** Whether a call comes from another server of the cluster. */
export function isServer(call: Caller): boolean {
  return listOf(call.getAuthContext().sslPeerCertificate?.subject.O).includes(SERVERS_GROUP);
}

/** Node's types say string; a certificate may repeat an attribute, and then it is an array. */
function listOf(value: string | string[] | undefined): string[] {
  return value === undefined ? [] : [value].flat();
}
