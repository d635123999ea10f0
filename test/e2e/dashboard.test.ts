import { readFileSync } from "node:fs";
import { parse } from "yaml";
import { describe, expect, test } from "vitest";
import { type BrowserPage, BROWSER_NEEDS, testBrowser } from "#test/support/browser";
import { kill, pidsOf } from "#test/support/chaos";
import { eventually, requireHost } from "#test/support/host";
import { BUSYBOX, PARITY_NEEDS, parityCluster, shellPod } from "#test/support/parity";

/** The dashboard in a real browser, before a real cluster, as people use it. */
const needs = {
  root: true,
  programs: [...PARITY_NEEDS.programs, ...BROWSER_NEEDS.programs],
};
const rig = parityCluster({
  podCidr: "10.229.0.0/16",
  serviceCidr: "10.79.0.0/16",
});
const { kubectl, apply } = rig;
const browser = testBrowser();

function serverUrl(): string {
  const config = parse(readFileSync(rig.cluster.kubeconfig, "utf8")) as {
    clusters: { cluster: { server: string } }[];
  };
  return config.clusters[0]?.cluster.server ?? "";
}

async function tokenOf(account: string, role: string, namespace = "default"): Promise<string> {
  const [kind, scope] =
    role === "cluster-admin"
      ? ["clusterrolebinding", []]
      : ["rolebinding", ["--namespace", namespace]];
  await kubectl("create", "serviceaccount", account, "--namespace", namespace);
  const subject = `--serviceaccount=${namespace}:${account}`;
  await kubectl("create", kind, account, `--clusterrole=${role}`, subject, ...scope);
  return (await kubectl("create", "token", account, "--namespace", namespace)).trim();
}

let admin: BrowserPage | undefined;

/** The page of somebody who may do everything, logged in once. */
async function adminPage(): Promise<BrowserPage> {
  if (!admin) {
    admin = await browser.newPage();
    await admin.logIn(serverUrl(), await tokenOf("captain", "cluster-admin"));
  }
  return admin;
}

const web = (version: string) => ({
  apiVersion: "apps/v1",
  kind: "Deployment",
  metadata: { name: "web" },
  spec: {
    replicas: 3,
    selector: { matchLabels: { app: "web" } },
    template: {
      metadata: { labels: { app: "web" } },
      spec: {
        terminationGracePeriodSeconds: 0,
        containers: [
          {
            name: "c",
            image: BUSYBOX,
            imagePullPolicy: "IfNotPresent",
            command: ["sh", "-c", `echo this is ${version}; sleep 3600`],
          },
        ],
      },
    },
  },
});

