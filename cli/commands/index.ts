import { adviseCommand } from "#cli/commands/advise";
import { agentCommand } from "#cli/commands/agent";
import { applyCommand } from "#cli/commands/apply";
import { backupCommand } from "#cli/commands/backup";
import { buildCommand } from "#cli/commands/build";
import { completeCommand } from "#cli/commands/complete";
import { completionCommand } from "#cli/commands/completion";
import { deleteCommand } from "#cli/commands/delete";
import { deployCommand } from "#cli/commands/deploy";
import { deployDeleteCommand } from "#cli/commands/deploy-delete";
import { deployDiffCommand } from "#cli/commands/deploy-diff";
import { deployHistoryCommand } from "#cli/commands/deploy-history";
import { deployRollbackCommand } from "#cli/commands/deploy-rollback";
import { deployStatusCommand } from "#cli/commands/deploy-status";
import { doctorCommand } from "#cli/commands/doctor";
import { downCommand } from "#cli/commands/down";
import { encryptionRotateCommand } from "#cli/commands/encryption-rotate";
import { encryptionStatusCommand } from "#cli/commands/encryption-status";
import { eventsCommand } from "#cli/commands/events";
import { getCommand } from "#cli/commands/get";
import { imagesCommand } from "#cli/commands/images";
import { imagesDfCommand } from "#cli/commands/images-df";
import { importCommand } from "#cli/commands/import";
import { ingressCommand } from "#cli/commands/ingress";
import { ingressStatusCommand } from "#cli/commands/ingress-status";
import { logsCommand } from "#cli/commands/logs";
import { nodeShutdownCommand } from "#cli/commands/node-shutdown";
import { patchCommand } from "#cli/commands/patch";
import { pruneCommand } from "#cli/commands/prune";
import { psCommand } from "#cli/commands/ps";
import { pullCommand } from "#cli/commands/pull";
import { pushCommand } from "#cli/commands/push";
import { restoreCommand } from "#cli/commands/restore";
import { rmiCommand } from "#cli/commands/rmi";
import { rolloutAbortCommand } from "#cli/commands/rollout-abort";
import { rolloutHistoryCommand } from "#cli/commands/rollout-history";
import { rolloutPauseCommand } from "#cli/commands/rollout-pause";
import { rolloutPromoteCommand } from "#cli/commands/rollout-promote";
import { rolloutRestartCommand } from "#cli/commands/rollout-restart";
import { rolloutResumeCommand } from "#cli/commands/rollout-resume";
import { rolloutStatusCommand } from "#cli/commands/rollout-status";
import { rolloutUndoCommand } from "#cli/commands/rollout-undo";
import { saveCommand } from "#cli/commands/save";
import { serverCommand } from "#cli/commands/server";
import { tagCommand } from "#cli/commands/tag";
import { tenantCordonCommand } from "#cli/commands/tenant-cordon";
import { tenantCreateCommand } from "#cli/commands/tenant-create";
import { tenantDeleteCommand } from "#cli/commands/tenant-delete";
import { tenantExportCommand } from "#cli/commands/tenant-export";
import { tenantKubeconfigCommand } from "#cli/commands/tenant-kubeconfig";
import { tenantListCommand } from "#cli/commands/tenant-list";
import { tenantResumeCommand } from "#cli/commands/tenant-resume";
import { tenantShowCommand } from "#cli/commands/tenant-show";
import { tenantSuspendCommand } from "#cli/commands/tenant-suspend";
import { tenantUncordonCommand } from "#cli/commands/tenant-uncordon";
import { tenantWakeCommand } from "#cli/commands/tenant-wake";
import { tokenCreateCommand } from "#cli/commands/token-create";
import { tokenDeleteCommand } from "#cli/commands/token-delete";
import { tokenListCommand } from "#cli/commands/token-list";
import { topCommand } from "#cli/commands/top";
import { traceCommand } from "#cli/commands/trace";
import { upCommand } from "#cli/commands/up";
import { versionCommand } from "#cli/commands/version";
import { whyCommand } from "#cli/commands/why";
import type { Command } from "#cli/define-command";

/** Every command, in the order of `kaji --help` within each group; "images" before "images df". */
export const commands: readonly Command[] = [
  upCommand,
  downCommand,
  doctorCommand,
  psCommand,
  nodeShutdownCommand,
  tokenCreateCommand,
  tokenListCommand,
  tokenDeleteCommand,
  backupCommand,
  restoreCommand,
  encryptionStatusCommand,
  encryptionRotateCommand,
  applyCommand,
  deployCommand,
  deployHistoryCommand,
  deployStatusCommand,
  deployDiffCommand,
  deployRollbackCommand,
  deployDeleteCommand,
  rolloutStatusCommand,
  rolloutHistoryCommand,
  rolloutUndoCommand,
  rolloutPauseCommand,
  rolloutResumeCommand,
  rolloutRestartCommand,
  rolloutPromoteCommand,
  rolloutAbortCommand,
  getCommand,
  deleteCommand,
  patchCommand,
  logsCommand,
  eventsCommand,
  whyCommand,
  topCommand,
  traceCommand,
  adviseCommand,
  tenantCreateCommand,
  tenantListCommand,
  tenantShowCommand,
  tenantWakeCommand,
  tenantSuspendCommand,
  tenantResumeCommand,
  tenantCordonCommand,
  tenantUncordonCommand,
  tenantDeleteCommand,
  tenantExportCommand,
  tenantKubeconfigCommand,
  buildCommand,
  imagesCommand,
  imagesDfCommand,
  pullCommand,
  pushCommand,
  importCommand,
  saveCommand,
  tagCommand,
  rmiCommand,
  pruneCommand,
  serverCommand,
  agentCommand,
  ingressCommand,
  ingressStatusCommand,
  completionCommand,
  completeCommand,
  versionCommand,
];
