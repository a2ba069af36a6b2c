// Ticking rows: how many are ticked is said, the bar below opens with the first, and Shift ticks all between two.
const boxes = [...document.querySelectorAll("input[name='pick']")];
const bar = document.querySelector("#bulk-bar");
const count = document.querySelector("#bulk-count");
const hasRoom = matchMedia("(min-width: 48em) and (min-height: 40em)");
let last;

for (const box of boxes) {
  box.addEventListener("click", (event) => {
    if (event.shiftKey && last) tickBetween(boxes.indexOf(last), boxes.indexOf(box), box.checked);
    last = box;
  });
  box.addEventListener("change", tell);
}
tell(); // a browser that goes back keeps what was ticked

function tickBetween(one, other, isTicked) {
  for (const box of boxes.slice(Math.min(one, other), Math.max(one, other) + 1)) box.checked = isTicked;
  tell();
}

function tell() {
  const ticked = boxes.filter((box) => box.checked).length;
  if (ticked && hasRoom.matches) bar.open = true;
  const words = ticked ? `${ticked} ${ticked === 1 ? "request" : "requests"} ticked` : "";
  document.querySelector("#bulk-words").textContent = ticked ? `Change them: ${words}` : "Change several requests";
  if (count.textContent !== words) count.textContent = words;
}
