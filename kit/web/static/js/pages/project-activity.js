// @ts-check
/** The activity beside the cards; where the group is, is remembered on this screen. */
import "../elements/activity.js";
import { api } from "../lib/api.js";
import { attempt, pageData } from "../lib/frame.js";

/**
 * @param {string | null} name @param {HTMLElement} main
 * @returns {Promise<import("../lib/types.js").Activity | null>} the activity, if the project has one
 */
export async function showActivity(name, main) {
  if (!name) return null;
  const activity = await attempt(() => api.activity(name));
  if (!activity?.steps?.length) return null;
  const key = `mallette-step-${pageData["project_id"]}`;
  const bar = /** @type {import("../elements/activity.js").KitActivityBar} */ (document.querySelector("kit-activity-bar"));
  const panel = /** @type {import("../elements/activity.js").KitActivityPanel} */ (document.querySelector("kit-activity-panel"));
  let step = Math.min(Number(localStorage.getItem(key)) || 0, activity.steps.length - 1);
  let open = localStorage.getItem("mallette-steps") === "open";
  const draw = () => {
    bar.hidden = false;
    bar.shown = { activity, step, open };
    panel.hidden = !open;
    panel.shown = { activity, step };
    main.dataset["activity"] = open ? "open" : "folded";
  };
  document.addEventListener("activity-step", (event) => {
    step = /** @type {CustomEvent} */ (event).detail.step;
    localStorage.setItem(key, String(step));
    draw();
  });
  document.addEventListener("activity-fold", (event) => {
    open = /** @type {CustomEvent} */ (event).detail.open;
    localStorage.setItem("mallette-steps", open ? "open" : "folded");
    draw();
  });
  draw();
  return activity;
}
