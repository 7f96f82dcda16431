// @ts-check
/**
 * What differs between projects of pictures, of sounds and of gestures: their words, and what is
 * asked of whoever makes one. How samples are taken is a sense's business (`pages/project-*.js`).
 *
 * @typedef {"burst" | "film" | "files" | "record"} Way  how a label's button takes samples
 *
 * @typedef {{
 *   samples: (n: number) => string, taking: (burst: import("../lib/types.js").Burst) => string,
 *   bursts: (n: number) => string,
 *   firstTitle: () => string, firstText: () => string, twoFirst: () => string, reading: () => string, soon: () => string, tooFew: () => string,
 *   show: (way: Way) => [words: string, icon: string],
 *   all: () => [words: string, icon: string], allOf: (name: string) => string,
 *   addFiles: () => [words: string, icon: string], noneYet: () => string, how: () => string,
 *   titleOf: (name: string) => string, noneHere: () => string, one: (number: number) => string,
 *   older: () => string, chosen: (n: number) => string,
 *   moved: (n: number, name: string) => string, removed: (n: number) => string,
 *   goes: () => string, noLive: () => string, tryOne: () => string, explain: () => string,
 *   learnt: () => string, stale: () => string, instant: () => string,
 *   curve: (values: { share: string, steps: number }) => string,
 *   shownAfter: () => string, leftOut: () => string, unchecked: (names: string) => string, showAgain: () => string, showAfterTraining: () => string,
 *   readErrors: () => string, cell: (n: number, values: Record<string, string | number>) => string,
 *   checked: () => string, answerTo: () => string, near: () => string,
 *   where: () => string, kit: () => [words: string, icon: string], settings: () => string, hint: () => string,
 *   nothing: () => [name: string, button: string],
 * }} Words
 *
 * One setting of a project: asked on creation, changed later in the project's settings.
 * @typedef {{ value: string | number, title: string, text: string }} Choice
 * @typedef {{ name: "hearing" | "hands" | "blur_faces", question: string, why: string, choices: Choice[],
 *   first: string | number, asked: boolean }} Setting  asked: on creation
 *
 * @typedef {{ name: string, icon: string, accept: string, photo: boolean,
 *   backgroundFirst: boolean, answersAlways: boolean, words: Words,
 *   title: () => string, text: () => string, settings: () => Setting[] }} Kind
 *   answersAlways: whatever is seen; of gestures nothing is answered where no hand is
 */
import { gesture } from "./gesture.js";
import { image } from "./image.js";
import { sound } from "./sound.js";

/** In the order in which they are offered. @type {Kind[]} */
export const KINDS = [image, sound, gesture];

/** @param {string | undefined} name @returns {Kind} */
export const kindOf = (name) => KINDS.find((kind) => kind.name === name) ?? image;
