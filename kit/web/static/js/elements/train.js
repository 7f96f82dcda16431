// @ts-check
/** The Train card: one button, its progress or that of reading samples, the learning curve, what it took (measured), advice. */
import { image } from "../kinds/image.js";
import { part, say, send } from "../lib/dom.js";
import { count, duration, percent } from "../lib/format.js";
import { html, icon, render } from "../lib/html.js";
import { _, language, ngettext } from "../lib/i18n.js";

/** @typedef {import("../lib/types.js").ProjectState} ProjectState */
/** @typedef {import("../lib/types.js").Model} Model */
/** @typedef {import("../lib/types.js").Job} Job */

/** Sends `train` and `train-cancel` {job}. */
export class KitTrain extends HTMLElement {
  /** @type {import("../kinds/kind.js").Words} */
  words = image.words;
  /** @type {ProjectState | null} */
  #state = null;
  /** What makes samples ready to learn from, where some came without that: see `kit/studio/walk.py`. @type {Job | null} */
  #reading = null;
  #drawnModel = "";
  #drawnAdvice = "";

  connectedCallback() {
    this.#build();
  }

  /** @param {ProjectState} state */
  set state(state) {
    this.#state = state;
    if (state.job?.verb === "embed") this.#reading = state.job;
    else if (state.job?.state !== "waiting") this.#reading = null; // the kit does one job after another
    this.#build();
    this.#draw(state);
  }

