// Buttons that copy the word before them. They stay hidden without scripts, and where the browser lets nobody copy (plain http).
"use strict";

const show = () => document.querySelectorAll("button[data-copy][hidden]").forEach((button) => (button.hidden = !navigator.clipboard));

addEventListener("click", async (event) => {
  const button = event.target.closest?.("button[data-copy]");
  if (!button) return;
  await navigator.clipboard.writeText(button.previousElementSibling.textContent.trim());
  const done = button.nextElementSibling;
  done.textContent = done.dataset.copyDone;
  done.classList.remove("unseen");
});
// A live part of the page comes anew, with the buttons hidden.
new MutationObserver(show).observe(document.body, { childList: true, subtree: true, attributes: true, attributeFilter: ["hidden"] });
show();