describe("the dashboard", () => {
  test("refuses a token that the server does not know, in words", async (context) => {
    requireHost(context, needs);
    const page = await browser.newPage();
    await page.open(`${serverUrl()}/dashboard/`, "textarea[name=token]");
    await page.page.type("textarea[name=token]", "nobody");
    await page.click("Log in");
    await page.sees("the server does not know this token");
  });

  test("shows a pod that cannot be placed, and why", async (context) => {
    requireHost(context, needs);
    await apply(shellPod("big", "sleep 1", { resources: { requests: { cpu: "640" } } }));
    const page = await adminPage();
    await page.go("#/pods");
    await page.sees("big");
    await page.sees("Pending");
    await page.go("#/pods/default/big");
    await page.sees("pod default/big is pending: it has no node yet");
    await page.sees("1 of 1 nodes: Insufficient cpu");
  });

  test("shows a roll-out as it happens, pod by pod", async (context) => {
    requireHost(context, needs);
    await apply(web("v1"));
    const page = await adminPage();
    await page.go("#/deployments/default/web");
    await page.sees("Revision 1");
    await page.sees("3 of 3 ready");
    await apply(web("v2"));
    await page.sees("Revision 2");
    await eventually("the old version is gone from the page", async () => {
      const text = await page.text();
      return text.includes("Revision 2") && !text.includes("Revision 1") && text.includes("3 of 3");
    });
  });

  test("follows a log and searches it", async (context) => {
    requireHost(context, needs);
    await apply(shellPod("talker", "i=0; while :; do i=$((i+1)); echo line $i; sleep 0.2; done"));
    const page = await adminPage();
    await page.go("#/pods/default/talker?tab=Logs");
    await page.sees("line 3");
    await page.sees("line 12");
    await page.page.type("input[type=search]", "line 12");
    await eventually("only what was searched for stands there", async () => {
      const lines = await page.page.$$eval(".logs pre", (all) => all.map((one) => one.textContent));
      return lines.length > 0 && lines.every((line) => line?.includes("line 12"));
    });
  });

  test("opens a shell in a container", async (context) => {
    requireHost(context, needs);
    const page = await adminPage();
    await page.go("#/pods/default/talker?tab=Terminal");
    await page.page.waitForSelector(".xterm-rows");
    await eventually("the shell prompts", async () => (await terminalText(page)).includes("#"));
    await page.page.keyboard.type("echo $((6*7)) is the answer\n");
    await eventually("the shell answers", async () =>
      (await terminalText(page)).includes("42 is the answer"),
    );
  });

  test("applies an edited YAML after showing what would change", async (context) => {
    requireHost(context, needs);
    await kubectl("create", "configmap", "colours", "--from-literal=sky=grey");
    const page = await adminPage();
    await page.go("#/kind/core/v1/configmaps/namespaced/ConfigMap/default/colours");
    await page.edit("textarea.editor", "sky: grey", "sky: blue");
    await page.click("Show what would change");
    await page.sees("-   sky: grey");
    await page.sees("+   sky: blue");
    await page.click("Apply");
    await page.sees("Applied.");
    const stored = await kubectl("get", "configmap", "colours", "-o", "jsonpath={.data.sky}");
    expect(stored).toBe("blue");
  });

  test("finds a tenant by its name and suspends it", async (context) => {
    requireHost(context, needs);
    const head = { apiVersion: "kaji.dev/v1alpha1" };
    const service = { namespace: "default", name: "web", port: 80 };
    await apply(
      {
        ...head,
        kind: "TenantPlan",
        metadata: { name: "small" },
        spec: { mode: "pooled", service },
      },
      ...["anna", "bert", "carl"].map((name) => ({
        ...head,
        kind: "Tenant",
        metadata: { name },
        spec: { plan: "small", hosts: [`${name}.example`] },
      })),
    );
    const page = await adminPage();
    await page.go("#/tenants");
    await page.sees("carl.example");
    await page.page.type("input[type=search]", "bert");
    await eventually("only that tenant is left", async () => {
      const text = await page.text();
      return text.includes("bert.example") && !text.includes("carl.example");
    });
    await page.click("Suspend");
    await page.sees("Suspended");
    expect(await kubectl("get", "tenant", "bert", "-o", "jsonpath={.spec.suspended}")).toBe("true");
  });

  test("text from pods stays text", async (context) => {
    requireHost(context, needs);
    const script = `<img src=x onerror="document.title='owned'"><script>document.title='owned'</script>`;
    await apply(
      shellPod("evil", `echo '${script.replaceAll("'", "")}'; echo "$0" ; sleep 3600`, {}, {}),
      {
        apiVersion: "v1",
        kind: "Event",
        metadata: { name: "evil", namespace: "default" },
        involvedObject: { kind: "Pod", name: "evil", namespace: "default" },
        type: "Warning",
        reason: "Evil",
        message: script,
      },
    );
    const page = await adminPage();
    await page.go("#/pods/default/evil?tab=Logs");
    await page.sees("<img src=x onerror=");
    await page.go("#/");
    await page.sees("<img src=x onerror=");
    expect(await page.page.title()).toBe("Kaji");
    expect(await page.page.$$("main img")).toEqual([]);
  });

  test("a viewer of one namespace sees that one, and is told of the rest in a sentence", async (context) => {
    requireHost(context, needs);
    await kubectl("create", "namespace", "island");
    await kubectl("create", "configmap", "treasure", "--namespace", "island");
    const page = await browser.newPage();
    await page.logIn(serverUrl(), await tokenOf("sailor", "view", "island"));
    await page.go("#/kind/core/v1/configmaps/namespaced/ConfigMap");
    await page.sees("treasure");
    await page.go("#/nodes");
    await page.sees('User "system:serviceaccount:island:sailor" cannot list resource "nodes"');
    await page.go("#/pods/default/talker");
    await page.sees("cannot list resource");
    expect(await page.text()).not.toContain("line 1");
  });

  test("comes back by itself when the API server was restarted", async (context) => {
    requireHost(context, needs);
    const page = await adminPage();
    await page.go("#/pods");
    await page.sees("talker");
    for (const pid of pidsOf(rig.cluster, "server")) kill(pid);
    await eventually("the server is back", async () => {
      const { code } = await rig.cluster.kubectl("create", "configmap", "after-the-restart");
      return code === 0;
    });
    await apply(shellPod("newcomer", "sleep 3600"));
    await page.sees("newcomer", 30_000);
  });

  test("never broke its own content security policy, and no script of it failed", (context) => {
    requireHost(context, needs);
    expect(admin?.complaints).toEqual([]);
  });
});

function terminalText(page: BrowserPage): Promise<string> {
  return page.page.evaluate(`document.querySelector(".xterm-rows").innerText`) as Promise<string>;
}
