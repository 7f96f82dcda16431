// @ts-check
/** The activity's steps: one line above the cards, or a panel beside them. */
import { part, say, send } from "../lib/dom.js";
import { html, icon, render } from "../lib/html.js";
import { _ } from "../lib/i18n.js";

/** @typedef {import("../lib/types.js").Activity} Activity */

/** One line: where the class is, and the way on. Sends `activity-step` {step} and `activity-fold` {open}. */
export class KitActivityBar extends HTMLElement {
  #step = 0;
  #open = false;

  /** @param {{ activity: Activity, step: number, open: boolean }} shown */
  set shown({ activity, step, open }) {
    this.#build();
    this.#step = step;
    this.#open = open;
    const steps = activity.steps ?? [];
    // Translators: where the class is in an activity. {title} is the step's own title.
    const where = _("Step {number} of {all}: {title}", {
      number: step + 1,
      all: steps.length,
      title: steps[step]?.title ?? "",
    });
    say(part(this, "activity"), activity.title);
    say(part(this, "where"), where);
    /** @type {HTMLButtonElement} */ (part(this, "back")).disabled = step <= 0;
    /** @type {HTMLButtonElement} */ (part(this, "next")).disabled = step >= steps.length - 1;
    part(this, "fold").setAttribute("aria-expanded", String(open));
  }

  #build() {
    if (this.firstElementChild) return;
    // Translators: name of the line that says where the class is in an activity, for screen readers.
    const name = _("Activity");
    // Translators: button: the activity's step before.
    const back = _("Step before");
    // Translators: button: the activity's next step.
    const next = _("Next step");
    // Translators: button: opens or closes the panel with all steps of the activity.
    const all = _("All steps");
    render(
      this,
      html`<section class="activity-bar" aria-label="${name}">
        ${icon("book-open")}<p><b data-part="activity"></b> · <span data-part="where"></span></p>
        <button type="button" class="bare-icon" data-part="back" aria-label="${back}">${icon("chevron-left")}</button>
        <button type="button" class="bare-icon" data-part="next" aria-label="${next}">${icon("chevron-right")}</button>
        <button type="button" data-part="fold" aria-expanded="false">${icon("list-checks")}${all}</button>
      </section>`,
    );
    part(this, "back").addEventListener("click", () => send(this, "activity-step", { step: this.#step - 1 }));
    part(this, "next").addEventListener("click", () => send(this, "activity-step", { step: this.#step + 1 }));
    part(this, "fold").addEventListener("click", () => send(this, "activity-fold", { open: !this.#open }));
  }
}

/** The panel with every step. Sends `activity-step` {step}. */
export class KitActivityPanel extends HTMLElement {
  connectedCallback() {
    this.addEventListener("click", (event) => {
      const button = /** @type {HTMLElement | null} */ (/** @type {Element} */ (event.target).closest("[data-step]"));
      if (!button) return;
      const chosen = Number(button.dataset["step"]);
      send(this, "activity-step", { step: chosen });
      /** @type {HTMLElement | null} */ (this.querySelector(`[data-step="${chosen}"]`))?.focus();
    });
  }

  /** @param {{ activity: Activity, step: number }} shown */
  set shown({ activity, step }) {
    // Translators: before what to look at closely in a step.
    const watch = _("Watch:");
    render(
      this,
      html`<h2>${activity.title}</h2><ol>${(activity.steps ?? []).map((one, index) => html`<li>
        <button type="button" data-step="${index}" aria-expanded="${index === step}"><span class="step">${index + 1}</span>${one.title}</button>
        ${index === step ? html`<div class="body"><p>${one.do}</p>${one.watch ? html`<p><b>${watch}</b> ${one.watch}</p>` : null}${
          one.question ? html`<p class="question">${one.question}</p>` : null
        }</div>` : null}</li>`)}</ol>`,
    );
  }
}

customElements.define("kit-activity-bar", KitActivityBar);
customElements.define("kit-activity-panel", KitActivityPanel);
