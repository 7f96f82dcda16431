// @ts-check
/** The sheet with which screens join: print it; on the kit's own screen, Wi-Fi on again. */
import { api } from "../lib/api.js";
import { attempt } from "../lib/frame.js";

for (const button of document.querySelectorAll("[data-print]")) {
  button.addEventListener("click", () => window.print());
}

const on = /** @type {HTMLButtonElement | null} */ (document.querySelector("[data-part=wifi-on]"));
if (on) {
  on.addEventListener("click", () =>
    attempt(async () => {
      await api.switchWifi(true);
      location.reload();
    }),
  );
  on.disabled = false;
}
