import { readdirSync, writeFileSync } from "node:fs";
import { launchBrowser } from "#test/support/launch-browser";
const [, , pattern = "", out = "", width = "290", per = "8"] = process.argv;
const files = readdirSync("/tmp/kaji/h3/shots").filter((f) => new RegExp(pattern).test(f)).sort();
const b = await launchBrowser();
const p = await b.newPage();
for (let i = 0, n = 1; i < files.length; i += Number(per), n++) {
  const html = files.slice(i, i + Number(per)).map((f) => `<figure style="margin:4px;display:inline-block;vertical-align:top;width:${width}px;font:11px sans-serif"><img style="width:${width}px;border:1px solid #888" src="file:///tmp/kaji/h3/shots/${f}"><figcaption style="overflow:hidden;white-space:nowrap">${f.slice(0, 50)}</figcaption></figure>`).join("");
  writeFileSync("/tmp/kaji/h3/sheet.html", `<body style="margin:0;width:1480px">${html}`);
  await p.setViewport({ width: 1490, height: 900 });
  await p.goto("file:///tmp/kaji/h3/sheet.html");
  await p.screenshot({ path: `/tmp/kaji/h3/${out}${n}.png`, fullPage: true });
}
await b.close();
