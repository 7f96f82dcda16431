// @ts-check
/**
 * Every call the page makes, by name. The `pages/` modules are the only callers: elements are
 * handed data and send events.
 */
import { _ } from "./i18n.js";

/** @typedef {import("./types.js").Said} Said */
/** @typedef {"file" | "film" | "browser camera" | "browser microphone" | "example"} SampleSource */

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
    /** Seconds after which to try again, where the kit says so. */
    this.waitS = Number(said.values?.["wait_s"] ?? 5);
  }
}

/**
 * @param {string} method
 * @param {string} path
 * @param {unknown} [body] FormData as it is; anything else as JSON
 * @returns {Promise<any>} the JSON answer, or null where there is none
 */
async function call(method, path, body) {
  for (;;) {
    try {
      return await callOnce(method, path, body);
    } catch (error) {
      const waits = error instanceof ApiError && error.id === "kit-measuring" && method === "POST" && path.endsWith("/samples");
      if (!waits) throw error;
      await silenceOver(error.waitS); // what was taken is kept afterwards: nobody has to show it again
    }
  }
}

/** When a measurement is over, or it is time to ask. @param {number} seconds @returns {Promise<void>} */
function silenceOver(seconds) {
  return new Promise((resolve) => {
    const go = () => {
      clearTimeout(timer);
      document.removeEventListener("kit-booking", hear);
      resolve();
    };
    const hear = (/** @type {Event} */ event) => {
      if (!(/** @type {CustomEvent} */ (event).detail.measuring)) go();
    };
    const timer = setTimeout(go, seconds * 1000);
    document.addEventListener("kit-booking", hear);
  });
}

/**
 * @param {string} method
 * @param {string} path
 * @param {unknown} [body]
 * @returns {Promise<any>}
 */
async function callOnce(method, path, body) {
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

/** @param {Blob | string} asked bytes of a picture or a sound, or the id of a kept sample */
function bytesOrSample(asked) {
  if (typeof asked === "string") return { sample_id: asked };
  const form = new FormData();
  const part = isSound(asked) ? "sound" : "picture";
  form.append(part, asked, asked instanceof File ? asked.name : part);
  return form;
}

/** @param {Blob} bytes */
const isSound = (bytes) => bytes.type.startsWith("audio/");

export const api = {
  session: () => call("GET", "/api/session"),
  leave: () => call("DELETE", "/api/session"),
  groups: () => call("GET", "/api/groups"),
  /** @param {string} animal */
  joinGroup: (animal) => call("POST", "/api/session/group", { animal }),
  sitAtTheKit: () => call("POST", "/api/session/screen"),
  screen: () => call("GET", "/api/screen"),
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

  microphone: () => call("GET", "/api/microphone"),
  /** @param {{ name: string }} settings */
  setMicrophone: (settings) => call("PUT", "/api/microphone", settings),

  projects: () => call("GET", "/api/projects"),
  /** @param {{ name: string, kind: string, activity?: string, hearing?: string, hands?: number }} wanted */
  createProject: (wanted) => call("POST", "/api/projects", wanted),
  addExample: () => call("POST", "/api/projects/example"),
  /**
   * @param {File} file @param {Record<string, string | number>} wanted the kind of another tool's zip, and its options
   * @returns {Promise<{ job: import("./types.js").Job }>}
   */
  importProject(file, wanted) {
    const form = new FormData();
    form.append("file", file, file.name);
    for (const [name, value] of Object.entries(wanted)) form.append(name, String(value));
    return call("POST", "/api/projects/import", form);
  },
  /** @param {string} id */
  state: (id) => call("GET", project(id)),
  /** @param {string} id @param {{ name?: string, threshold?: number | null, hearing?: string, hands?: number, blur_faces?: string }} changes */
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

  /** @param {string} id @param {string | null} label null: of all @param {number | null} before @param {number} [limit] */
  samples(id, label, before, limit = 60) {
    const own = label === null ? "" : `&label_id=${part(label)}`;
    const older = before === null ? "" : `&before=${before}`;
    return call("GET", `${project(id)}/samples?limit=${limit}${own}${older}`);
  },
  /**
   * @param {string} id @param {string} label @param {(Blob | File)[]} files pictures or sounds
   * @param {SampleSource} source
   * @param {string | null} burst null: each file is its own burst
   * @returns {Promise<{ samples: any[], refused: { name: string, error: Said }[], advice?: Said[] }>}
   */
  async addSamples(id, label, files, source, burst) {
    const form = new FormData();
    form.append("label_id", label);
    form.append("source", source);
    if (burst) form.append("burst", burst);
    files.forEach((file, index) => {
      const name = isSound(file) ? `${index + 1}.wav` : `${index + 1}.jpg`;
      form.append("files", file, file instanceof File ? file.name : name);
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
  /** @param {string} address of a clip @returns {Promise<ArrayBuffer>} a WAV */
  async sound(address) {
    const answer = await fetch(address).catch(() => null);
    if (answer?.ok) return answer.arrayBuffer();
    const said = await answer?.json().then((content) => content.error, () => null);
    // Translators: shown when a clip did not come from the kit.
    const message = said?.message ?? _("The clip did not come. Try once more.");
    throw new ApiError(answer?.status ?? 0, { id: "no-sound", message });
  },
  /** @param {string} id @param {string} sample @param {number | null} start_ms null: as it was before */
  trim: (id, sample, start_ms) => call("POST", `${project(id)}/samples/${part(sample)}/trim`, { start_ms }),
  /** @param {string} id @param {string} label_id @param {number} [seconds] how long the kit's microphone records */
  startBurst: (id, label_id, seconds) => call("POST", `${project(id)}/burst`, seconds ? { label_id, seconds } : { label_id }),
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
  /** @param {string} id @param {Blob} asked */
  predict: (id, asked) => call("POST", `${project(id)}/predict`, bytesOrSample(asked)),
  /** The hands in one picture, whatever was learnt. @param {string} id @param {Blob} picture */
  hands: (id, picture) => call("POST", `${project(id)}/hands`, bytesOrSample(picture)),
  /** @param {string} id @param {Blob | string} asked */
  explain: (id, asked) => call("POST", `${project(id)}/explain`, bytesOrSample(asked)),
  /** Answers about the last second of the kit's microphone. @param {string} id */
  predictHeard: (id) => call("POST", `${project(id)}/predict`, { microphone: true }),
  /** Both ways of hearing, tried on the same clips. @param {string} id */
  compareHearing: (id) => call("POST", `${project(id)}/compare-hearing`),
  /** @param {string} id @param {Blob | number} background a recording, or how many seconds to listen */
  falseAlarms(id, background) {
    if (typeof background === "number") return call("POST", `${project(id)}/false-alarms`, { seconds: background });
    const form = new FormData();
    form.append("sound", background, background instanceof File ? background.name : "background.wav");
    return call("POST", `${project(id)}/false-alarms`, form);
  },

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

  appliance: () => call("GET", "/api/appliance"),
  /** @param {boolean} on */
  switchWifi: (on) => call("POST", "/api/appliance/wifi", { on }),
  /** @param {boolean} off */
  wifiAtClassEnd: (off) => call("PUT", "/api/appliance/wifi-at-class-end", { off }),
  /** The kit's clock as this screen has it. */
  setClock() {
    const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
    return call("POST", "/api/appliance/clock", { wall_s: Math.round(Date.now() / 1000), zone });
  },
  /** @param {"off" | "restart"} deed */
  power: (deed) => call("POST", "/api/appliance/power", { deed, confirm: true }),

  lastReport: () => call("GET", "/api/doctor"),
  examine: () => call("POST", "/api/doctor"),

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
