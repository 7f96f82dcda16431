// @ts-check
/**
 * What the project page asks of a sense, and a sense of the page. Nothing runs here.
 *
 * A sense owns its stage, its device's state and the taking of samples; the page owns the project's
 * state and every card. One is chosen by the project's kind when the page opens.
 *
 * @typedef {import("../lib/types.js").Burst} Burst
 * @typedef {import("../lib/types.js").Label} Label
 * @typedef {import("../lib/types.js").Prediction} Prediction
 * @typedef {import("../elements/sources.js").Source} Source
 *
 * @typedef {HTMLElement & {
 *   source: Source, awake: boolean, labels: Label[], prediction: Prediction | null,
 *   burst: { name: string, words: string } | null }} Stage
 *
 * @typedef {{
 *   stage: Stage,
 *   source: Source,
 *   way: import("../kinds/kind.js").Way,
 *   live: boolean,
 *   isAsked: boolean,
 *   standing: "ready" | "starting" | "none",
 *   start: () => void,
 *   running: (server: Burst | null) => Burst | null,
 *   asked?: () => Promise<Blob>,
 *   take: (label: string) => unknown,
 *   stop: () => unknown,
 *   takeFiles: (label: string, files: File[]) => Promise<unknown>,
 *   takeFilm: (label: string, film: File) => Promise<unknown>,
 *   choose: (source: Source) => void,
 *   again: () => void,
 *   openDevice: () => void,
 *   refresh: () => Promise<unknown>,
 *   news: (kind: string, data: any) => void,
 *   stateChanged?: () => void,
 *   noticed?: (notice: { id: string, message: string }) => boolean,
 *   readable?: (file: File) => Promise<Blob>,
 *   below?: Element,
 *   checks?: Element,
 *   lay?: (key: string) => unknown,
 *   streamBroke?: () => void,
 *   basket?: import("../lib/types.js").BasketShowing[],
 * }} Sense
 *   live: the kit is asked for its own news of what it sees or hears;
 *   isAsked: its answers are wanted now, never beside "the camera is starting";
 *   standing: whether an answer can come;
 *   running: the burst that runs, the page's own word before the kit's;
 *   asked: what is seen or heard now, as bytes, for one answer;
 *   noticed: whether it said the notice itself;
 *   readable: a file as the kit can read it; below: what stands under the stage; checks: in the card "Check".
 *
 * @typedef {{
 *   id: string, kind: import("../kinds/kind.js").Kind,
 *   state: () => import("../lib/types.js").ProjectState,
 *   change: (deed: () => Promise<unknown>) => Promise<unknown>,
 *   predicted: (prediction: Prediction | null) => void,
 *   drawLabels: () => void, drawWaiting: () => void, burstEnded: () => void, sourceChosen: () => void,
 * }} Page
 */
export {};
