import { parseRoute } from "#dashboard/model/route";
import { Navigation } from "#dashboard/parts/navigation";

/** What can be painted before the server has said who looks: where everything will stand. */
export function Outline() {
  return (
    <div class="shell">
      <Navigation route={parseRoute(location.hash)} />
      <main aria-busy="true" />
    </div>
  );
}
