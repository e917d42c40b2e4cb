// Forms of which one works once: of a double click only the first counts, whose answer would be lost in that of the second.
// Who stops the page, or comes back to it, can send it again. Without scripts the form works as well.
"use strict";

const AGAIN_AFTER = 10_000;

const once = [...document.querySelectorAll("form[data-once]")];
const hold = (held) => once.forEach((form) => form.querySelectorAll("button").forEach((button) => (button.disabled = held)));

for (const form of once) {
  form.addEventListener("submit", () => {
    hold(true);
    setTimeout(hold, AGAIN_AFTER, false);
  });
}
addEventListener("pageshow", () => hold(false));
