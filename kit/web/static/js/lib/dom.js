// @ts-check
/** Small helpers for elements that build once and then change only what changed. */

/**
 * The one element marked `data-part="name"` inside root.
 * @template {Element} [T=HTMLElement]
 * @param {ParentNode} root @param {string} name @returns {T}
 */
export function part(root, name) {
  const found = root.querySelector(`[data-part="${name}"]`);
  if (!found) throw new Error(`no part ${name}`);
  return /** @type {T} */ (found);
}

/** @param {Element} element @param {string} text sets it only when it differs: screen readers notice */
export function say(element, text) {
  if (element.textContent !== text) element.textContent = text;
}

/**
 * News out: a bubbling event that elements send and the page's module hears.
 * @param {EventTarget} element @param {string} name @param {unknown} [detail]
 */
export function send(element, name, detail) {
  element.dispatchEvent(new CustomEvent(name, { bubbles: true, composed: true, detail }));
}

/**
 * Children that follow a list: kept by key, so focus and half-typed words survive an update.
 * @template Item
 * @template {HTMLElement} Child
 * @param {Element} parent @param {Item[]} items @param {(item: Item) => string} key
 * @param {(item: Item) => Child} make @param {(child: Child, item: Item) => void} change
 */
export function keyed(parent, items, key, make, change) {
  const before = new Map([...parent.children].map((child) => [/** @type {HTMLElement} */ (child).dataset["key"], child]));
  items.forEach((item, index) => {
    const name = key(item);
    let child = /** @type {Child | undefined} */ (before.get(name));
    before.delete(name);
    if (!child) {
      child = make(item);
      child.dataset["key"] = name;
    }
    if (parent.children[index] !== child) parent.insertBefore(child, parent.children[index] ?? null);
    change(child, item);
  });
  for (const gone of before.values()) gone.remove();
}

/** Menus made of `<details class="menu">` close on Escape, on a click elsewhere and after a choice. */
export function closeMenus() {
  const open = () => /** @type {NodeListOf<HTMLDetailsElement>} */ (document.querySelectorAll("details.menu[open]"));
  document.addEventListener("click", (event) => {
    for (const menu of open()) {
      const inside = menu.contains(/** @type {Node} */ (event.target));
      const chosen = inside && !(/** @type {Element} */ (event.target).closest("summary"));
      if (!inside || chosen) menu.open = false;
    }
  });
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    for (const menu of open()) {
      menu.open = false;
      menu.querySelector("summary")?.focus();
    }
  });
}
