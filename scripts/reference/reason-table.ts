/**
 * What events, conditions and statuses give as their reason: what it means and, where something is wrong, what helps.
 * test/tidy holds the names equal to those in the code.
 */
export interface Reason {
  readonly meaning: string;
  /** Absent: nothing is wrong. */
  readonly helps?: string;
}

const fine = (meaning: string): Reason => ({ meaning });
const wrong = (meaning: string, helps: string): Reason => ({ meaning, helps });

const WHY = "`kaji why pod/NAME` names what is in the way and the smallest change that helps.";

export const reasons: Readonly<Record<string, Reason>> = {
  AnnotationRefused: wrong(
    "An annotation of an Ingress is not understood.",
    "Do as the message says; [annotations](annotations.md) lists all.",
  ),
  ApplyFailed: wrong(
    "Something of a tenant could not be made.",
    "Mend the tenant's plan: the message names the object.",
  ),
  BackOff: wrong(
    "A container failed, or its image could not be had; the wait before the next try grows.",
    "`kubectl logs --previous`, and the event before it.",
  ),
  CalculateExpectedPodCountFailed: wrong(
    "A disruption budget cannot tell how many pods there should be.",
    "Give its selector workloads with a scale.",
  ),
  ClaimLost: wrong("The volume of a claim is gone.", "Restore the volume, or make the claim anew."),
  ClaimMisbound: wrong(
    "The volume that a claim names is another's.",
    "Name another volume, or none.",
  ),
  CompletionsReached: fine("A job has as many successes as it needs."),
  ConfigRollout: fine("A changed configuration is rolled out."),
  ContainerStatusUnknown: wrong(
    "The node is gone, and nobody saw how the container ended.",
    "None: the pod is replaced.",
  ),
  ContainersNotInitialized: fine("Init containers have not ended yet."),
  ContainersNotReady: wrong("A container is not ready.", WHY),
  Cordoned: wrong("A tenant is kept as it is.", "`kaji tenant uncordon`."),
  CrashLoopBackOff: wrong(
    "A container fails again and again.",
    "`kubectl logs --previous`; exit code and reason are in its last state.",
  ),
  CreateContainerConfigError: wrong(
    "A ConfigMap, Secret or key that a container names is not there.",
    "Make it: the container then starts by itself.",
  ),
  Created: fine("A container was made."),
  Deferred: wrong(
    "A resize waits for room on the node.",
    "None, or make room: it is done as soon as it fits.",
  ),
  Deleting: fine("A tenant's namespaces are going."),
  DeletionByPodGC: wrong(
    "The pod's node is gone, or too many pods had ended.",
    "None: what owns the pod replaces it.",
  ),
  DeletionByTaintManager: wrong(
    "A taint of the node does not let the pod stay.",
    "Tolerate the taint, or mend the node.",
  ),
  DesiredWithinRange: fine("The autoscaler's wish is within its bounds."),
  ErrImageNeverPull: wrong(
    "The image is not on the node and may not be pulled.",
    "`kaji import` or `kaji build` it, or change imagePullPolicy.",
  ),
  ErrImagePull: wrong(
    "The image could not be pulled.",
    "Check its name and tag, the registry, and imagePullSecrets.",
  ),
  Evicted: wrong(
    "The node was short of something, or the pod wrote more than its limit.",
    "Set requests and limits: the message says of what.",
  ),
  ExitCode: fine("A container ended with an error; a job's policy goes by its code."),
  ExternalProvisioning: fine("A claim waits for a provisioner that is not Kaji's."),
  Failed: wrong("A container could not be started.", "The message says why."),
  FailedBinding: wrong(
    "No volume fits a claim, and its class makes none.",
    "Name a storage class, or make a volume.",
  ),
  FailedComputeMetricsReplicas: wrong(
    "An autoscaler has no metric that it could go by.",
    "`kubectl top pods`; requests must be set for utilization.",
  ),
  FailedCreate: wrong(
    "A pod could not be made.",
    "The message says why: a quota, a policy, a missing service account.",
  ),
  FailedCreatePodSandBox: wrong(
    "Address, namespaces or cgroup of a pod could not be made; tried again.",
    "`kaji doctor` on the node, and the agent's log.",
  ),
  FailedDaemonPod: fine("A daemon's pod failed and is replaced."),
  FailedDelete: wrong("A pod could not be deleted.", "The message says why."),
  FailedGetScale: wrong(
    "What an autoscaler names cannot be scaled, or is not there.",
    "Mend scaleTargetRef.",
  ),
  FailedMount: wrong(
    "A volume could not be prepared; tried again.",
    "The message names what is missing.",
  ),
  FailedPostStartHook: wrong(
    "postStart failed; the container is stopped.",
    "Run its command by `kubectl exec` to see.",
  ),
  FailedPreStopHook: wrong(
    "preStop failed; the container is stopped all the same.",
    "Run its command by `kubectl exec` to see.",
  ),
  FailedRescale: wrong(
    "The number of replicas could not be written.",
    "The message says why: a quota or a right.",
  ),
  FailedScheduling: wrong("No node takes the pod.", WHY),
  FirstReportAwaited: fine("A request autoscaler waits for the ingress' first counts."),
  ImageInspectError: wrong(
    "The node's image store could not be read.",
    "`kaji images` on the node; the agent's log.",
  ),
  ImagePullBackOff: wrong(
    "An image could not be pulled; the wait before the next try grows.",
    "As for ErrImagePull.",
  ),
  Infeasible: wrong(
    "A resize is more than the node has.",
    "Ask for less, or recreate the pod elsewhere.",
  ),
  InspectFailed: wrong(
    "An image's name cannot be read.",
    "Write NAME[:TAG][@DIGEST] in lower case.",
  ),
  InternalError: wrong("A fault of Kaji.", "The server's log, by the answer's Audit-ID."),
  InvalidImageName: wrong(
    "An image's name cannot be read.",
    "Write NAME[:TAG][@DIGEST] in lower case.",
  ),
  JobAlreadyActive: fine("The last run goes on, and the policy forbids a second one."),
  Killing: fine("A container is stopped."),
  KubeletNotReady: wrong(
    "The node cannot run pods.",
    "The message says what is missing; `kaji doctor` there.",
  ),
  KubeletReady: fine("The node runs pods."),
  Made: fine("Everything that a tenant's plan says has been made."),
  MinimumReplicasAvailable: fine("Enough pods of a Deployment are ready."),
  MinimumReplicasUnavailable: wrong("Too few pods of a Deployment are ready.", WHY),
  NamespaceTaken: wrong(
    "The namespace that a tenant would have is another's.",
    "Rename the tenant, or remove the namespace.",
  ),
  NamespaceTerminating: fine("The namespace is going: nothing new is made in it."),
  NamespacesRemain: fine("A tenant goes when its namespaces have gone."),
  NetworkPoliciesFailed: wrong(
    "The node could not apply its network policies; the former ones are in force.",
    "The agent's log; `nft list ruleset`.",
  ),
  NoPods: fine("A disruption budget's selector matches no pod."),
  NodeNotReady: wrong(
    "The pod's node is not ready.",
    "`kubectl describe node`: its conditions say why.",
  ),
  NodeShutdown: fine("The node goes down and ended the pod in order."),
  NodeStatusNeverUpdated: wrong(
    "A node has never spoken.",
    "Start its agent; its log says what it waits for.",
  ),
  NodeStatusUnknown: wrong(
    "A node has not spoken for its grace period.",
    "Look at the machine, its network, its agent.",
  ),
  NonZeroExitCode: fine("A command that `kubectl exec` ran ended with that code."),
  PeerRoutesFailed: wrong(
    "The routes to other nodes' pods could not be set.",
    "The agent's log; is VXLAN blocked?",
  ),
  PlanNotFound: wrong(
    "A tenant names a plan that is not there.",
    "Make the TenantPlan, or name another.",
  ),
  PodCompleted: fine("The pod has ended well."),
  PodEnding: fine("The pod is being stopped."),
  PodFailed: wrong("The pod has failed.", "`kubectl logs`; exit codes are in its status."),
  Preempted: wrong(
    "A more important pod needed the room.",
    "Give this one a priority, or the cluster a node.",
  ),
  Provisioning: fine("A volume is being made."),
  ProvisioningSucceeded: fine("A volume was made."),
  Pulled: fine("The image is there."),
  Pulling: fine("The image is being pulled."),
  QuotaExceeded: wrong("A quota lets no more pods be made.", "`kubectl describe quota`."),
  ReadinessGatesNotReady: wrong(
    "A readiness gate of the pod is not true.",
    "Look at what is to set that condition.",
  ),
  ReadyForNewScale: fine("The autoscaler may act."),
  Rebalanced: fine("A pod was moved to a less used node."),
  ResizeCompleted: fine("A resize is done."),
  ResizeStarted: fine("A resize is under way."),
  RolledBack: wrong(
    "A new version was bad, and the former one is back.",
    "`kaji rollout status`; the message says by which measure.",
  ),
  RunContainerError: wrong(
    "The program could not be started.",
    "Check command, working directory and file modes.",
  ),
  ScalingReplicaSet: fine("A version of a Deployment gets more or fewer pods."),
  Scheduled: fine("The pod has a node."),
  Started: fine("A container was started."),
  SucceededDaemonPod: fine("A daemon's pod ended and is replaced."),
  SuccessPolicy: fine("A job has succeeded by its success policy."),
  SuccessfulCreate: fine("A pod or job was made."),
  SuccessfulDelete: fine("A pod or job was deleted."),
  Suspended: fine("A job or tenant is suspended."),
  SysctlForbidden: wrong(
    "The pod asks for a sysctl that may not be set.",
    "Leave it out: the message names it.",
  ),
  TaintManagerEviction: wrong("A taint ends the pod.", "Tolerate the taint, or mend the node."),
  TemplateFailed: wrong(
    "A tenant plan's template cannot be rendered.",
    "Mend the plan: the message says where.",
  ),
  Terminated: fine("The node goes down."),
  TerminationByKubelet: wrong(
    "The node ended the pod: it was short of something, or goes down.",
    "The message says which.",
  ),
  TooFewReplicas: fine("An autoscaler is at its least."),
  TooManyMissedTimes: wrong(
    "A CronJob was late more than a hundred times.",
    "Set startingDeadlineSeconds; look at the clock.",
  ),
  TooManyReplicas: fine("An autoscaler is at its most."),
  Unhealthy: wrong("A probe failed.", "The message has its output; run it by `kubectl exec`."),
  UnmanagedPods: wrong(
    "Pods of a disruption budget belong to nothing that is scaled.",
    "Use maxUnavailable with owned pods, or minAvailable as a number.",
  ),
  Unschedulable: wrong("No node takes the pod.", WHY),
  Valid: fine("A tenant plan can be used."),
  VerticalScaling: fine("A pod's resources are changed."),
  VerticalScalingBlocked: wrong(
    "Vertical scaling cannot do what it should.",
    "The message says why: a bound, or no room.",
  ),
  VerticalScalingFailed: wrong("Resources of a pod could not be changed.", "The message says why."),
  VolumeFailedDelete: wrong(
    "A volume's directory could not be removed.",
    "Look at it on the node: the message names it.",
  ),
  VolumeMismatch: wrong(
    "The volume that a claim names does not fit it.",
    "Change size, mode or class of one of them.",
  ),
  VolumeResizeSuccessful: fine("A volume has grown."),
  WaitForFirstConsumer: fine("A claim waits for the first pod that uses it."),
  WaitForPodScheduled: fine("A claim waits for its pod's node."),
};
