// Files can be dropped onto their input; without scripts the input alone does it.
for (const place of document.querySelectorAll("[data-drop]")) {
  const input = place.querySelector("input[type=file]");
  place.querySelector("[data-drop-word]").hidden = false;
  const over = (on) => (event) => { event.preventDefault(); place.classList.toggle("over", on); };
  place.addEventListener("dragenter", over(true));
  place.addEventListener("dragover", over(true));
  place.addEventListener("dragleave", over(false));
  place.addEventListener("drop", (event) => {
    over(false)(event);
    if (event.dataTransfer.files.length) input.files = event.dataTransfer.files;
  });
}
