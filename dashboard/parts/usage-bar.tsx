/** Two shares of one whole: what is requested (pale) and what is used. In percent. */
export function UsageBar({ used, requested }: { used: number; requested: number }) {
  return (
    <div
      class="stack"
      role="img"
      aria-label={`${Math.round(used)} % used, ${Math.round(requested)} % requested`}
    >
      <div class="figure">
        {Math.round(used)} % <span class="soft">used</span>
      </div>
      <div class="bar">
        <i style={{ width: `${Math.min(100, requested)}%` }} />
        <i class="used" style={{ width: `${Math.min(100, used)}%` }} />
      </div>
    </div>
  );
}
