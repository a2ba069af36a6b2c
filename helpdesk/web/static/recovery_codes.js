// Print and copy, where a script can: without one the page is printed by the browser's own menu.
const codes = () => [...document.querySelectorAll(".app-codes li")].map((item) => item.textContent.trim()).join("\n");

function offer(id, act) {
  const button = document.getElementById(id);
  button.hidden = false;
  button.addEventListener("click", act);
}

offer("print-codes", () => window.print());
if (navigator.clipboard) {
  offer("copy-codes", async () => {
    await navigator.clipboard.writeText(codes());
    document.getElementById("copied").textContent = "Copied.";
  });
}
