import { useEffect, useState } from "preact/hooks";

const KEY = "kaji-theme";
const themes = ["auto", "light", "dark"] as const;
type Theme = (typeof themes)[number];

/** As the system says, or as was chosen here. */
export function ThemeChoice() {
  const [theme, setTheme] = useState<Theme>(
    themes.find((one) => one === localStorage.getItem(KEY)) ?? "auto",
  );
  useEffect(() => {
    localStorage.setItem(KEY, theme);
    if (theme === "auto") delete document.documentElement.dataset.theme;
    else document.documentElement.dataset.theme = theme;
  }, [theme]);
  return (
    <select
      aria-label="Colours"
      value={theme}
      onChange={(event) => setTheme(event.currentTarget.value as Theme)}
    >
      {themes.map((one) => (
        <option key={one} value={one}>
          {one}
        </option>
      ))}
    </select>
  );
}
