/** A sentence that people must see. Text from the cluster is text: nothing here makes it markup. */
export function Notice({ text, isError = false }: { text: string | undefined; isError?: boolean }) {
  if (!text) return null;
  return (
    <div class={isError ? "notice error" : "notice"} role="status">
      {text}
    </div>
  );
}
