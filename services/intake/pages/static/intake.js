// A picture is looked at before it travels: shown small if it may be sent, refused at once if it is too large.
// Without scripts the form works as well: the server says the same.
"use strict";

const show = (input, made) => {
  document.getElementById(`${input.id}-here`)?.remove();
  if (!made) return;
  made.id = `${input.id}-here`;
  input.parentElement.after(made);
};

const refusal = (words) => {
  const line = document.createElement("p");
  line.className = "wrong";
  line.setAttribute("role", "alert");
  line.textContent = words;
  return line;
};

const preview = (file, words) => {
  const image = document.createElement("img");
  image.className = "preview";
  image.alt = words;
  image.src = URL.createObjectURL(file);
  image.onerror = () => image.remove();
  return image;
};

for (const input of document.querySelectorAll("input[type=file][data-largest]")) {
  input.addEventListener("change", () => {
    const file = input.files[0];
    const largest = Number(input.dataset.largest);
    const tooLarge = file && file.size > largest;
    if (tooLarge) input.value = "";
    show(input, tooLarge ? refusal(input.dataset.tooLarge) : file && preview(file, input.dataset.preview));
  });
}
