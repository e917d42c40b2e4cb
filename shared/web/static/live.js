// A live part whose stream gave way to a newer one (shared/web/live.py) says so, with the way back below it.
document.addEventListener("gave-way", (event) => {
  event.target.nextElementSibling.hidden = false;
});
