/* Single keys for those who like them: / j k n ?. Every page works without; they can be switched off in the dialog. */
(() => {
  const OFF = "tracker-keys-off";
  let off = false;
  try { off = localStorage.getItem(OFF) === "1"; } catch { /* without storage they are simply on */ }

  const rows = () => [...document.querySelectorAll("[data-rows] > li, main .rows > li")].filter((row) => row.querySelector("a.title"));

  const move = (step) => {
    const all = rows();
    if (!all.length) return;
    const here = all.findIndex((row) => row.contains(document.activeElement));
    const next = all[Math.max(0, Math.min(all.length - 1, here < 0 ? 0 : here + step))];
    next.querySelector("a.title").focus();
    next.scrollIntoView({ block: "nearest" });
  };

  addEventListener("DOMContentLoaded", () => {
    const dialog = document.getElementById("keys");
    if (!dialog) return;
    const opener = document.querySelector("[data-keys-open]");
    const choice = dialog.querySelector("[name=keys]");
    opener.addEventListener("click", () => dialog.showModal());
    choice.checked = !off;
    choice.addEventListener("change", () => {
      off = !choice.checked;
      try { localStorage.setItem(OFF, off ? "1" : "0"); } catch { /* holds until the page is left */ }
    });

    const deeds = {
      "/": () => {
        const field = document.querySelector("[data-key=search]");
        if (field) { field.focus(); field.select(); } else location.href = dialog.dataset.search;
      },
      j: () => move(1),
      k: () => move(-1),
      n: () => { if (dialog.dataset.new) location.href = dialog.dataset.new; },
      "?": () => dialog.showModal(),
    };

    document.addEventListener("keydown", (event) => {
      // Never where somebody types or chooses, never beside another key, never over an open dialog.
      if (off || event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || dialog.open) return;
      if (event.target.closest("input, textarea, select, [contenteditable], dialog, [role=listbox], [data-no-keys]")) return;
      // By what is written on the key; on a Russian keyboard by where it lies.
      const key = event.key in deeds ? event.key : { Slash: event.shiftKey ? "?" : "/", KeyJ: "j", KeyK: "k", KeyN: "n" }[/^[а-яё]$/i.test(event.key) || (event.code === "Slash" && /[^\x00-\x7f]|[.,]/.test(event.key)) ? event.code : ""];
      if (!key) return;
      event.preventDefault();
      deeds[key]();
    });

    const wanted = new URLSearchParams(location.search);
    if (wanted.has("search")) document.querySelector("[data-key=search]")?.focus();
  });
})();
