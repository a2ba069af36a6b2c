"""Why a code is refused, and why there is none any more: what is asked, what may be said, and where each word leads.

No way from a start to its first end is longer than four taps. An end is an answer of the FAQ that mends it, a request
for a reset, or a person. Each thing said is told to the helpdesk in the requester's own voice (`told`).
"""

from helpdesk.bot.rules.places import Choice, ClockCheck, Finding, Person, Place, Reset, Step

# Key of the tap that has a browser measure the clock, and what is said to a program that sends no measurement.
MEASURE = "here"
NOT_MEASURED = "I could not measure the clock. Compare the two yourself."

# What each start tells, by the name of its first place.
STARTS = {"refused": "My code is refused.", "gone": "I cannot get a code any more."}
# What each start is called where it can be chosen.
NAMES = {"refused": "My code is refused: check it with me", "gone": "I cannot get a code any more"}
# The answers between which the first question of a start tells better than their titles.
ABOUT = {
    "refused": frozenset(
        (
            "codes/rejected",
            "codes/wrong-entry",
            "codes/clock",
            "codes/too-quick",
            "barcodes/scanned-but-refused",
            "locums/telling-entries-apart",
        )
    ),
    "gone": frozenset(
        (
            "authenticators/lost-phone",
            "authenticators/new-phone",
            "authenticators/deleted-entry",
            "authenticators/backup",
            "resets/ask",
        )
    ),
}
# The place at which a check begins after an answer that did not help. What the answer is about is not asked again.
ENTRANCES = {
    "codes/rejected": "refused",
    "codes/wrong-entry": "refused",
    "codes/clock": "refused",
    "codes/too-quick": "refused",
    "locums/telling-entries-apart": "refused",
    "barcodes/scanned-but-refused": "refused/setting-up",
    "authenticators/new-phone": "gone/new",
    "authenticators/lost-phone": "gone/lost",
    "authenticators/deleted-entry": "gone/deleted",
}

HAVE_READY = (
    "Ask your site administrator first, or your commissioner: both can reset you. If neither can, send the helpdesk "
    "the request that I have filled in for you. It still needs your name, your email address, your pharmacy and your "
    "user name. Nobody needs a code or a password for this."
)
WHO_RESETS = (
    Choice("ask", "How do I ask for a reset?", "", "ask"),
    Choice("administrator", "I am the site administrator", "I am the site administrator.", "administrator"),
    Choice("nobody", "We have no site administrator", "We have no site administrator.", "nobody"),
)


def _reset(why: str) -> Reset:
    return Reset(f"{why}\n\n{HAVE_READY}", WHO_RESETS)


def _clock(right: str) -> ClockCheck:
    return ClockCheck(
        "Codes are made from the time. Look at the clock on the device that has your authenticator app.",
        (
            Choice(MEASURE, "The app is on this device: check its clock", "", right),
            Choice(
                "right",
                "The same, or less than half a minute out",
                "The clock of my device is right.",
                right,
                "The clock is right, so it is not the time.",
            ),
            Choice(
                "ahead",
                "Ahead of that time",
                "The clock of my device was fast.",
                "wrong-clock",
                "A fast clock can make codes wrong.",
            ),
            Choice(
                "behind",
                "Behind that time",
                "The clock of my device was slow.",
                "wrong-clock",
                "A slow clock can make codes wrong.",
            ),
        ),
    )


