import { readFileSync } from "node:fs";
import { parse } from "yaml";
import { type BrowserPage, BROWSER_NEEDS, testBrowser } from "#test/support/browser";
import { kill, pidsOf } from "#test/support/chaos";
import type { ClusterOptions } from "#test/support/cluster";
import { eventually } from "#test/support/host";
import { PARITY_NEEDS, parityCluster, type ParityCluster } from "#test/support/parity";

/** The dashboard of a cluster that runs, and people who look at it. */
export const DASHBOARD_NEEDS = {
  root: true,
  programs: [...PARITY_NEEDS.programs, ...BROWSER_NEEDS.programs],
};

export interface DashboardRig {
  readonly rig: ParityCluster;
  serverUrl(): string;
  /** A token of a new service account with a ClusterRole: everywhere, or in one namespace. */
  tokenOf(account: string, role: string, namespace?: string): Promise<string>;
  newPage(): Promise<BrowserPage>;
  /** The page of somebody who may do everything, logged in once. */
  adminPage(): Promise<BrowserPage>;
  /** Kills the API server, and waits until it answers again. */
  restartServer(): Promise<void>;
  /** What broke in the page of the admin. */
  complaints(): readonly string[];
}

export function dashboardRig(options: ClusterOptions): DashboardRig {
  const rig = parityCluster(options);
  const browser = testBrowser();
  const { kubectl } = rig;
  let admin: BrowserPage | undefined;
  let restarts = 0;

  function serverUrl(): string {
    const config = parse(readFileSync(rig.cluster.kubeconfig, "utf8")) as {
      clusters: { cluster: { server: string } }[];
    };
    return config.clusters[0]?.cluster.server ?? "";
  }

  async function tokenOf(account: string, role: string, namespace?: string): Promise<string> {
    const at = namespace ?? "default";
    const kind = namespace ? "rolebinding" : "clusterrolebinding";
    await kubectl("create", "serviceaccount", account, "--namespace", at);
    const subject = `--serviceaccount=${at}:${account}`;
    const scope = namespace ? ["--namespace", namespace] : [];
    await kubectl("create", kind, account, `--clusterrole=${role}`, subject, ...scope);
    return (await kubectl("create", "token", account, "--namespace", at)).trim();
  }

  return {
    rig,
    serverUrl,
    tokenOf,
    newPage: () => browser.newPage(),
    async adminPage() {
      if (!admin) {
        admin = await browser.newPage();
        await admin.logIn(serverUrl(), await tokenOf("captain", "cluster-admin"));
      }
      return admin;
    },
    async restartServer() {
      for (const pid of pidsOf(rig.cluster, "server")) kill(pid);
      const name = `after-restart-${++restarts}`;
      await eventually("the server is back", async () => {
        const { code } = await rig.cluster.kubectl("create", "configmap", name);
        return code === 0;
      });
    },
    complaints: () => admin?.complaints ?? [],
  };
}

/** What the terminal shows. */
export function terminalText(page: BrowserPage): Promise<string> {
  return page.page.evaluate(`document.querySelector(".xterm-rows").innerText`) as Promise<string>;
}
