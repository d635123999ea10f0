import { agentCommand } from "#cli/commands/agent";
import { applyCommand } from "#cli/commands/apply";
import { backupCommand } from "#cli/commands/backup";
import { buildCommand } from "#cli/commands/build";
import { completionCommand } from "#cli/commands/completion";
import { deleteCommand } from "#cli/commands/delete";
import { doctorCommand } from "#cli/commands/doctor";
import { downCommand } from "#cli/commands/down";
import { encryptionRotateCommand } from "#cli/commands/encryption-rotate";
import { encryptionStatusCommand } from "#cli/commands/encryption-status";
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
import { saveCommand } from "#cli/commands/save";
import { serverCommand } from "#cli/commands/server";
import { tagCommand } from "#cli/commands/tag";
import { tokenCreateCommand } from "#cli/commands/token-create";
import { tokenDeleteCommand } from "#cli/commands/token-delete";
import { tokenListCommand } from "#cli/commands/token-list";
import { topCommand } from "#cli/commands/top";
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
  getCommand,
  deleteCommand,
  patchCommand,
  logsCommand,
  whyCommand,
  topCommand,
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
  versionCommand,
];
