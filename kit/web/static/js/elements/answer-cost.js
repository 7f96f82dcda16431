// @ts-check
/** What one answer took, measured on this kit, stage by stage. */
import { keyed, part, say } from "../lib/dom.js";
import { milliseconds } from "../lib/format.js";
import { html, icon, render } from "../lib/html.js";
import { _ } from "../lib/i18n.js";

/** Figures that flicker cannot be read: shown at most this often. */
const REST_MS = 500;

export class KitAnswerCost extends HTMLElement {
  #drawnAt = -Infinity;

  /** @param {import("../lib/types.js").Prediction | null} prediction */
  set prediction(prediction) {
    this.hidden = !prediction;
    if (!prediction || performance.now() - this.#drawnAt < REST_MS) return;
    this.#drawnAt = performance.now();
    this.#build();
    const figure = milliseconds(prediction.latency_ms);
    // Translators: after a figure that was measured, not estimated. {figure} is such as "31 ms".
    say(part(this, "total"), _("{figure} measured", { figure }));
    keyed(
      part(this, "stages"),
      Object.entries(prediction.stages_ms),
      ([stage]) => stage,
      () => {
        const row = document.createElement("tr");
        render(row, html`<th scope="row" data-part="name"></th><td class="number" data-part="ms"></td>`);
        return row;
      },
      (row, [stage, ms]) => {
        say(part(row, "name"), stageName(stage));
        say(part(row, "ms"), milliseconds(ms));
      },
    );
  }

  #build() {
    if (this.firstElementChild) return;
    // Translators: before the measured duration of one answer.
    const words = _("One answer:");
    // Translators: opens the table with the stages of one answer and their durations.
    const details = _("step by step");
    // Translators: heading of a column: what the kit does to answer.
    const stage = _("Step");
    // Translators: heading of a column: milliseconds, measured.
    const took = _("Measured");
    render(
      this,
      html`<details class="more"><summary>${icon("timer")}<span>${words} <span class="measured number" data-part="total"></span> <span class="unseen">${details}</span></span>${icon("chevron-down")}</summary>
        <table class="table small"><thead><tr><th scope="col">${stage}</th><th scope="col">${took}</th></tr></thead><tbody data-part="stages"></tbody></table></details>`,
    );
  }
}

/** @param {string} stage */
function stageName(stage) {
  // Translators: a step of answering: the camera gives a picture.
  const read = _("Read the picture");
  // Translators: a step of answering: the JPEG is unpacked.
  const decode = _("Unpack the picture");
  // Translators: a step of answering: upright, cut to the square, shrunk.
  const prepare = _("Cut and shrink");
  // Translators: a step of answering: other work goes first.
  const wait = _("Wait for its turn");
  // Translators: a step of answering: the ready-made network turns the picture into numbers (backbone).
  const invoke = _("Shipped network (backbone)");
  // Translators: a step of answering: the pupils' own small classifier (head).
  const head = _("Your classifier (head)");
  return { read, decode, prepare, wait, invoke, head }[stage] ?? stage;
}

customElements.define("kit-answer-cost", KitAnswerCost);
