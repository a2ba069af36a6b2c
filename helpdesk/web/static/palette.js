// Ctrl+K: one box to go to a view, to a reference or to a search, and to what can be done on the open request.
// It only presses the links and buttons that the page has anyway.
const palette = document.querySelector("#palette");
const words = document.querySelector("#palette-words");
const list = document.querySelector("#palette-list");
const count = document.querySelector("#palette-count");
const opener = document.querySelector("#open-palette");
const ACTIONS = ".app-ticket__head .app-actions button, .app-ticket__aside summary, .app-reply textarea";

for (const action of document.querySelectorAll(ACTIONS)) list.prepend(entry(action));
const search = list.appendChild(document.createElement("li")).appendChild(document.createElement("a"));

filter();
opener.hidden = false;
opener.addEventListener("click", open);
words.addEventListener("input", filter);
palette.addEventListener("keydown", (event) => {
  if (event.key === "ArrowDown" || event.key === "ArrowUp") step(event, event.key === "ArrowDown" ? 1 : -1);
  if (event.key === "Enter" && event.target === words && !event.isComposing) choose(event);
});
document.addEventListener("keydown", (event) => {
  if (event.key.toLowerCase() !== "k" || !(event.ctrlKey || event.metaKey) || event.shiftKey || event.altKey) return;
  event.preventDefault();
  if (palette.open) palette.close();
  else if (!document.querySelector("dialog[open]")) open();
});

function entry(action) {
  const button = document.createElement("button");
  button.type = "button";
  button.textContent = action.matches("textarea") ? "Write an answer or a note" : action.textContent.trim();
  button.addEventListener("click", () => {
    palette.close();
    if (action.matches("summary")) action.parentElement.open = true;
    if (action.matches("button")) action.click();
    else action.focus();
  });
  const item = document.createElement("li");
  item.append(button);
  return item;
}

function open() {
  words.value = "";
  filter();
  palette.showModal();
  words.focus();
}

function filter() {
  const typed = words.value.trim().toLowerCase();
  search.href = `${palette.dataset.search}?${new URLSearchParams({ q: words.value.trim() })}`;
  search.textContent = `Search all requests for “${words.value.trim()}”`;
  for (const item of list.children) item.hidden = !item.textContent.toLowerCase().includes(typed);
  search.parentElement.hidden = !typed;
  const shown = entries().length;
  count.textContent = typed ? `${shown} ${shown === 1 ? "entry" : "entries"}` : "";
}

function entries() {
  return [...list.querySelectorAll("li:not([hidden]) > *")];
}

function step(event, by) {
  event.preventDefault();
  const stops = [words, ...entries()];
  stops[(stops.indexOf(document.activeElement) + by + stops.length) % stops.length].focus();
}

function choose(event) {
  event.preventDefault();
  entries()[0]?.click();
}
