/* Makes pages quicker to use; every page works without it. */
document.documentElement.classList.add("js");

addEventListener("DOMContentLoaded", () => {
  // A date field shows at once how its text is understood.
  for (const field of document.querySelectorAll("[data-understand]")) {
    const answer = document.getElementById(field.dataset.understand);
    let waiting;
    field.addEventListener("input", () => {
      clearTimeout(waiting);
      waiting = setTimeout(async () => {
        const text = field.value.trim();
        if (!text) { answer.textContent = ""; return; }
        const reply = await fetch(`/understand?text=${encodeURIComponent(text)}${"timed" in field.dataset ? "&timed=1" : ""}`, { headers: { Accept: "application/json" } });
        if (reply.ok && field.value.trim() === text) answer.textContent = (await reply.json()).says;
      }, 300);
    });
  }

  for (const button of document.querySelectorAll("[data-copy]")) {
    button.addEventListener("click", async () => {
      const field = document.getElementById(button.dataset.copy);
      await navigator.clipboard.writeText(field.value);
      document.getElementById(button.dataset.says).textContent = button.dataset.done;
      field.select();
    });
  }

  // The menu closes when one looks elsewhere, as people expect.
  for (const menu of document.querySelectorAll("details.drop")) {
    document.addEventListener("click", (event) => { if (!menu.contains(event.target)) menu.open = false; });
    menu.addEventListener("keydown", (event) => {
      if (event.key === "Escape") { menu.open = false; menu.querySelector("summary").focus(); }
    });
  }

  // A refused form begins at the list of what is to be mended.
  document.querySelector("[data-faults]")?.focus();
});
