/* The board: cards are dragged, or moved with Ctrl and an arrow key. Both send the very form that stands on the card. */
addEventListener("DOMContentLoaded", () => {
  const board = document.querySelector("[data-board]");
  if (!board) return;
  const says = document.querySelector("[data-board-says]");
  const columns = [...board.querySelectorAll("[data-column]")];
  const named = (column) => column.querySelector("[data-name]").textContent;
  const fill = (text, values) => text.replace(/\{(\w+)\}/g, (_, name) => values[name]);
  let dragged = null;

  function send(card, column) {
    const from = card.closest("[data-column]");
    if (!column || column === from) return;
    const form = card.querySelector("form");
    const told = { title: card.querySelector(".title").textContent.trim(), before: named(from), stage: named(column) };
    form.elements.stage.value = column.dataset.column;
    if (columns.indexOf(column) < columns.indexOf(from)) {
      if (!confirm(fill(board.dataset.asks, told))) { form.elements.stage.value = from.dataset.column; return; }
      const meant = document.createElement("input");
      Object.assign(meant, { type: "hidden", name: "back", value: "1" });
      form.append(meant);
    }
    says.textContent = fill(board.dataset.moves, told);
    form.submit();
  }

  for (const card of board.querySelectorAll("[data-card]")) {
    card.addEventListener("dragstart", (event) => { dragged = card; card.classList.add("dragged"); event.dataTransfer.effectAllowed = "move"; });
    card.addEventListener("dragend", () => { dragged = null; card.classList.remove("dragged"); });
    card.addEventListener("keydown", (event) => {
      const step = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
      if (!step || !event.ctrlKey) return;
      event.preventDefault();
      const towards = getComputedStyle(board).direction === "rtl" ? -step : step;
      send(card, columns[columns.indexOf(card.closest("[data-column]")) + towards]);
    });
  }
  for (const column of columns) {
    column.addEventListener("dragover", (event) => { if (dragged) { event.preventDefault(); column.classList.add("over"); } });
    column.addEventListener("dragleave", () => column.classList.remove("over"));
    column.addEventListener("drop", (event) => {
      event.preventDefault();
      column.classList.remove("over");
      if (dragged) send(dragged, column);
    });
  }
});
