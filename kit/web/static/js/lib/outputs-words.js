// @ts-check
/** What the parts on the pins are called, and how each is connected. */
import { _ } from "./i18n.js";

/** @typedef {"led" | "rgb-led" | "buzzer" | "servo" | "relay" | "button"} Part */

/** @param {string} part */
export function partName(part) {
  // Translators: a part that hangs on the kit's pins: a light-emitting diode.
  const led = _("LED");
  // Translators: a part: a light-emitting diode of three colours.
  const rgb = _("colour LED (RGB)");
  // Translators: a part that buzzes by itself when it has current (an active buzzer).
  const buzzer = _("buzzer");
  // Translators: a part: a small motor that goes to an angle.
  const servo = _("servo motor");
  // Translators: a part: a relay on a small board, which switches another circuit.
  const relay = _("relay module");
  // Translators: a part: a big push button as in an arcade.
  const button = _("arcade button");
  return /** @type {Record<string, string>} */ ({ led, "rgb-led": rgb, buzzer, servo, relay, button })[part] ?? part;
}

/** @param {string} leg */
export function legName(leg) {
  // Translators: label of the list of pins for the one wire of a part.
  const signal = _("Pin");
  // Translators: label of the list of pins: the red leg of a colour LED.
  const red = _("Pin of red");
  // Translators: label of the list of pins: the green leg of a colour LED.
  const green = _("Pin of green");
  // Translators: label of the list of pins: the blue leg of a colour LED.
  const blue = _("Pin of blue");
  return /** @type {Record<string, string>} */ ({ signal, red, green, blue })[leg] ?? leg;
}

/** @param {string} leg */
export function legShort(leg) {
  // Translators: the red leg of a colour LED, in the drawing of the pins. Short.
  const red = _("red");
  // Translators: the green leg of a colour LED, in the drawing of the pins. Short.
  const green = _("green");
  // Translators: the blue leg of a colour LED, in the drawing of the pins. Short.
  const blue = _("blue");
  return /** @type {Record<string, string>} */ ({ red, green, blue })[leg] ?? leg;
}

/**
 * How to connect it, one step a wire.
 * @param {string} part @param {{ pin: string, ground: string, five: string, three: string }} at
 * words for the pins, such as "pin 11 (GPIO 17)"; several pins with commas
 * @returns {string[]}
 */
export function steps(part, { pin, ground, five, three }) {
  // Translators: how to connect an LED. {pin} is such as "pin 11 (GPIO 17)".
  const long = _("Long leg: through a resistor of 330 Ω to {pin}.", { pin });
  // Translators: how to connect an LED. {ground} is such as "pin 9 (ground)".
  const short = _("Short leg: to {ground}.", { ground });
  // Translators: how to connect a colour LED. {pin} is three pins with commas.
  const three_legs = _("Red, green, blue: each through a resistor of 330 Ω to {pin}, in this order.", { pin });
  // Translators: how to connect a colour LED of the common-cathode kind.
  const common = _("Longest leg (common cathode): to {ground}.", { ground });
  // Translators: how to connect an active buzzer.
  const plus = _("Plus of an active buzzer for 3.3 V: to {pin}.", { pin });
  // Translators: how to connect a buzzer, relay module or servo.
  const minus = _("Minus: to {ground}.", { ground });
  // Translators: how to connect a servo motor.
  const orange = _("Orange or yellow wire (signal): to {pin}.", { pin });
  // Translators: how to connect a servo motor.
  const brown = _("Brown or black wire: to {ground}.", { ground });
  // Translators: how to connect a servo motor. {five} is such as "pin 2 (5 V)".
  const power = _("Red wire: to {five} for one very small servo (9 g) only; a larger one needs a supply of its own, with the grounds joined.", { five });
  // Translators: how to connect a relay module; IN is printed on it.
  const input = _("IN of the relay module: to {pin}. The relay alone must never be on a pin: take a module.", { pin });
  // Translators: how to connect a relay module; VCC is printed on it. {three} is such as "pin 1 (3.3 V)".
  const vcc = _("VCC of a module for 3.3 V: to {three}.", { three });
  // Translators: a warning about relays.
  const low = _("Only low voltages on the other side: batteries, 12 V. Never the mains.");
  // Translators: how to connect a push button.
  const one = _("One contact: to {pin}.", { pin });
  // Translators: how to connect a push button.
  const other = _("The other contact: to {ground}. No resistor is needed.", { ground });
  return (
    /** @type {Record<string, string[]>} */ ({
      led: [long, short],
      "rgb-led": [three_legs, common],
      buzzer: [plus, minus],
      servo: [orange, brown, power],
      relay: [input, vcc, minus, low],
      button: [one, other],
    })[part] ?? []
  );
}
