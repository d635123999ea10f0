import type { KubeObject } from "#api/machinery/meta";
import type { Event } from "#api/schema/types";
import { newest } from "#api/why/story";

/** Of many events, those about one object. Events about a node name it by its name alone. */
export function eventsAbout(object: KubeObject, events: readonly Event[] | undefined): Event[] {
  const { uid, name, namespace } = object.metadata;
  return (events ?? []).filter(({ involvedObject: about }) =>
    about.uid
      ? about.uid === uid || (about.kind === "Node" && about.uid === name)
      : about.kind === object.kind &&
        about.name === name &&
        (about.namespace ?? namespace) === namespace,
  );
}

/** The newest warning about it, as a line. `but`: reasons that are told in better words elsewhere. */
export function warningLines(
  object: KubeObject,
  events: readonly Event[] | undefined,
  but: readonly string[] = [],
): string[] {
  const warnings = eventsAbout(object, events).filter(
    ({ type, reason }) => type === "Warning" && !but.includes(reason ?? ""),
  );
  const latest = newest(warnings);
  return latest?.message ? [`${latest.reason}: ${latest.message}`] : [];
}