PLACES: dict[str, Place] = {
    # The code is refused.
    "refused": Step(
        "When is the code refused?",
        (
            Choice("setting-up", "While I am setting up", "It happens while I am setting up.", "setting-up"),
            Choice("log-in", "At an ordinary log-in", "It happens when I log in.", "entries"),
            Choice("reset", "Since my MFA was reset", "My MFA was reset.", "after-reset"),
            Choice("everybody", "Nobody here can log in", "Nobody here can log in.", "outage"),
        ),
    ),
    "setting-up": Step(
        "How did you set it up?",
        (
            Choice("one-go", "In one go, with the page still open", "I set it up in one go.", "clock-at-set-up"),
            Choice("again", "I went back, refreshed or started again", "I started the set-up again.", "old-square"),
            Choice("typed", "I typed the key by hand", "I typed the key by hand.", "typed-key"),
            Choice("nhsmail", "With a guide for NHSmail", "I followed a guide for NHSmail.", "nhsmail"),
        ),
    ),
    "entries": Step(
        "How many PharmOutcomes entries does your app show?",
        (
            Choice("one", "Only one", "My app shows one PharmOutcomes entry.", "clock"),
            Choice("known", "Several, and I use the right one", "I use the right one of several entries.", "clock"),
            Choice("unknown", "Several, and I do not know which to use", "My app shows several entries.", "which"),
            Choice("pharmacies", "Several, from different pharmacies", "I have entries of several sites.", "sites"),
            Choice("none", "None", "My app shows no PharmOutcomes entry.", "gone"),
        ),
    ),
    "clock": _clock("other-causes"),
    "clock-at-set-up": _clock("old-square"),
    # There is no code any more.
    "gone": Step(
        "What happened?",
        (
            Choice("new", "I have a new phone", "I have a new phone.", "old-phone"),
            Choice("lost", "My phone is lost, stolen or broken", "My phone is lost, stolen or broken.", "spare"),
            Choice("deleted", "I deleted the app or the entry", "I deleted the app or the entry.", "restore"),
            Choice("replaced", "Another pharmacy’s entry replaced it", "Another entry replaced it.", "replaced"),
            Choice("away", "The phone is not here, or is flat", "My phone is not here, or is flat.", "away"),
            Choice("never", "I never set it up", "I never set it up, but am asked for a code.", "never"),
        ),
    ),
    "old-phone": Step(
        "Do you still have the old phone, or a back-up?",
        (
            Choice("both", "Yes, the old phone still shows codes", "The old phone still shows codes.", "move"),
            Choice("back-up", "There is a back-up, or there may be one", "There may be a back-up.", "restore-new"),
            Choice("neither", "Neither: no old phone and no back-up", "No old phone and no back-up.", "no-phone"),
        ),
    ),
    "spare": Step(
        "Is there a back-up, or a second device that shows the code?",
        (
            Choice("second", "A second device shows the code", "A second device shows the code.", "use-second"),
            Choice("back-up", "There is a back-up, or there may be one", "There may be a back-up.", "restore-lost"),
            Choice("neither", "Neither: no back-up and no second device", "No back-up, no second device.", "lost"),
        ),
    ),
    "restore": Step(
        "Was back-up or sync on in the app?",
        (
            Choice("yes", "Yes, or I am not sure", "There may be a back-up.", "bring-back"),
            Choice("no", "No, there is no back-up", "There is no back-up.", "deleted"),
        ),
    ),
    # What mends it.
    "after-reset": Finding(
        "resets/after", "After a reset the old entry is dead. Use the new one only.", "clock", "I set up again."
    ),
    "outage": Finding("access/system-down", "Then it may not be your code at all.", "our-side"),
    "old-square": Finding(
        "barcodes/scanned-but-refused",
        "The entry may come from an earlier set-up page. Its codes never work.",
        "set-up-stuck",
        "I deleted the entry and scanned again.",
    ),
    "typed-key": Finding(
        "barcodes/type-the-key", "Check the key that you typed.", "clock-at-set-up", "I typed the key again."
    ),
    "nhsmail": Finding(
        "steps/nhsmail-mix-up",
        "NHSmail and PharmOutcomes are set up apart.",
        "clock-at-set-up",
        "I set up PharmOutcomes by itself.",
    ),
    "which": Finding("codes/wrong-entry", "Only one of the entries works. Find it so.", "clock", "I tried them all."),
    "sites": Finding(
        "locums/telling-entries-apart", "Each entry works for one pharmacy.", "clock", "I tried them all."
    ),
    "wrong-clock": Finding("codes/clock", "Set it right like this.", "dead-entry", "It is right now.", is_certain=True),
    "other-causes": Finding("codes/rejected", "Check the other causes.", "dead-entry", "I checked the other causes."),
    "move": Finding(
        "authenticators/new-phone", "Move the entry from the old phone.", "no-phone", "Moving the entry did not work."
    ),
    "restore-new": Finding(
        "authenticators/new-phone",
        "Restore the back-up first. That may be enough.",
        "no-phone",
        "I could not restore it.",
    ),
    "use-second": Finding(
        "authenticators/lost-phone",
        "Use the code on the second device: it works just the same. Then look after the lost phone.",
        "lost",
        "Its code is refused.",
    ),
    "restore-lost": Finding(
        "authenticators/lost-phone", "Restore the back-up first. That may be enough.", "lost", "I could not restore it."
    ),
    "bring-back": Finding(
        "authenticators/deleted-entry", "Try to bring the entry back.", "deleted", "I could not bring the entry back."
    ),
    "replaced": Finding("locums/entry-overwritten", "It can be set up again.", "entry-replaced"),
    "away": Finding("authenticators/forgot-phone", "Try to reach the phone first.", "phone-away", "I cannot reach it."),
    "never": Finding(
        "barcodes/no-qr-shown",
        "Somebody may have set it up with your user name.",
        "set-up-by-another",
        "Nobody has it.",
    ),
    # What only a reset mends.
    "no-phone": _reset("Without the old phone or a back-up, the codes cannot be brought back. You need a reset."),
    "lost": _reset(
        "Without the phone or a back-up, the codes cannot be brought back. You need a reset. "
        "Was the phone stolen? Change your PharmOutcomes password now."
    ),
    "deleted": _reset("An entry that was deleted cannot be brought back without a back-up. You need a reset."),
    "entry-replaced": _reset("The entry that was replaced cannot be brought back. You need a reset for that pharmacy."),
    "phone-away": _reset("Without the phone there is no code. A reset helps, but then the old entry stops working."),
    "set-up-by-another": _reset("If nobody has the entry, you need a reset. Then you scan a QR code of your own."),
    "set-up-stuck": _reset("If a fresh code is still refused, you need a reset. Then set up again in one go."),
    "dead-entry": _reset("If a fresh code is still refused, the entry may be dead. You need a reset."),
    # Who can reset, and what is left.
    "ask": Finding("resets/ask", "Ask like this.", "our-side", "I asked for a reset in vain.", True),
    "administrator": Finding("resets/admin-locked-out", "Somebody else must reset you.", "our-side", is_certain=True),
    "nobody": Finding("resets/no-administrator", "Somebody else may have the rights.", "our-side", is_certain=True),
    "our-side": Person("A person at the helpdesk can take over, and sees this chat."),
}
