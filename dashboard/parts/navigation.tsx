import { useEffect, useRef } from "preact/hooks";
import { hrefOf, type Route } from "#dashboard/model/route";
import { sections } from "#dashboard/pages/sections";

export function Navigation({ route }: { route: Route }) {
  const [current = ""] = route.parts;
  const bar = useRef<HTMLElement>(null);
  useEffect(() => {
    // On a phone it is a line that is longer than the screen.
    const link = bar.current?.querySelector("[aria-current]");
    link?.scrollIntoView({ block: "nearest", inline: "nearest" });
  }, [current]);
  return (
    <nav aria-label="Sections" ref={bar}>
      <div class="brand">
        <svg class="wheel" viewBox="0 0 24 24" aria-hidden="true">
          <circle cx="12" cy="12" r="7" />
          <circle cx="12" cy="12" r="2" />
          <path d="M12 1v9M12 14v9M1 12h9M14 12h9M4.2 4.2l6.4 6.4M13.4 13.4l6.4 6.4M19.8 4.2l-6.4 6.4M10.6 13.4l-6.4 6.4" />
        </svg>
        Kaji
      </div>
      {sections.map(({ group, pages }) => (
        <>
          {group && <div class="group">{group}</div>}
          {pages.map(({ path, title }) => (
            <a
              key={path}
              href={hrefOf(path ? [path] : [])}
              aria-current={path === current ? "page" : undefined}
            >
              {title}
            </a>
          ))}
        </>
      ))}
    </nav>
  );
}
