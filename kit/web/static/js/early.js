// @ts-check
/**
 * Keeps what is pressed before the page can hear it, and presses it again once it can.
 *
 * A page's modules run when all of them and its sentences have come: on a class's Wi-Fi that is
 * some hundred milliseconds after its buttons are seen. Loaded first and by itself, so no module.
 * `lib/frame.js` says when the page hears ("kit-hears").
 */
{
  /** What was done, in order; twice the same is once: nobody saw it act. @type {Map<Element, () => void>} */
  const held = new Map();
  const listening = new AbortController();

  /** @param {Event} event @param {Element} target @param {() => void} again */
  const hold = (event, target, again) => {
    event.preventDefault();
    event.stopImmediatePropagation();
    held.set(target, again);
  };

  /** @param {string} name @param {(event: Event, target: Element) => void} deed */
  const on = (name, deed) =>
    document.addEventListener(name, (event) => event.target instanceof Element && deed(event, event.target), {
      capture: true,
      signal: listening.signal,
    });

  on("click", (event, target) => {
    const button = target.closest("button"); // links, boxes and menus need nobody
    if (button) hold(event, button, () => button.click());
  });
  on("submit", (event, form) => {
    const { submitter } = /** @type {SubmitEvent} */ (event);
    hold(event, form, () => /** @type {HTMLFormElement} */ (form).requestSubmit(submitter));
  });
  // A field has its value already: it is only told once more.
  on("change", (_, field) => held.set(field, () => field.dispatchEvent(new Event("change", { bubbles: true }))));

  document.addEventListener(
    "kit-hears",
    () => {
      listening.abort();
      document.documentElement.dataset["hears"] = "";
      for (const again of held.values()) again();
      held.clear();
    },
    { once: true },
  );
}
