/**
 * Annotations, labels and finalizers of storage: Kubernetes' own, so that its tools and other provisioners
 * read and write the same, and those of Kaji's local-path provisioner.
 */

/** On a claim: it was bound once, and what it was bound to is data that must not be replaced. */
export const BIND_COMPLETED = "pv.kubernetes.io/bind-completed";
/** On a claim or volume: the controller chose the other side, and may take the choice back. */
export const BOUND_BY_CONTROLLER = "pv.kubernetes.io/bound-by-controller";
/** On a volume: which provisioner made it. */
export const PROVISIONED_BY = "pv.kubernetes.io/provisioned-by";
/** On a claim: which provisioner is to make its volume. */
export const STORAGE_PROVISIONER = "volume.kubernetes.io/storage-provisioner";
export const BETA_STORAGE_PROVISIONER = "volume.beta.kubernetes.io/storage-provisioner";
/** On a claim: the node that the scheduler chose for its first pod. */
export const SELECTED_NODE = "volume.kubernetes.io/selected-node";
/** The older way of naming the class of a claim or volume. */
export const BETA_STORAGE_CLASS = "volume.beta.kubernetes.io/storage-class";
export const IS_DEFAULT_CLASS = "storageclass.kubernetes.io/is-default-class";
export const BETA_IS_DEFAULT_CLASS = "storageclass.beta.kubernetes.io/is-default-class";
export const NO_PROVISIONER = "kubernetes.io/no-provisioner";

export const CLAIM_PROTECTION = "kubernetes.io/pvc-protection";
export const VOLUME_PROTECTION = "kubernetes.io/pv-protection";

/** Condition of a claim that has no volume yet: why, in the words of its last event. */
export const WAITING = "kaji.dev/Waiting";
/** Its reason when a provisioner, or the lack of one, is in the way. */
export const PROVISIONING_FAILED = "ProvisioningFailed";

/** The provisioner of directories on nodes. */
export const LOCAL_PATH = "kaji.dev/local-path";
/** On a volume, as finalizer: its directory may still be there; the agent of its node takes it away. */
export const LOCAL_PATH_DIRECTORY = "kaji.dev/local-path-directory";
/** On a volume: the node whose disk has its directory. */
export const LOCAL_PATH_NODE = "kaji.dev/node";
/** On a Node: the directory that holds its local-path volumes, as its agent says. */
export const VOLUMES_PATH = "kaji.dev/volumes-path";
