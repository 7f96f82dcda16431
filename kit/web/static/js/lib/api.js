// @ts-check
/**
 * Every call the page makes, by name. The `pages/` modules are the only callers: elements are
 * handed data and send events.
 */
import { _ } from "./i18n.js";

/** @typedef {import("./types.js").Said} Said */

/** The server said no, in the reader's language: `message` can be shown as it is. */
export class ApiError extends Error {
  /**
   * @param {number} status 0 when the kit did not answer @param {Said} said
   * @param {any} [content] the whole answer
   */
  constructor(status, said, content = null) {
    super(said.message);
    this.status = status;
    this.id = said.id;
    this.content = content;
  }
}

/**
 * @param {string} method
 * @param {string} path
 * @param {unknown} [body] FormData as it is; anything else as JSON
 * @returns {Promise<any>} the JSON answer, or null where there is none
 */
async function call(method, path, body) {
  /** @type {RequestInit} */
  const request = { method, headers: { Accept: "application/json" } };
  if (body instanceof FormData) request.body = body;
  else if (body !== undefined) {
    request.body = JSON.stringify(body);
    request.headers = { ...request.headers, "Content-Type": "application/json" };
  }
  let answer;
  try {
    answer = await fetch(path, request);
  } catch {
    // Translators: shown when a request to the kit failed because the Wi-Fi or the kit went away.
    const message = _("The kit does not answer. Check that this screen is still on the kit's Wi-Fi.");
    throw new ApiError(0, { id: "no-answer", message });
  }
  if (answer.ok) return answer.status === 204 ? null : answer.json();
  const content = await answer.json().catch(() => null);
  const said = content?.error;
  // Translators: shown when the kit failed without saying why. {status} is a number such as 500.
  const unknown = _("Something went wrong in the kit (error {status}). Try again.", { status: answer.status });
  throw new ApiError(answer.status, said?.message ? said : { id: "unknown", message: unknown }, content);
}

/** @param {string} text */
const part = (text) => encodeURIComponent(text);

/** @param {string} id */
const project = (id) => `/api/projects/${part(id)}`;

/** @param {Blob | string} picture bytes, or the id of a kept sample */
function pictureOrSample(picture) {
  if (typeof picture === "string") return { sample_id: picture };
  const form = new FormData();
  form.append("picture", picture, picture instanceof File ? picture.name : "picture.jpg");
  return form;
}

