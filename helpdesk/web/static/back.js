// A page that answers a form that was sent cannot be gone back to: no copy of it stays on a shared computer, and the
// browser shows an error instead. Noted as a visit it can: the form comes again, as empty as it came first, so that the
// next person at a shared computer reads nothing. Only for pages with the same address before and after they are sent.
history.replaceState(history.state, "", location.href);