  /** News of what makes samples ready. @param {Job} job */
  set reading(job) {
    this.#reading = job;
    if (this.#state) this.#draw(this.#state);
  }

  /** Whether samples are being made ready. */
  get reads() {
    return isBusy(this.#reading);
  }

  #build() {
    if (this.firstElementChild) return;
    // Translators: the button that trains the model.
    const train = _("Train");
    // Translators: the button that stops the training.
    const cancel = _("Stop the training");
    render(
      this,
      html`<button type="button" class="primary wide" data-part="train" aria-describedby="train-why">${icon("play")}${train}</button>
        <p class="soft small" id="train-why" data-part="why" hidden></p>
        <div class="stack" data-part="busy" hidden>
          <p role="status"><b data-part="busy-words"></b></p>
          <progress max="1" data-part="progress"></progress>
          <button type="button" data-part="cancel">${icon("x")}${cancel}</button>
        </div>
        <p class="error" role="alert" data-part="error" hidden>${icon("triangle-alert")}<span data-part="error-words"></span></p>
        <p class="unseen" role="status" data-part="done"></p>
        <div data-part="model"></div>
        <p class="advice" data-part="stale" hidden>${icon("lightbulb")}<span data-part="stale-words"></span></p>
        <div class="stack" data-part="advice"></div>
        <details class="more" data-part="more-advice" hidden><summary>${icon("chevron-down")}<span data-part="more-words"></span></summary>
          <div class="stack" data-part="others"></div></details>`,
    );
    part(this, "train").addEventListener("click", (event) => {
      const button = /** @type {HTMLElement} */ (event.currentTarget);
      if (button.getAttribute("aria-disabled") !== "true") send(this, "train");
    });
    part(this, "cancel").addEventListener("click", () => send(this, "train-cancel", { job: this.#state?.job?.id }));
  }

  /** @param {ProjectState} state */
  #draw(state) {
    const job = state.job?.verb === "train" ? state.job : null;
    const busy = isBusy(job);
    const shown = state.labels.filter((label) => label.samples > 0).length;
    const button = part(this, "train");
    // Not `disabled`: the button keeps the focus, and a screen reader says why it does nothing.
    button.setAttribute("aria-disabled", String(busy || shown < 2));
    part(this, "why").hidden = shown >= 2;
    say(part(this, "why"), shown < 2 ? this.words.tooFew() : "");
    this.#drawBusy(busy ? job : null);
    this.#drawEnd(job);
    this.#drawModel(state.model);
    const stale = state.model !== null && state.model.stale && !busy;
    part(this, "stale").hidden = !stale;
    say(part(this, "stale-words"), stale ? this.words.stale() : "");
    this.#drawAdvice(state.advice, stale ? 0 : 1);
  }

  /** @param {Job | null} training that waits or runs */
  #drawBusy(training) {
    const shown = this.reads ? this.#reading : training;
    part(this, "busy").hidden = shown === null;
    part(this, "cancel").hidden = training === null;
    if (shown === null) return;
    // Translators: while the model trains.
    const trains = _("Training…");
    // Translators: while a training waits for another one to end.
    const waits = _("Waiting for another training to end…");
    // Translators: name of the progress bar of the training, for screen readers.
    const name = _("Progress of the training");
    const words = shown.state === "waiting" ? waits : trains;
    const reading = this.words.reading();
    const progress = /** @type {HTMLProgressElement} */ (part(this, "progress"));
    say(part(this, "busy-words"), shown === training ? words : reading);
    progress.setAttribute("aria-label", shown === training ? name : reading);
    progress.value = shown.progress;
  }

  /**
   * The first pieces of advice; the others, if any, fold away.
   * @param {import("../lib/types.js").Advice[]} all @param {number} open how many stand there unfolded
   */
  #drawAdvice(all, open) {
    const drawn = [open, ...all.map((one) => one.message)].join("\n");
    if (drawn === this.#drawnAdvice) return;
    this.#drawnAdvice = drawn;
    const oneLine = (/** @type {import("../lib/types.js").Advice} */ one) => html`<p class="advice">${icon("lightbulb")}<span>${one.message}</span></p>`;
    const others = all.slice(open);
    render(part(this, "advice"), html`${all.slice(0, open).map(oneLine)}`);
    render(part(this, "others"), html`${others.map(oneLine)}`);
    part(this, "more-advice").hidden = others.length === 0;
    // Translators: opens the pieces of advice that are folded away.
    say(part(this, "more-words"), ngettext("{n} more piece of advice", "{n} more pieces of advice", others.length));
  }

  /** @param {Job | null} job */
  #drawEnd(job) {
    // Translators: a training was ended by somebody.
    const cancelled = _("The training was stopped.");
    // Translators: the kit lost its power or was restarted during a training.
    const interrupted = _("The kit restarted during the training. Press Train once more.");
    let words = "";
    if (job?.state === "failed") words = job.error?.message ?? "";
    if (job?.state === "interrupted") words = interrupted;
    if (job?.state === "cancelled") words = cancelled;
    part(this, "error").hidden = words === "";
    say(part(this, "error-words"), words);
  }

  /** @param {Model | null} model */
  #drawModel(model) {
    const drawn = model ? `${model.ref.project_id} ${model.ref.number}` : "none";
    if (drawn === this.#drawnModel) return;
    if (model && this.#drawnModel) {
      const values = { pictures: this.words.samples(model.trained_on), duration: duration(model.training_ms) };
      // Translators: said by screen readers once a training ends. {pictures} is such as "64 pictures".
      say(part(this, "done"), _("Trained: {pictures} learnt in {duration}.", values));
    }
    this.#drawnModel = drawn;
    const place = part(this, "model");
    if (!model) {
      // Translators: heading of the Train card before any training.
      const title = _("Not trained yet");
      const text = this.words.instant();
      render(place, html`<div class="empty"><b>${title}</b><p class="soft small">${text}</p></div>`);
      return;
    }
    const learnt = this.words.learnt();
    // Translators: how long the training took.
    const took = _("Duration");
    // Translators: after a figure that was measured, not estimated. {figure} is such as "0.4 s".
    const measured = _("{figure} measured", { figure: duration(model.training_ms) });
    render(
      place,
      html`${curve(model.loss_curve, this.words)}
        <dl class="facts">
          <div><dt>${learnt}</dt><dd class="number">${count(model.trained_on)}</dd></div>
          <div><dt>${took}</dt><dd><span class="measured number">${measured}</span></dd></div>
        </dl>`,
    );
  }
}

/** @param {Job | null} job */
function isBusy(job) {
  return job?.state === "waiting" || job?.state === "running";
}

/**
 * The learning curve as a drawing, with the same numbers in words and in a table.
 * @param {number[]} losses @param {import("../kinds/kind.js").Words} kindWords
 */
function curve(losses, kindWords) {
  const values = losses.filter(Number.isFinite);
  const first = values[0];
  const last = values[values.length - 1];
  if (values.length < 2 || first === undefined || last === undefined) return null;
  const [width, height] = [240, 84];
  const top = Math.max(...values, 1e-9);
  const points = values.map((value, step) => {
    const x = 6 + (step / (values.length - 1)) * (width - 14);
    const y = 8 + (1 - value / top) * (height - 18);
    return `${x.toFixed(1)},${y.toFixed(1)}`;
  });
  const end = points[points.length - 1]?.split(",") ?? ["0", "0"];
  const share = percent(1 - last / top);
  const words = kindWords.curve({ share, steps: values.length - 1 });
  // Translators: title above the learning curve.
  const title = _("Learning curve");
  // Translators: opens a table with the numbers of the learning curve.
  const table = _("Its numbers");
  // Translators: heading of a column: the step of the training.
  const step = _("Step");
  // Translators: heading of a column: how wrong the model still is on the pictures it learns ("loss").
  const loss = _("Error left");
  const chosen = values.map((value, index) => ({ value, index })).filter(({ index }) => {
    return values.length <= 10 || index === values.length - 1 || index % Math.ceil(values.length / 9) === 0;
  });
  const figure = new Intl.NumberFormat(language, { maximumSignificantDigits: 3 });
  return html`<figure>
    <figcaption class="soft small">${title}</figcaption>
    <svg class="curve" viewBox="0 0 ${width} ${height}" role="img" aria-label="${words}">
      <path d="M2 2V${height - 8}H${width - 2}" fill="none" stroke="var(--edge)" stroke-width="2"></path>
      <polyline points="${points.join(" ")}" fill="none" stroke="var(--ink)" stroke-width="4" stroke-linecap="round" stroke-linejoin="round"></polyline>
      <circle cx="${end[0]}" cy="${end[1]}" r="5" fill="var(--ink)"></circle>
    </svg>
    <details class="more small"><summary>${icon("chevron-down")}${table}</summary>
      <table class="table"><thead><tr><th scope="col">${step}</th><th scope="col">${loss}</th></tr></thead>
      <tbody>${chosen.map(({ value, index }) => html`<tr><th scope="row">${index}</th><td class="number">${figure.format(value)}</td></tr>`)}</tbody></table>
    </details>
  </figure>`;
}

customElements.define("kit-train", KitTrain);
