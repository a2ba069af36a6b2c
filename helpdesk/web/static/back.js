// A page that answers a form that was sent cannot be gone back to: no copy of it stays on a shared computer, and the
// browser shows an error instead. Noted as a visit it can: the form comes again, and the browser puts back what was
// typed. Only for pages that have the same address before and after they are sent.
history.replaceState(history.state, "", location.href);

// The browser keeps what differs from the page as it came. Here what was typed came with the page, so it is told apart.
addEventListener("pagehide", () => {
  for (const control of document.querySelectorAll("main input:not([type=hidden]), main textarea")) {
    const { value, checked } = control;
    control.defaultValue = control.matches("[type=radio], [type=checkbox]") ? value : "";
    control.defaultChecked = false;
    Object.assign(control, { value, checked });
  }
});
