/* Logging made safer: what is typed is kept as a draft, and what is logged already is shown. Both work without it, later. */
addEventListener("DOMContentLoaded", () => {
  const form = document.querySelector("form[data-draft]");
  if (!form) return;

  const kept = form.querySelector("[data-kept]");
  let dirty = false, sending = null, leaving = false;

  async function keep() {
    if (!dirty || leaving) return;
    dirty = false;
    sending = new AbortController();
    try {
      const reply = await fetch(form.dataset.draft, {
        method: "POST", body: new FormData(form), keepalive: true, redirect: "manual", signal: sending.signal,
      });
      kept.textContent = reply.status === 204 ? kept.dataset.keptSays : kept.dataset.lostSays;
    } catch { dirty = true; }  // no connection: the next turn tries again
  }

  form.addEventListener("input", () => { dirty = true; });
  // What is being saved is no draft any more, and a late copy of it must not come back as one.
  form.addEventListener("submit", () => { leaving = true; sending?.abort(); });
  addEventListener("pageshow", () => { leaving = false; });
  addEventListener("pagehide", keep);
  document.addEventListener("visibilitychange", () => { if (document.hidden) keep(); });
  setInterval(keep, 4000);

  const answer = document.getElementById("doubles");
  if (!form.dataset.doubles || !answer) return;
  let waiting;
  async function look() {
    const typed = new FormData(form), asked = new URLSearchParams();
    for (const [name, value] of typed) {
      if (value && (name.startsWith("title.") || ["twins", "start", "end"].includes(name))) asked.append(name, value);
    }
    const reply = await fetch(`${form.dataset.doubles}&${asked}`);
    const found = reply.ok && !reply.redirected ? (await reply.text()).trim() : "";
    if (found !== answer.dataset.shown) { answer.innerHTML = found; answer.dataset.shown = found; }
  }
  form.addEventListener("change", (event) => {
    if (!/^(title\.|twins$|start$|end$)/.test(event.target.name)) return;
    clearTimeout(waiting);
    waiting = setTimeout(look, 300);
  });
});
