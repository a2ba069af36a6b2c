// Single keys for people who work the queue all day. They do nothing while somebody types or a dialog is open, and can be
// switched off in this browser: speech input types letters. Everything they do can be done without them.
const help = document.querySelector("#keys");
const isOn = document.querySelector("#single-keys");
const opener = document.querySelector("#open-keys");
const rows = [...document.querySelectorAll(".app-queue__subject")];
const KEPT = "helpdesk-single-keys";
const WAITS = 1_500;
const TYPED_INTO = "input:not([type=checkbox], [type=radio]), textarea, select, [contenteditable]";
let goes;

opener.hidden = false;
opener.addEventListener("click", () => help.showModal());
isOn.checked = kept() !== "off";
isOn.addEventListener("change", () => keep(isOn.checked ? "on" : "off"));
document.addEventListener("keydown", (event) => {
  const isTaken = event.ctrlKey || event.metaKey || event.altKey || event.isComposing || event.defaultPrevented;
  if (isTaken || !isOn.checked || event.target.matches(TYPED_INTO) || document.querySelector("dialog[open]")) return;
  if (goes ? go(event.key) : act(event.key)) event.preventDefault();
});

function act(key) {
  if (key === "j") return move(1);
  if (key === "k") return move(-1);
  if (key === "x") return tick();
  if (key === "/") return search();
  if (key === "?") return help.showModal() ?? true;
  if (key === "g") goes = setTimeout(forget, WAITS);
  return key === "g";
}

function go(key) {
  forget();
  const place = [...document.querySelectorAll("#palette-list a[data-key]")].find((link) => link.dataset.key === key);
  place?.click();
  return Boolean(place);
}

function forget() {
  clearTimeout(goes);
  goes = undefined;
}

// The row that holds the focus is the current one, so Enter opens it as it opens every link.
function move(by) {
  const at = rows.findIndex((row) => row.closest("tr").contains(document.activeElement));
  const next = rows[at === -1 ? 0 : at + by];
  next?.focus();
  return Boolean(next);
}

function tick() {
  const box = document.activeElement.closest("tr")?.querySelector("input[name='pick']");
  box?.click();
  return Boolean(box);
}

function search() {
  const field = document.querySelector("#q");
  if (field) field.select();
  else location.assign(document.querySelector("#palette").dataset.search);
  field?.focus();
  return true;
}

// A browser may forbid the storage; then the choice holds for this page.
function kept() {
  try {
    return localStorage.getItem(KEPT);
  } catch {
    return null;
  }
}

function keep(value) {
  try {
    localStorage.setItem(KEPT, value);
  } catch {
    // As said above.
  }
}
