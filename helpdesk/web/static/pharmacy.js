// Suggests pharmacies while one is typed: an editable combobox whose list is chosen from by hand (ARIA practices).
// What was typed stands until something is chosen. Without this script the form asks the same after it is sent.
const SHORTEST = 2;
const PAUSE_MILLISECONDS = 250;

const box = document.querySelector("#pharmacy");
const list = document.createElement("ul");
const told = document.createElement("p");
let found = [];
let active = -1;
let pause;
let asked;

list.id = "pharmacy-list";
list.className = "app-combobox__list";
list.role = "listbox";
list.ariaLabel = "Pharmacies";
list.hidden = true;
told.className = "nhsuk-u-visually-hidden";
told.role = "status";

const around = document.createElement("div");
around.className = "app-combobox";
box.replaceWith(around);
around.append(box, list, told);
for (const [name, value] of Object.entries({
  role: "combobox",
  autocomplete: "off",
  "aria-autocomplete": "list",
  "aria-controls": list.id,
  "aria-expanded": "false",
})) {
  box.setAttribute(name, value);
}

box.addEventListener("input", () => {
  close();
  told.textContent = "";
  clearTimeout(pause);
  asked?.abort();
  if (box.value.trim().length >= SHORTEST) pause = setTimeout(ask, PAUSE_MILLISECONDS);
});
box.addEventListener("keydown", (event) => {
  const act = event.isComposing ? undefined : keys[event.key];
  if (act?.(event)) event.preventDefault();
});
box.addEventListener("blur", close);
// The focus stays in the box, so that a press on the list does not close it before it is let go.
list.addEventListener("mousedown", (event) => event.preventDefault());
list.addEventListener("click", (event) => {
  const option = event.target.closest("[role=option]");
  if (option) choose([...list.children].indexOf(option));
});

// Each says whether it took the key, so that Enter still sends the form and Escape still leaves full screen.
const keys = {
  ArrowDown: (event) => move(event.altKey ? active : active + 1),
  ArrowUp: (event) => (event.altKey ? close() : move(active > 0 ? active - 1 : found.length - 1)),
  Enter: () => active >= 0 && choose(active),
  Escape: () => !list.hidden && close(),
};

async function ask() {
  asked = new AbortController();
  const body = new URLSearchParams({ text: box.value, csrf_token: box.form.elements.csrf_token.value });
  try {
    const answer = await fetch(box.form.dataset.pharmacies, { method: "POST", body, signal: asked.signal });
    if (answer.ok) show((await answer.json()).pharmacies);
  } catch {
    // Typed on, or no network: the form asks again when it is sent.
  }
}

function show(pharmacies) {
  found = pharmacies;
  list.replaceChildren(...found.map(optionFor));
  if (found.length && document.activeElement === box) open();
  told.textContent = inWords(found.length);
}

function optionFor({ name, where }, at) {
  const option = document.createElement("li");
  option.id = `pharmacy-option-${at}`;
  option.role = "option";
  option.ariaSelected = "false";
  const place = document.createElement("span");
  place.textContent = where;
  option.append(name, " ", place);
  return option;
}

function inWords(count) {
  if (!count) return "No pharmacy found. You can send what you typed.";
  return `${count === 1 ? "1 pharmacy" : `${count} pharmacies`} found. Use the up and down arrow keys to choose.`;
}

function move(to) {
  if (!found.length) return false;
  open();
  activate(to >= found.length ? 0 : to);
  return true;
}

function activate(at) {
  list.children[active]?.setAttribute("aria-selected", "false");
  active = at;
  const option = list.children[active];
  if (option) box.setAttribute("aria-activedescendant", option.id);
  else box.removeAttribute("aria-activedescendant");
  option?.setAttribute("aria-selected", "true");
  option?.scrollIntoView({ block: "nearest" });
}

function choose(at) {
  box.value = found[at].value;
  close();
  found = [];
  told.textContent = `${box.value} chosen.`;
  return true;
}

function open() {
  list.hidden = false;
  list.scrollIntoView({ block: "nearest" });
  box.setAttribute("aria-expanded", "true");
}

function close() {
  activate(-1);
  list.hidden = true;
  box.setAttribute("aria-expanded", "false");
  return true;
}
