import type { Controller } from "#control-plane/controllers/controller";
import { deploymentController } from "#control-plane/controllers/deployment/controller";
import { endpointSliceController } from "#control-plane/controllers/endpoint-slice";
import { garbageCollectors } from "#control-plane/controllers/garbage-collector";
import { namespaceController } from "#control-plane/controllers/namespace";
import { nodeLifecycleController } from "#control-plane/controllers/node-lifecycle";
import { replicaSetController } from "#control-plane/controllers/replica-set";

/** Every controller. Adding one: a file beside this one, and its line here. */
export const controllers: readonly Controller[] = [
  deploymentController,
  replicaSetController,
  endpointSliceController,
  namespaceController,
  nodeLifecycleController,
  ...garbageCollectors,
];
