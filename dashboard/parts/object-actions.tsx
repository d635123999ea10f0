import { useState } from "preact/hooks";
import {
  deleteObject,
  restartObject,
  scaleObject,
  type Target,
} from "#dashboard/model/change-object";
import { ActionButton } from "#dashboard/parts/action-button";
import { Notice } from "#dashboard/parts/notice";

const SCALED = ["Deployment", "StatefulSet", "ReplicaSet", "ReplicationController"];
const RESTARTED = ["Deployment", "StatefulSet", "DaemonSet"];
const MOST_REPLICAS = 10_000;

/** What can be done to an object from its page: scale, restart, delete, each as far as the viewer's rights go. */
export function ObjectActions({
  target,
  replicas,
}: {
  target: Target;
  replicas?: number | undefined;
}) {
  const [problem, setProblem] = useState<string>();
  const { resource, namespace, name } = target;
  const { group, plural, kind } = resource;
  const place = `${kind} ${namespace ? `${namespace}/` : ""}${name}`;
  const access = { group, namespace, name };
  return (
    <div class="actions">
      {SCALED.includes(kind) && replicas !== undefined && (
        <Scale target={target} replicas={replicas} onProblem={setProblem} />
      )}
      {RESTARTED.includes(kind) && (
        <ActionButton
          key="restart"
          label="Restart"
          access={{ ...access, verb: "patch", resource: plural }}
          confirm={`Replace the pods of ${place} by new ones, by its own strategy?`}
          run={() => restartObject(target, Date.now())}
          onProblem={setProblem}
        />
      )}
      <ActionButton
        key="delete"
        label="Delete"
        access={{ ...access, verb: "delete", resource: plural }}
        confirm={`Delete ${place} and all that it owns? This cannot be undone.`}
        isDangerous
        run={() => deleteObject(target)}
        onProblem={setProblem}
      />
      <Notice text={problem} isError />
    </div>
  );
}

function Scale({
  target,
  replicas,
  onProblem,
}: {
  target: Target;
  replicas: number;
  onProblem: (problem: string | undefined) => void;
}) {
  // As it is written: an empty field is on its way to a number.
  const [wanted, setWanted] = useState<string>();
  const { resource, namespace, name } = target;
  const next = Number(wanted || replicas);
  return (
    <>
      <input
        type="number"
        aria-label="Replicas"
        min={0}
        max={MOST_REPLICAS}
        value={wanted ?? replicas}
        onInput={(event) => setWanted(event.currentTarget.value)}
      />
      <ActionButton
        label="Scale"
        access={{
          ...{ verb: "patch", group: resource.group, resource: `${resource.plural}/scale` },
          ...{ namespace, name },
        }}
        confirm={`Scale ${resource.kind} ${name} from ${replicas} to ${next} replicas?`}
        run={async () => {
          await scaleObject(target, next);
          setWanted(undefined);
        }}
        onProblem={onProblem}
      />
    </>
  );
}
