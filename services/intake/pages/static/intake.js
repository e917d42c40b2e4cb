// A picture is looked at before it travels: shown small if it may be sent, refused at once if it is too large.
// Without scripts the form works as well: the server says the same.
"use strict";

const show = (input, made) => {
  document.getElementById(`${input.id}-here`)?.remove();
  if (!made) return;
  made.id = `${input.id}-here`;
  input.parentElement.after(made);
};

const refusal = (largest) => {
  const line = document.createElement("p");
  line.className = "wrong";
  line.setAttribute("role", "alert");
  line.textContent = `This file is larger than ${Math.floor(largest / 1048576)} MB. Make the picture smaller, and choose it again.`;
  return line;
};

const preview = (file) => {
  const image = document.createElement("img");
  image.className = "preview";
  image.alt = "The picture you chose";
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
    show(input, tooLarge ? refusal(largest) : file && preview(file));
  });
}
