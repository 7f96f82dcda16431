// @ts-check
/** What is wrong with the memory card, across every page, as soon as the kit knows. */
import { html, icon, render } from "../lib/html.js";

const place = /** @type {HTMLElement | null} */ (document.querySelector("[data-banners]"));
let shown = place?.textContent?.trim() ?? "";

document.addEventListener("kit-trouble", (event) => {
  /** @type {{ message: string }[]} */
  const troubles = /** @type {CustomEvent} */ (event).detail.troubles;
  const words = troubles.map((one) => one.message);
  if (!place || words.join("") === shown) return; // said once: it is an alert
  shown = words.join("");
  render(place, html`${words.map((text) => html`<p role="alert">${icon("triangle-alert")}<span>${text}</span></p>`)}`);
});
