import { agentCommand } from "#cli/commands/agent";
import { downCommand } from "#cli/commands/down";
import { ingressCommand } from "#cli/commands/ingress";
import { serverCommand } from "#cli/commands/server";
import { tokenCreateCommand } from "#cli/commands/token-create";
import { upCommand } from "#cli/commands/up";
import { versionCommand } from "#cli/commands/version";
import type { Command } from "#cli/define-command";

/** Every command, in the order of `kaji --help`. */
export const commands: readonly Command[] = [
  upCommand,
  downCommand,
  tokenCreateCommand,
  serverCommand,
  agentCommand,
  ingressCommand,
  versionCommand,
];
