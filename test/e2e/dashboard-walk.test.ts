import type { HTTPRequest } from "puppeteer-core";
import { describe, expect, test } from "vitest";
import type { BrowserPage } from "#test/support/browser";
import { DASHBOARD_NEEDS, dashboardRig, terminalText } from "#test/support/dashboard";
import { eventually, requireHost } from "#test/support/host";
import { BUSYBOX, shellPod } from "#test/support/parity";

/** The dashboard as people use it from the log-in to the log-out, with the server killed on the way. */
const dashboard = dashboardRig({ podCidr: "10.229.0.0/16", serviceCidr: "10.79.0.0/16" });
const { rig, adminPage, restartServer } = dashboard;
const { kubectl, apply } = rig;

const web = (version: string) => ({
  apiVersion: "apps/v1",
  kind: "Deployment",
  metadata: { name: "web" },
  spec: {
    replicas: 3,
    strategy: { rollingUpdate: { maxSurge: 1, maxUnavailable: 0 } },
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

const tenants = (): object[] => {
  const head = { apiVersion: "kaji.dev/v1alpha1" };
  const container = {
    ...{ name: "c", image: BUSYBOX, imagePullPolicy: "IfNotPresent" },
    command: ["sleep", "3600"],
    resources: { requests: { cpu: "10m", memory: "16Mi" } },
  };
  const workload = {
    ...{ apiVersion: "apps/v1", kind: "Deployment", metadata: { name: "web" } },
    spec: {
      selector: { matchLabels: { app: "web" } },
      template: {
        metadata: { labels: { app: "web" } },
        spec: { terminationGracePeriodSeconds: 0, containers: [container] },
      },
    },
  };
  const own = { mode: "dedicated", quota: { pods: "4" }, template: [workload] };
  const shared = { mode: "pooled", service: { namespace: "default", name: "web", port: 80 } };
  return [
    { ...head, kind: "TenantPlan", metadata: { name: "own" }, spec: own },
    { ...head, kind: "TenantPlan", metadata: { name: "shared" }, spec: shared },
    ...["anna", "bert", "carl"].map((name) => ({
      ...{ ...head, kind: "Tenant", metadata: { name } },
      spec: {
        plan: name === "bert" ? "own" : "shared",
        hosts: [`${name}.example`],
        owners: [{ kind: "User", name: `${name}@example.com` }],
      },
    })),
  ];
};

/** Puts a text in the place of what a field has. */
async function retype(page: BrowserPage, selector: string, text: string): Promise<void> {
  await page.page.locator(selector).click({ count: 3 });
  await page.page.keyboard.type(text);
}

async function confirm(page: BrowserPage): Promise<void> {
  await page.page.locator("dialog[open] button.main").click();
}

describe("a walk through the dashboard", () => {
  test("sees a pod that cannot be placed, and why, on its page and on the overview", async (context) => {
    requireHost(context, DASHBOARD_NEEDS);
    await apply(shellPod("big", "sleep 1", { resources: { requests: { cpu: "640" } } }));
    const page = await adminPage();
    await page.sees("Needs attention");
    await page.sees("Pod big in default is pending: it has no node yet");
    await page.click("Pod big");
    await page.sees("pod default/big is pending: it has no node yet");
    await page.sees("1 of 1 nodes: Insufficient cpu");
  });

  test("reads on the picture of the apps why a pod is not there, also on a phone", async (context) => {
    requireHost(context, DASHBOARD_NEEDS);
    const page = await adminPage();
    await page.page.setViewport({ width: 390, height: 844 });
    await page.go("#/apps");
    await page.sees("no Service");
    await page.sees("big is pending: it has no node yet; 1 of 1 nodes: Insufficient cpu");
    await page.go("#/pods");
    await page.sees("Pending");
    const overflow = "document.documentElement.scrollWidth - document.documentElement.clientWidth";
    expect(await page.page.evaluate(overflow)).toBe(0);
    await page.page.setViewport({ width: 1280, height: 800 });
  });

  test("watches a roll-out swap by swap", async (context) => {
    requireHost(context, DASHBOARD_NEEDS);
    await apply(web("v1"));
    const page = await adminPage();
    await page.go("#/deployments/default/web");
    await page.sees("Revision 1");
    await page.sees("deployment default/web serves: 3 of 3 pods are ready");
    await apply(web("v2"));
    await page.sees("Revision 2");
    await eventually("the old version is gone from the page", async () => {
      const text = await page.text();
      return text.includes("serves: 3 of 3") && !text.includes("Revision 1");
    });
    const steps = await page.page.$$eval(".steps li", (all) =>
      all.map((one) => one.textContent ?? "").reverse(),
    );
    const ready = steps.filter((step) => step.includes("of revision 2 is ready"));
    const gone = steps.filter((step) => step.includes("of revision 1 is gone"));
    expect([ready.length, gone.length]).toEqual([3, 3]);
    // Nothing of the old version goes before something of the new one serves.
    expect(steps.indexOf(ready[0] ?? "")).toBeLessThan(steps.indexOf(gone[0] ?? ""));
  });

  test("sees what was done for a change, and how long each part took", async (context) => {
    requireHost(context, DASHBOARD_NEEDS);
    const page = await adminPage();
    await page.go("#/deployments/default/web?tab=Trace");
    await page.sees("reconcile replicaset");
    await page.sees("start c");
    const bars = await page.page.$$eval(".trace .line i", (all) => all.length);
    const rows = await page.page.$$eval(".trace .took", (all) =>
      all.map((one) => one.textContent ?? ""),
    );
    expect(rows).toHaveLength(bars);
    expect(rows[0]).toMatch(/ ms \+0\.0 ms$/);
    await page.go("#/deployments/default/web");
  });

  test("scales after it has asked", async (context) => {
    requireHost(context, DASHBOARD_NEEDS);
    const page = await adminPage();
    await retype(page, "input[aria-label=Replicas]", "1");
    await page.click("Scale");
    await page.sees("Scale Deployment web from 3 to 1 replicas?");
    await page.click("Cancel");
    expect(await kubectl("get", "deployment", "web", "-o", "jsonpath={.spec.replicas}")).toBe("3");
    await page.click("Scale");
    await confirm(page);
    await page.sees("serves: 1 of 1 pods are ready");
  });

  test("follows a log and searches it", async (context) => {
    requireHost(context, DASHBOARD_NEEDS);
    await apply(shellPod("talker", "i=0; while :; do i=$((i+1)); echo line $i; sleep 0.2; done"));
    const page = await adminPage();
    await page.go("#/pods/default/talker?tab=Logs");
    await page.sees("line 12");
    await page.page.type("main input[placeholder='Search the log']", "line 12");
    await eventually("only what was searched for stands there", async () => {
      const lines = await page.page.$$eval(".logs pre", (all) => all.map((one) => one.textContent));
      return lines.length > 0 && lines.every((line) => line?.includes("line 12"));
    });
  });

  test("opens a shell in a container", async (context) => {
    requireHost(context, DASHBOARD_NEEDS);
    const page = await adminPage();
    await page.go("#/pods/default/talker?tab=Terminal");
    await page.page.waitForSelector(".xterm-rows");
    await eventually("the shell prompts", async () => (await terminalText(page)).includes("#"));
    await page.page.keyboard.type("echo $((6*7)) is the answer\n");
    await eventually("the shell answers", async () =>
      (await terminalText(page)).includes("42 is the answer"),
    );
  });

  test("goes on in the middle of each page when the server was killed", async (context) => {
    requireHost(context, DASHBOARD_NEEDS);
    const page = await adminPage();
    await page.go("#/pods/default/talker?tab=Logs");
    await page.sees("line 1");
    await restartServer();
    const seen = async (): Promise<number> =>
      Math.max(0, ...[...(await page.text()).matchAll(/line (\d+)/g)].map(([, n]) => Number(n)));
    const before = await seen();
    await eventually("the log goes on", async () => (await seen()) > before + 5, 40_000);
    await page.go("#/deployments/default/web");
    await page.sees("1 of 1 pods are ready", 40_000);
    await restartServer();
    await kubectl("scale", "deployment", "web", "--replicas=2");
    await page.sees("serves: 2 of 2 pods are ready", 40_000);
    await page.go("#/pods");
    await page.sees("talker");
    await restartServer();
    await apply(shellPod("newcomer", "sleep 3600"));
    await page.sees("newcomer", 40_000);
  });

  test("applies an edited YAML after it has shown what would change", async (context) => {
    requireHost(context, DASHBOARD_NEEDS);
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

  test("reads an object's YAML again when its request was broken off", async (context) => {
    requireHost(context, DASHBOARD_NEEDS);
    const page = await adminPage();
    let asked = 0;
    const breakFirst = (request: HTTPRequest): void => {
      const isOfYaml = request.url().endsWith("/configmaps/kube-root-ca.crt");
      if (isOfYaml && ++asked === 1) void request.abort("failed");
      else void request.continue();
    };
    await page.page.setRequestInterception(true);
    page.page.on("request", breakFirst);
    await page.go("#/kind/core/v1/configmaps/namespaced/ConfigMap/default/kube-root-ca.crt");
    await page.page.waitForFunction(
      `document.querySelector("textarea.editor")?.value.includes("BEGIN CERTIFICATE")`,
    );
    page.page.off("request", breakFirst);
    await page.page.setRequestInterception(false);
    expect(asked).toBe(2);
  });

  test("applies many documents that were pasted, and says of each what became of it", async (context) => {
    requireHost(context, DASHBOARD_NEEDS);
    const page = await adminPage();
    await page.go("#/apply");
    const head = "apiVersion: v1\nkind: ConfigMap\nmetadata:\n";
    const text = [
      `${head}  name: first\n  namespace: default\ndata: {a: b}`,
      `${head}  name: second\n  namespace: nowhere`,
      "apiVersion: v1\nkind: Sail\nmetadata: {name: third}",
    ].join("\n---\n");
    await page.page.waitForSelector("textarea.editor");
    await page.edit("textarea.editor", "", text);
    await page.click("Show what would change");
    await page.sees("ConfigMap default/first would be created");
    await page.sees('namespaces "nowhere" not found');
    await page.sees("the server has no kind Sail in v1");
    expect(await rig.refused("get", "configmap", "first")).toContain("not found");
    await page.click("Apply");
    await page.sees("ConfigMap default/first created");
    expect(await kubectl("get", "configmap", "first", "-o", "jsonpath={.data.a}")).toBe("b");
  });

  test("finds a tenant by a part of its owner's name, suspends it, resumes it and wakes it", async (context) => {
    requireHost(context, DASHBOARD_NEEDS);
    await apply(...tenants());
    const page = await adminPage();
    await page.go("#/tenants");
    await page.sees("carl.example");
    await page.page.type("input[aria-label='Search tenants']", "BERT@exa");
    await eventually("only that tenant is left", async () => {
      const text = await page.text();
      return text.includes("bert.example") && !text.includes("carl.example");
    });
    await kubectl(
      "patch",
      "tenant",
      "bert",
      "--type=merge",
      "--patch",
      '{"spec":{"suspended":true}}',
    );
    await page.sees("Resume");
    await kubectl(
      "patch",
      "tenant",
      "bert",
      "--type=merge",
      "--patch",
      '{"spec":{"suspended":false}}',
    );
    await eventually("the list shows it too", async () => !(await page.text()).includes("Resume"));
    await page.click("bert");
    await page.sees("It has no namespace");
    await page.click("Suspend");
    await confirm(page);
    await page.sees("tenant bert is suspended");
    expect(await kubectl("get", "tenant", "bert", "-o", "jsonpath={.spec.suspended}")).toBe("true");
    await page.click("Resume");
    await eventually("it is resumed", async () => !(await page.text()).includes("is suspended"));
    await page.click("Wake");
    await page.sees("tenant-bert", 40_000);
    await page.sees("tenant bert is ready", 40_000);
    await page.sees("Set aside", 40_000);
    // One pod of at most four, by its plan's quota.
    await eventually("its cost is told", async () => /Pods\s+–\s+1\s+4/.test(await page.text()));
  });

  test("reads the events by kind, reason and text", async (context) => {
    requireHost(context, DASHBOARD_NEEDS);
    const page = await adminPage();
    await page.go("#/events");
    await page.sees("FailedScheduling");
    await page.page.select("select[aria-label=Type]", "Warning");
    await page.page.select("select[aria-label=Reason]", "FailedScheduling");
    await eventually("nothing else is left", async () => {
      const rows = await page.page.$$eval(".timeline li", (all) =>
        all.map((one) => one.textContent ?? ""),
      );
      return rows.length > 0 && rows.every((row) => row.includes("FailedScheduling"));
    });
  });

  test("is driven by keys alone", async (context) => {
    requireHost(context, DASHBOARD_NEEDS);
    const page = await adminPage();
    await page.page.evaluate("document.activeElement?.blur()");
    const { keyboard } = page.page;
    await keyboard.press("?");
    await page.sees("Keyboard shortcuts");
    await keyboard.press("Escape");
    await keyboard.type("gp");
    await page.page.waitForSelector("[role=grid]");
    await page.sees("talker");
    await keyboard.press("/");
    await keyboard.type("talk");
    await eventually("the list is filtered", async () => !(await page.text()).includes("newcomer"));
    await page.page.focus("[role=grid]");
    await keyboard.press("Enter");
    await page.sees("pod default/talker runs and is ready");
    await page.page.evaluate("document.activeElement?.blur()");
    await keyboard.press("y");
    await page.sees("Show what would change");
  });

  test("logs out, and nobody sees anything after that", async (context) => {
    requireHost(context, DASHBOARD_NEEDS);
    const page = await adminPage();
    await page.click("Log out");
    await page.page.waitForSelector("textarea[name=token]");
    expect(await page.page.evaluate("sessionStorage.length")).toBe(0);
    await page.go("#/pods");
    expect(await page.text()).not.toContain("talker");
  });

  test("never broke its own content security policy, and no script of it failed", (context) => {
    requireHost(context, DASHBOARD_NEEDS);
    expect(dashboard.complaints()).toEqual([]);
  });
});
