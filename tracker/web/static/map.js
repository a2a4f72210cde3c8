/* Moves the map through the years without asking for the page again; without this, the form does. */
addEventListener("DOMContentLoaded", () => {
  for (const atlas of document.querySelectorAll("[data-map]")) {
    const slider = atlas.querySelector("[data-slider]");
    const field = atlas.querySelector("[name=year]");
    let known = null;
    let drawing = false;

    // The years are asked for once, as soon as somebody reaches for the slider.
    const load = () => (known ??= fetch(atlas.dataset.map, { headers: { Accept: "application/json" } })
      .then((reply) => (reply.ok && !reply.redirected ? reply.json() : Promise.reject(reply)))
      .catch(() => { known = null; return null; }));
    const at = (steps, year) => (steps || []).filter(([from]) => from <= year).pop()?.[1];
    const thick = (many) => [1, 2, 4, 8].filter((least) => many >= least).length;

    const draw = async () => {
      if (drawing) return;
      drawing = true;
      const all = await load();
      await new Promise(requestAnimationFrame);
      drawing = false;
      if (!all) { field.form.submit(); return; }
      const year = Number(slider.value);
      const counts = all.counts[year] || {};
      let linked = 0;
      let sum = 0;
      for (const city of atlas.querySelectorAll(".map [data-city]")) {
        const slug = city.dataset.city;
        const name = at(all.names[slug], year);
        const label = city.querySelector("text");
        if (label) label.textContent = name;
        const link = at(all.links[slug], year);
        if (!link) continue;
        city.setAttribute("class", `city ${link} w${thick(counts[slug] || 0)}`);
        city.querySelector("title").textContent = `${name}: ${all.words[link]}`;
      }
      for (const row of atlas.querySelectorAll("[data-row]")) {
        const slug = row.dataset.row;
        const link = at(all.links[slug], year) || "none";
        row.hidden = link === "none";
        row.querySelector("[data-name]").textContent = at(all.names[slug], year);
        row.querySelector("[data-state]").textContent = all.words[link];
        row.querySelector("[data-number]").textContent = counts[slug] || 0;
        linked += all.linked.includes(link) ? 1 : 0;
        sum += counts[slug] || 0;
      }
      atlas.querySelector("[data-linked]").textContent = linked;
      atlas.querySelector("[data-activities]").textContent = sum;
    };

    for (const first of ["pointerenter", "focus", "pointerdown"]) slider.addEventListener(first, load, { once: true });
    slider.addEventListener("input", () => { field.value = slider.value; draw(); });
    field.addEventListener("change", () => {
      if (!field.checkValidity()) return;
      slider.value = field.value;
      draw();
    });
    slider.addEventListener("change", () => {
      const here = new URL(location);
      here.searchParams.set("year", slider.value);
      history.replaceState(history.state, "", here);
    });
  }
});
