/**
 * How long requests were held for a workload that slept, as a Prometheus histogram. Pure: lines of hold.cold_starts
 * (ingress/lua/kaji/hold.lua) in, text out.
 */
const NAME = "kaji_ingress_cold_start_seconds";
const HELP = "How long requests waited for a workload that slept, of those that it answered.";

export const coldStartsMetric = {
  ...{ name: NAME, type: "histogram", labels: [] as readonly string[] },
  help: HELP,
} as const;

export function renderColdStarts(text: string): string {
  let total = 0;
  let sumMs = 0;
  const buckets: string[] = [];
  for (const line of text.split("\n").filter(Boolean)) {
    const [bound = "", amount] = line.split(" ");
    if (bound === "sum") {
      sumMs = Number(amount);
      continue;
    }
    total += Number(amount);
    const le = bound === "+Inf" ? bound : String(Number(bound) / 1000);
    buckets.push(`${NAME}_bucket{le="${le}"} ${total}`);
  }
  const head = [`# HELP ${NAME} ${HELP}`, `# TYPE ${NAME} histogram`];
  return [...head, ...buckets, `${NAME}_sum ${sumMs / 1000}`, `${NAME}_count ${total}`, ""].join(
    "\n",
  );
}