export const api = {
  session: () => call("GET", "/api/session"),
  leave: () => call("DELETE", "/api/session"),
  groups: () => call("GET", "/api/groups"),
  /** @param {string} animal */
  joinGroup: (animal) => call("POST", "/api/session/group", { animal }),
  /** @param {string} code */
  enterCode: (code) => call("POST", "/api/session/teacher", { code }),
  classNow: () => call("GET", "/api/class"),
  endClass: () => call("POST", "/api/class/end", { confirm: true }),
  /** @param {number} hours */
  prolong: (hours) => call("POST", "/api/class/prolong", { hours }),

  camera: () => call("GET", "/api/camera"),
  /** @param {import("./types.js").CameraSettings} settings */
  setCamera: (settings) => call("PUT", "/api/camera", settings),
  /** One picture of the kit's camera, now. @returns {Promise<Blob>} */
  async cameraPicture() {
    const answer = await fetch("/api/camera/picture", { cache: "no-store" }).catch(() => null);
    if (answer?.ok) return answer.blob();
    const said = await answer?.json().then((content) => content.error, () => null);
    // Translators: shown when the kit's camera gave no picture.
    const message = said?.message ?? _("The kit's camera gave no picture. Check it, then try again.");
    throw new ApiError(answer?.status ?? 0, { id: "no-picture", message });
  },

  projects: () => call("GET", "/api/projects"),
  /** @param {string} name @param {string | null} activity */
  createProject: (name, activity) => call("POST", "/api/projects", { name, kind: "image", activity }),
  addExample: () => call("POST", "/api/projects/example"),
  /** @param {File} file @returns {Promise<{ job: import("./types.js").Job }>} */
  importProject(file) {
    const form = new FormData();
    form.append("file", file, file.name);
    return call("POST", "/api/projects/import", form);
  },
  /** @param {string} id */
  state: (id) => call("GET", project(id)),
  /** @param {string} id @param {{ name?: string, threshold?: number | null }} changes */
  changeProject: (id, changes) => call("PATCH", project(id), changes),
  /** @param {string} id */
  removeProject: (id) => call("DELETE", project(id)),
  /** @param {string} id @param {string} [name] */
  duplicateProject: (id, name) => call("POST", `${project(id)}/duplicate`, name ? { name } : {}),
  /** @param {string} id */
  exportAddress: (id) => `${project(id)}/export`,
  /** @param {string} id @param {number} number */
  modelAddress: (id, number) => `${project(id)}/models/${number}/export`,

  /** @param {string} id @param {string} name @param {boolean} [is_nothing] */
  addLabel: (id, name, is_nothing = false) => call("POST", `${project(id)}/labels`, { name, is_nothing }),
  /** @param {string} id @param {string} label @param {{ name?: string, is_nothing?: boolean }} changes */
  changeLabel: (id, label, changes) => call("PATCH", `${project(id)}/labels/${part(label)}`, changes),
  /** @param {string} id @param {string} label */
  removeLabel: (id, label) => call("DELETE", `${project(id)}/labels/${part(label)}`),
  /** @param {string} id @param {string} label */
  restoreLabel: (id, label) => call("POST", `${project(id)}/labels/${part(label)}/restore`),

  /** @param {string} id @param {string} label @param {number | null} before */
  samples(id, label, before) {
    const older = before === null ? "" : `&before=${before}`;
    return call("GET", `${project(id)}/samples?label_id=${part(label)}&limit=60${older}`);
  },
  /**
   * @param {string} id @param {string} label @param {(Blob | File)[]} pictures
   * @param {"file" | "film" | "browser camera" | "example"} source
   * @param {string | null} burst null: each picture is its own burst
   * @returns {Promise<{ samples: any[], refused: { name: string, error: Said }[] }>}
   */
  async addPictures(id, label, pictures, source, burst) {
    const form = new FormData();
    form.append("label_id", label);
    form.append("source", source);
    if (burst) form.append("burst", burst);
    pictures.forEach((picture, index) => {
      form.append("files", picture, picture instanceof File ? picture.name : `${index + 1}.jpg`);
    });
    try {
      return await call("POST", `${project(id)}/samples`, form);
    } catch (error) {
      // None could be kept: the answer is the first one's error, and still names them all.
      if (error instanceof ApiError && error.content?.refused?.length) return error.content;
      throw error;
    }
  },
  /** @param {string} id @param {string[]} ids @param {string} label_id */
  moveSamples: (id, ids, label_id) => call("POST", `${project(id)}/samples/move`, { ids, label_id }),
  /** @param {string} id @param {string[]} ids */
  removeSamples: (id, ids) => call("POST", `${project(id)}/samples/remove`, { ids }),
  /** @param {string} id @param {string[]} ids */
  restoreSamples: (id, ids) => call("POST", `${project(id)}/samples/restore`, { ids }),
  /** @param {string} id @param {string} label_id */
  startBurst: (id, label_id) => call("POST", `${project(id)}/burst`, { label_id }),
  /** @param {string} id */
  stopBurst: (id) => call("DELETE", `${project(id)}/burst`),

  /** @param {string} id */
  train: (id) => call("POST", `${project(id)}/train`),
  /** @param {string} job */
  job: (job) => call("GET", `/api/jobs/${part(job)}`),
  /**
   * Waits for a long work to end, telling how far it is.
   * @param {import("./types.js").Job} job @param {(progress: number) => void} progress
   * @returns {Promise<import("./types.js").Job>}
   */
  async ended(job, progress) {
    let now = job;
    while (now.state === "waiting" || now.state === "running") {
      progress(now.progress);
      await new Promise((resolve) => setTimeout(resolve, 300));
      now = await api.job(now.id);
    }
    if (now.error) throw new ApiError(0, now.error);
    return now;
  },
  /** @param {string} job */
  cancel: (job) => call("POST", `/api/jobs/${part(job)}/cancel`),
  /** @param {string} id */
  check: (id) => call("GET", `${project(id)}/check`),
  /** @param {string} id @param {string} truth @param {string} predicted */
  cell: (id, truth, predicted) =>
    call("GET", `${project(id)}/check/cell?true=${part(truth)}&predicted=${part(predicted)}`),
  /** @param {string} id @param {Blob} picture */
  predict: (id, picture) => call("POST", `${project(id)}/predict`, pictureOrSample(picture)),
  /** @param {string} id @param {Blob | string} picture */
  explain: (id, picture) => call("POST", `${project(id)}/explain`, pictureOrSample(picture)),

  /** @param {boolean} [again] ask them once more */
  meters: (again = false) => call("GET", `/api/lab/meters?again=${again ? 1 : 0}`),
  /** @param {string} id @returns {Promise<import("./types.js").Lab>} */
  lab: (id) => call("GET", `${project(id)}/lab`),
  /** @param {string} id @param {import("./types.js").Guess & { subject: string }} bet */
  placeBet: (id, bet) => call("PUT", `${project(id)}/lab/bets`, bet),
  /** @param {string} id @param {string} subject @param {string} mode */
  measure: (id, subject, mode) => call("POST", `${project(id)}/lab/measure`, { subject, mode }),
  /** @param {string} id */
  stopMeasuring: (id) => call("POST", `${project(id)}/lab/stop`),

  /** @param {string} id */
  outputs: (id) => call("GET", `${project(id)}/outputs`),
  /** @param {string} id @param {Record<string, any>} wire with `id`, the one to change; else a new one */
  putWire: (id, wire) => call("POST", `${project(id)}/outputs`, wire),
  /** @param {string} id @param {string} wire */
  removeWire: (id, wire) => call("DELETE", `${project(id)}/outputs/${part(wire)}`),
  /** @param {string} id @param {string} wire */
  testWire: (id, wire) => call("POST", `${project(id)}/outputs/${part(wire)}/test`),
  /** @param {string} id */
  startOutputs: (id) => call("POST", `${project(id)}/outputs/start`),
  /** @param {string} id */
  stopOutputs: (id) => call("POST", `${project(id)}/outputs/stop`),

  activities: () => call("GET", "/api/activities"),
  /** @param {string} name */
  activity: (name) => call("GET", `/api/activities/${part(name)}`),
  /** @param {string} address one of the basket's @returns {Promise<Blob>} */
  async examplePicture(address) {
    const answer = await fetch(address).catch(() => null);
    if (answer?.ok) return answer.blob();
    const said = await answer?.json().then((content) => content.error, () => null);
    // Translators: shown when a picture of an example object did not come.
    const message = said?.message ?? _("The picture of this object did not come. Choose it once more.");
    throw new ApiError(answer?.status ?? 0, { id: "no-picture", message });
  },
};
