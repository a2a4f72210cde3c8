/* A document that is being made: its bar follows the worker; without this a link looks again. */
"use strict";
addEventListener("DOMContentLoaded", () => {
  const place = document.querySelector("[data-making]");
  if (!place || !place.dataset.open) return;
  const follow = (told) => {
    if (told.job !== place.dataset.making) return;
    const bar = place.querySelector("progress");
    bar.value = told.progress;
    const step = document.getElementById("step");
    if (step.textContent !== told.words) step.textContent = told.words;
    // The finished page is the server's: there is one place that says what became of it.
    if (told.state === "done" || told.state === "failed") location.reload();
  };
  // live.js hands on what the house tells; should it be silent, the page is looked at again.
  addEventListener("tracker:report", (event) => follow(event.detail));
  setTimeout(() => location.reload(), 20000);
});
