import { parseArgs } from "node:util";
import { simulate } from "#test/simulation/simulation";

/** `npm run simulate -- --seeds 200 [--from 1]`, or `--seed 7` to see the life of one. */
const { values } = parseArgs({
  options: { seeds: { type: "string" }, from: { type: "string" }, seed: { type: "string" } },
});
const from = Number(values.seed ?? values.from ?? 1);
const count = values.seed === undefined ? Number(values.seeds ?? 20) : 1;
let failed = 0;
for (let seed = from; seed < from + count; seed++) {
  const { journal, failures } = await simulate(seed);
  if (values.seed !== undefined || failures.length > 0) console.log(journal.join("\n"));
  for (const failure of failures) console.log(`seed ${seed}: ${failure}`);
  if (failures.length > 0) failed++;
}
console.log(`${count - failed} of ${count} seeds passed`);
process.exitCode = failed > 0 ? 1 : 0;
