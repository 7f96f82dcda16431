// @ts-check
/** Pages without behaviour of their own: the frame, and a print button. */
import "../lib/frame.js";

for (const button of document.querySelectorAll("[data-print]")) {
  button.addEventListener("click", () => window.print());
}
