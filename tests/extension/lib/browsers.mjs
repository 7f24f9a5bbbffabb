// Where the browsers of this machine are: the tests and `try` use those the system has, and download none.
import { existsSync } from "node:fs";
import { delimiter, join } from "node:path";

/** Candidates by browser, the first that exists serves. Branded Chrome no longer loads unpacked extensions from outside. */
const candidates = {
  chromium: {
    override: "SOUNDINGS_CHROMIUM",
    names: ["chromium", "chromium-browser", "chromium.exe"],
    places: ["/Applications/Chromium.app/Contents/MacOS/Chromium"],
  },
  firefox: {
    override: "SOUNDINGS_FIREFOX",
    names: ["firefox-esr", "firefox", "firefox.exe"],
    places: [
      "/Applications/Firefox.app/Contents/MacOS/firefox",
      "C:\\Program Files\\Mozilla Firefox\\firefox.exe",
    ],
  },
};

/** The path of a browser's program, or undefined where it is not installed.
 * @param {"chromium" | "firefox"} browser @returns {string | undefined} */
export function findBrowser(browser) {
  const { override, names, places } = candidates[browser];
  const folders = (process.env.PATH ?? "").split(delimiter);
  const paths = [
    process.env[override],
    ...folders.flatMap((folder) => names.map((name) => join(folder, name))),
    ...places,
  ];
  return paths.find((path) => path && existsSync(path));
}
