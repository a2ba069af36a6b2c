"""The assistant's words for each decision. Short sentences, nothing promised, a person always within reach."""

from helpdesk.bot.types import Because, Decision, Option, Outcome, Reply, Wish
from helpdesk.faq.types import Content

# A decision that shows an answer says in one line why; the answer itself follows.
WORDS = {
    Because.MATCHED: "Try this.",
    Because.TWO_PROBLEMS: "That is two things. Here is an answer to each.",
    Because.CHOSEN: "Try this.",
    Because.SIMILAR: "Which of these is it?",
    Because.NEXT_BEST: "Try this instead.",
    Because.PATIENT_WAITING: "Your patient comes first. Start with this.",
    Because.SUSPECTED_FRAUD: "This may be fraud. Do not give anyone a code or password. "
    "Read this, then speak to a person at the helpdesk.",
    Because.NOT_UNDERSTOOD: "I did not understand that. Say it in other words, with what you see on the "
    "screen. For example, “my phone shows a code but it is refused” or “the QR code will not scan”. "
    "You can also speak to a person.",
    Because.OTHER_LANGUAGE: "Sorry, I only understand English. Write in English, or speak to a person.",
    Because.TOO_VAGUE: "Tell me a little more: what happens when you log in? For example, “my code is refused” or "
    "“I have lost my phone”. You can also speak to a person.",
    Because.ONLY_SECRETS: "That was private, so it was removed. What happens when you log in? For example, "
    "“my code is refused” or “I have lost my phone”. You can also speak to a person.",
    Because.EMERGENCY: "Call 999 now.",
    Because.STILL_NOT_UNDERSTOOD: "I cannot answer this. A person at the helpdesk can take over, and sees this chat.",
    Because.ASKED_FOR_PERSON: "A person at the helpdesk can take over, and sees this chat. "
    "Fill in the short form, or phone the helpdesk.",
    Because.NOTHING_LEFT: "I have no other answer for this. "
    "A person at the helpdesk can take over, and sees this chat.",
    Because.HELPED: "Good to hear. Close this chat before you leave a shared computer.",
}
PATIENT_WAITING_HANDOVER = "A patient is waiting, so lose no time here. Phone the helpdesk, or fill in the short form."
FRAUD_HANDOVER = "Tell a person at the helpdesk what happened. Phone, or fill in the short form."
PATIENT_WAITING_ALONE = "Your patient comes first. Start with this. Then tell me what happens when you log in."


def reply_to(decision: Decision, content: Content, *, asked_about: str | None = None) -> Reply:
    """The reply for a decision. `asked_about` is the answer that did not help: its next step is said in its words."""
    options = _options(decision, content) if decision.outcome is Outcome.CLARIFY else ()
    text = decision.question.asks if decision.question else _words(decision, content, asked_about)
    return Reply(decision.outcome, text, decision.picks, options)


def _words(decision: Decision, content: Content, asked_about: str | None) -> str:
    if decision.because is Because.COURTESY:
        return next((talk.reply for talk in content.smalltalk if talk.id == decision.smalltalk_id), "")
    if decision.because is Because.EMERGENCY:
        said = next((entry.reply for entry in content.safety if entry.id == Wish.EMERGENCY), "")
        return said or WORDS[Because.EMERGENCY]
    if decision.outcome is Outcome.HANDOVER and decision.because is Because.PATIENT_WAITING:
        return PATIENT_WAITING_HANDOVER
    if decision.outcome is Outcome.HANDOVER and decision.because is Because.SUSPECTED_FRAUD:
        return FRAUD_HANDOVER
    if decision.because is Because.PATIENT_WAITING and len(decision.picks) == 1:
        return PATIENT_WAITING_ALONE
    follows = content.answers.get(asked_about) if asked_about else None
    if decision.because is Because.NEXT_STEP:
        return follows.next_step.text if follows else WORDS[Because.NEXT_BEST]
    if decision.because is Because.NOTHING_LEFT and follows and follows.next_step.answer_id is None:
        return f"{follows.next_step.text} A person at the helpdesk can also take over here, and sees this chat."
    return WORDS[decision.because]


def _options(decision: Decision, content: Content) -> tuple[Option, ...]:
    if decision.question:
        return tuple(Option(one.id, one.says) for one in decision.question.options)
    return tuple(Option(pick.answer_id, content.answers[pick.answer_id].title) for pick in decision.picks)
